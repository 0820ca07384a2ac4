//! Counts SIP messages in ECS logs.
fn main() {}
