//! Runs a test for long that is short where all tests are run.

use std::ops::RangeInclusive;
use std::process::ExitCode;

use crate::args::{self, Words};
use crate::build;
use crate::child;
use crate::error::Error;

/// A test, and the variable that says how long it is.
pub(crate) struct LongTest {
    package: &'static str,
    target: &'static str,
    test: &'static str,
    variable: &'static str,
    /// The option for it, what it may be, and what it is without the option.
    option: &'static str,
    range: RangeInclusive<u64>,
    default: u64,
}

/// Follows a server that writes a megabyte a second, so many seconds.
pub(crate) const LIVE: LongTest = LongTest {
    package: "sipstat_cm",
    target: "it",
    test: "live::its_total_is_that_of_the_batch_though_it_was_stopped_meanwhile",
    variable: "LIVE_TEST_SECONDS",
    option: "--seconds",
    range: 6..=3600,
    default: 60,
};

/// Simulates a server and its backups on so many logs.
pub(crate) const SIMULATION: LongTest = LongTest {
    package: "ecs-backup",
    target: "simulation",
    test: "each_log_that_a_run_could_see_is_saved_or_deleted_in_order_or_told_as_lost",
    variable: "SIMULATION_LOGS",
    option: "--logs",
    range: 1..=100_000_000,
    default: 100_000,
};

impl LongTest {
    /// Runs the task.
    pub(crate) fn run(self, mut words: Words) -> Result<ExitCode, Error> {
        let mut length = self.default;
        while let Some(word) = words.next() {
            if word != self.option {
                return Err(args::unexpected(&word));
            }
            length = words.number_of(self.option, self.range.clone())?;
        }
        let mut command = build::cargo(&["test", "--quiet", "--release", "--package", self.package]);
        command
            .args(["--test", self.target, "--target-dir"])
            .arg(build::target_folder()?);
        command.args(["--", "--exact", "--nocapture", self.test]);
        child::run(command.env(self.variable, length.to_string()))?;
        Ok(ExitCode::SUCCESS)
    }
}
