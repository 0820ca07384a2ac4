//! Runs the simulation of a server and its backups on many logs: the test of `ecs-backup` that is shorter otherwise.

use std::process::ExitCode;

use crate::args::{self, Words};
use crate::build;
use crate::child;
use crate::error::Error;

/// The variable that says how many logs there are.
const LOGS: &str = "SIMULATION_LOGS";

/// Runs the task.
pub(crate) fn run(mut words: Words) -> Result<ExitCode, Error> {
    let mut n_logs = 100_000;
    while let Some(word) = words.next() {
        match word.as_str() {
            "--logs" => n_logs = words.number_of("--logs", 1..=100_000_000)?,
            _ => return Err(args::unexpected(&word)),
        }
    }
    let mut command = build::cargo(&[
        "test",
        "--quiet",
        "--release",
        "--package",
        "ecs-backup",
        "--test",
        "simulation",
    ]);
    command.arg("--target-dir").arg(build::target_folder()?);
    command.args(["--", "--nocapture"]);
    child::run(command.env(LOGS, n_logs.to_string()))?;
    Ok(ExitCode::SUCCESS)
}
