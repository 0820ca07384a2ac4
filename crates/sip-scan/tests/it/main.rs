//! The scanner from outside: against a plain second reader, against the test data, and at its limits.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a panic fails the test that it happens in"
)]

mod allocation;
mod borders;
mod cuts;
mod damages;
mod fuzzed;
mod items;
mod limits;
mod lines;
mod property;
mod random_log;
mod raw;
mod reference;
mod reference_raw;
mod rules;
mod stamps;
mod tails;
mod wants;
