//! Counts SIP requests and responses in the ECS logs of Avaya Communication Manager.

use std::env;
use std::io;
use std::process::ExitCode;

fn main() -> ExitCode {
    sipstat_cm::run(env::args_os(), &mut io::stdout(), &mut io::stderr())
}
