//! The library from outside.

mod fuzzed;
