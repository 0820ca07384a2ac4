//! Backs up the ECS logs of Avaya Communication Manager before the server deletes them.

use std::env;
use std::io;
use std::process::ExitCode;

fn main() -> ExitCode {
    backup_ecs::run(env::args_os(), &mut io::stdout(), &mut io::stderr())
}
