//! Where the test runs, and what it counts there plainly.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::build;
use crate::child;
use crate::error::Error;
use crate::files;
use crate::fleet_test::logs::{SERVERS, server};

/// What is counted, in all ways.
pub(super) const OPTIONS: [&str; 6] = ["-i", "MIN", "--requests", "ALL", "--responses", "ALL"];

/// Where the test runs.
pub(super) struct Stage {
    pub(super) folder: PathBuf,
    pub(super) program: PathBuf,
    /// The folder of a Python that has pyspark, duckdb, and the programs of both.
    pub(super) python: PathBuf,
}

impl Stage {
    pub(super) fn logs(&self) -> PathBuf {
        self.folder.join("logs")
    }

    /// A program that comes with Python.
    pub(super) fn python(&self, program: &str) -> Command {
        Command::new(self.python.join(program))
    }

    /// One run over all logs, and one over those of each server; how many seconds the first took.
    pub(super) fn plain(&self) -> Result<f64, Error> {
        let folder = self.folder.join("plain");
        files::remove_folder(&folder)?;
        files::create_folder(&folder)?;
        let names: Vec<String> = (1..=SERVERS).map(server).collect();
        let begin = Instant::now();
        files::write(&self.folder.join("whole.jsonl"), &self.count(&names)?)?;
        let seconds = begin.elapsed().as_secs_f64();
        for name in &names {
            let rows = self.count(std::slice::from_ref(name))?;
            files::write(&folder.join(format!("{name}.jsonl")), &rows)?;
        }
        Ok(seconds)
    }

    /// The rows of the logs of these servers, by a plain run.
    fn count(&self, names: &[String]) -> Result<Vec<u8>, Error> {
        let mut command = Command::new(&self.program);
        command.args(OPTIONS).args(["--format", "jsonl"]);
        quiet(command.args(names).current_dir(self.logs()))
    }

    /// Compares rows, or tables of rows, with those of the plain runs, to the message.
    pub(super) fn compare(&self, rows: &Path) -> Result<(), Error> {
        let script = build::tool("fleet/compare.py");
        let mut command = self.python("python3");
        command
            .arg(script)
            .arg(rows)
            .arg(self.folder.join("plain"))
            .arg(self.folder.join("whole.jsonl"));
        child::run(&mut command)
    }
}

/// Runs `command` and returns what it printed. What it says beside that is told only where it fails.
pub(super) fn quiet(command: &mut Command) -> Result<Vec<u8>, Error> {
    let program = command.get_program().to_owned();
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|cause| Error::at(Path::new(&program), &cause))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Error::failed(format!(
        "{}: {}: {said}",
        program.display(),
        output.status
    )))
}
