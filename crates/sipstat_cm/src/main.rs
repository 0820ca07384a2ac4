//! Counts SIP requests and responses in the ECS logs of Avaya Communication Manager.

use std::env;
use std::io;
use std::process::ExitCode;

/// Reading gzip takes a quarter longer with musl's own, which gives each large block back and asks for it anew.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

fn main() -> ExitCode {
    sipstat_cm::run(env::args_os(), &mut io::stdout(), &mut io::stderr())
}
