//! Any bytes, in any blocks, over any files: the scanner finds what the plain reader finds.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/it/floor.rs"]
mod floor;
#[path = "../../tests/it/fuzzed.rs"]
mod fuzzed;
#[path = "../../tests/it/items.rs"]
#[allow(dead_code, reason = "tests use more of it")]
mod items;
#[path = "../../tests/it/reference.rs"]
#[allow(dead_code, reason = "tests use more of it")]
mod reference;
#[path = "../../tests/it/reference_raw.rs"]
mod reference_raw;

fuzz_target!(|input: &[u8]| fuzzed::check(input));
