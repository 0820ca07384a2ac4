//! A folder of synthetic logs, and the commands that read it.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::args;
use crate::child;
use crate::error::Error;
use crate::files;
use crate::synth::{self, Form};

/// A folder of synthetic logs.
#[derive(Debug)]
pub(super) struct LogFolder {
    pub(super) path: PathBuf,
    names: Vec<String>,
    /// The size of the logs, not compressed.
    pub(super) mebibytes: u64,
}

impl LogFolder {
    /// The logs in the folder `path`, which are written unless they are there already.
    pub(super) fn ready(path: PathBuf, mebibytes: u64, form: Form) -> Result<Self, Error> {
        if !synth::is_written(&path, mebibytes, form)? {
            args::note(&format!("writing {mebibytes} MiB of logs into {}", path.display()));
            synth::write_folder(&path, mebibytes, form)?;
            // Else the disk would still write them while the first rounds are measured.
            child::run(&mut Command::new("sync"))?;
        }
        let mut names = files::names_in(&path)?;
        names.retain(|name| name.starts_with("20"));
        Ok(Self { path, names, mebibytes })
    }

    /// `wc -l` of all logs.
    pub(super) fn count_lines(&self) -> Command {
        let mut command = Command::new("wc");
        command.arg("-l").args(&self.names).current_dir(&self.path);
        command
    }

    /// `zcat | wc -l` of all logs.
    pub(super) fn unpack_and_count_lines(&self) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", "zcat \"$@\" | wc -l", "sh"]).args(&self.names);
        command.current_dir(&self.path);
        command
    }

    /// The program at `sipstat_cm`, which counts the messages in all logs.
    pub(super) fn count_messages(&self, sipstat_cm: &Path, jobs: &str) -> Command {
        let mut command = Command::new(sipstat_cm);
        command.args(["--requests=ALL", jobs]).arg(&self.path);
        command
    }

    /// The same in another form, or by other windows.
    pub(super) fn count_with(&self, sipstat_cm: &Path, options: &[&str]) -> Command {
        let mut command = self.count_messages(sipstat_cm, "-j1");
        command.args(options);
        command
    }

    /// The program at `sipstat_cm` with these options, which reads all logs with one job.
    pub(super) fn run(&self, sipstat_cm: &Path, options: &[&str]) -> Command {
        let mut command = Command::new(sipstat_cm);
        command.arg("-j1").args(options).arg(&self.path);
        command
    }

    /// Fails unless one job and two print the same.
    pub(super) fn check_jobs_agree(&self, sipstat_cm: &Path) -> Result<(), Error> {
        let one = child::output(&mut self.count_messages(sipstat_cm, "-j1"))?;
        let two = child::output(&mut self.count_messages(sipstat_cm, "-j2"))?;
        let complaint = if one.is_empty() {
            "-j1 prints nothing about it"
        } else if one != two {
            "-j1 and -j2 print different statistics of it"
        } else {
            return Ok(());
        };
        let path = self.path.display();
        Err(Error::failed(format!("{path}: {complaint}")))
    }
}
