//! Finds SIP messages in the bytes of ECS logs, without copying what it can borrow.
