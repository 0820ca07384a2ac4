//! The library from outside.

mod fuzzed;
mod fuzzed_archives;
