//! Any bytes as an archive in a file, and as one that is read once.

#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

#[path = "../../../ecs-log/tests/it/fuzzed.rs"]
#[allow(dead_code, reason = "another target uses the rest")]
mod fuzzed;
#[path = "../../../ecs-log/tests/it/fuzzed_archives.rs"]
mod fuzzed_archives;

/// In memory where that can be had.
static FILE: LazyLock<PathBuf> = LazyLock::new(|| {
    let memory = PathBuf::from("/dev/shm");
    let folder = if memory.is_dir() { memory } else { std::env::temp_dir() };
    folder.join(format!("fuzz-archives-{}", std::process::id()))
});

fuzz_target!(|input: &[u8]| fuzzed_archives::check(input, &FILE));
