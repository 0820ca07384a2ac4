//! Any text as a name of a log, as a range of time, and as something to show.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/it/fuzzed.rs"]
mod fuzzed;

fuzz_target!(|input: &[u8]| fuzzed::check(input));
