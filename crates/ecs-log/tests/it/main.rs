//! The library from outside.

#![expect(clippy::unwrap_used, reason = "a panic fails the test that it happens in")]

mod fuzzed;
