//! The library from outside.

#![expect(clippy::expect_used, reason = "a panic fails the test that it happens in")]

mod fuzzed;
mod fuzzed_archives;
