//! Follows a server that writes a megabyte a second, for a minute: the test of `sipstat_cm` that is shorter otherwise.

use std::process::ExitCode;

use crate::args::{self, Words};
use crate::build;
use crate::child;
use crate::error::Error;

/// The test, and the variable that says how many seconds it takes.
const TEST: &str = "live::its_total_is_that_of_the_batch_though_it_was_stopped_meanwhile";
const SECONDS: &str = "LIVE_TEST_SECONDS";

/// Runs the task.
pub(crate) fn run(mut words: Words) -> Result<ExitCode, Error> {
    let mut seconds = 60;
    while let Some(word) = words.next() {
        match word.as_str() {
            "--seconds" => seconds = words.number_of("--seconds", 6..=3600)?,
            _ => return Err(args::unexpected(&word)),
        }
    }
    let mut command = build::cargo(&[
        "test",
        "--quiet",
        "--release",
        "--package",
        "sipstat_cm",
        "--test",
        "it",
    ]);
    command.arg("--target-dir").arg(build::target_folder()?);
    command.args(["--", "--exact", "--nocapture", TEST]);
    child::run(command.env(SECONDS, seconds.to_string()))?;
    Ok(ExitCode::SUCCESS)
}
