//! Any bytes, in any blocks, over any files: the scanner finds what the plain reader finds.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/sip-scan/tests/it/fuzzed.rs"]
mod fuzzed;
#[path = "../../crates/sip-scan/tests/it/items.rs"]
#[allow(dead_code, reason = "tests use more of it")]
mod items;
#[path = "../../crates/sip-scan/tests/it/reference.rs"]
mod reference;
#[path = "../../crates/sip-scan/tests/it/reference_raw.rs"]
mod reference_raw;

fuzz_target!(|input: &[u8]| fuzzed::check(input));
