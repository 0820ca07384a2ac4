//! Measures `sipstat_cm` beside tools that only read the same bytes, or `backup_ecs` beside CPython's gzip.

mod backup;
mod contest;
mod spread;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::args::{self, Words};
use crate::bench::contest::Contest;
use crate::build;
use crate::child;
use crate::error::Error;
use crate::synth;

/// How many MiB of logs are measured as gzip at most: decompression takes its time.
const MOST_GZIP_MEBIBYTES: u64 = 256;

/// How many times as long as what it is measured beside it may take: with one job, with two, and with one on gzip.
const ONE_JOB_TO_REACH: f64 = 1.5;
const TWO_JOBS_TO_REACH: f64 = 1.0;
const GZIP_TO_REACH: f64 = 1.0;

/// Runs the task.
pub(crate) fn run(words: Words) -> Result<ExitCode, Error> {
    let plan = Plan::parse(words)?;
    let target = build::target_folder()?;
    let folder = plan.folder.unwrap_or_else(|| target.join("bench").join("logs"));
    if plan.is_of_backup {
        let tool = match plan.binary {
            Some(path) => path,
            None => build::release(&target, &["--package", "backup_ecs"], "backup_ecs")?,
        };
        let plain = Logs::ready(folder, plan.mebibytes, false)?;
        return backup::run(&tool, &plain, &target, plan.rounds);
    }
    let tool = match plan.binary {
        Some(path) => path,
        None => build::release(&target, &["--package", "sipstat_cm"], "sipstat_cm")?,
    };
    let plain = Logs::ready(folder, plan.mebibytes, false)?;
    let packed = Logs::ready(beside(&plain.folder), plan.mebibytes.min(MOST_GZIP_MEBIBYTES), true)?;
    let contests = [
        Contest {
            name: "one job / wc -l",
            yardstick: plain.count_lines(),
            ours: plain.statistics(&tool, "-j1"),
            mebibytes: plain.mebibytes,
            to_reach: Some(ONE_JOB_TO_REACH),
        },
        Contest {
            name: "two jobs / wc -l",
            yardstick: plain.count_lines(),
            ours: plain.statistics(&tool, "-j2"),
            mebibytes: plain.mebibytes,
            to_reach: Some(TWO_JOBS_TO_REACH),
        },
        Contest {
            name: "one job, gzip / zcat | wc -l",
            yardstick: packed.unpack_and_count_lines(),
            ours: packed.statistics(&tool, "-j1"),
            mebibytes: packed.mebibytes,
            to_reach: Some(GZIP_TO_REACH),
        },
    ];
    for logs in [&plain, &packed] {
        logs.check_jobs_agree(&tool)?;
    }
    report(contests, plan.rounds)
}

/// What the arguments ask for.
#[derive(Debug)]
struct Plan {
    mebibytes: u64,
    folder: Option<PathBuf>,
    rounds: u64,
    binary: Option<PathBuf>,
    is_of_backup: bool,
}

impl Plan {
    fn parse(mut words: Words) -> Result<Self, Error> {
        let mut plan = Self {
            mebibytes: 1024,
            folder: None,
            rounds: 7,
            binary: None,
            is_of_backup: false,
        };
        while let Some(word) = words.next() {
            match word.as_str() {
                "--mb" => plan.mebibytes = words.number_of("--mb", synth::MEBIBYTES)?,
                "--dir" => plan.folder = Some(words.value_of("--dir")?.into()),
                "--rounds" => plan.rounds = words.number_of("--rounds", 1..=1000)?,
                "--backup" => plan.is_of_backup = true,
                "--bin" => plan.binary = Some(words.value_of("--bin")?.into()),
                _ => return Err(args::unexpected(&word)),
            }
        }
        Ok(plan)
    }
}

/// A folder of synthetic logs.
#[derive(Debug)]
struct Logs {
    folder: PathBuf,
    names: Vec<PathBuf>,
    /// Their size, not compressed.
    mebibytes: u64,
}

impl Logs {
    /// The logs in `folder`, which are written unless they are there already.
    fn ready(folder: PathBuf, mebibytes: u64, gzip: bool) -> Result<Self, Error> {
        if !synth::is_written(&folder, mebibytes, gzip)? {
            args::note(&format!("writing {mebibytes} MiB of logs into {}", folder.display()));
            synth::write_folder(&folder, mebibytes, gzip)?;
            // The disk would still be busy with them while the first rounds are measured.
            child::run(&mut Command::new("sync"))?;
        }
        let mut names = Vec::new();
        for entry in fs::read_dir(&folder).map_err(|cause| Error::at(&folder, &cause))? {
            let name = entry.map_err(|cause| Error::at(&folder, &cause))?.file_name();
            if name.as_encoded_bytes().starts_with(b"20") {
                names.push(PathBuf::from(name));
            }
        }
        names.sort();
        Ok(Self {
            folder,
            names,
            mebibytes,
        })
    }

    fn count_lines(&self) -> Command {
        let mut command = Command::new("wc");
        command.arg("-l").args(&self.names).current_dir(&self.folder);
        command
    }

    fn unpack_and_count_lines(&self) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", "zcat \"$@\" | wc -l", "sh"]).args(&self.names);
        command.current_dir(&self.folder);
        command
    }

    fn statistics(&self, tool: &Path, jobs: &str) -> Command {
        let mut command = Command::new(tool);
        command.args(["--requests=ALL", jobs]).arg(&self.folder);
        command
    }

    fn check_jobs_agree(&self, tool: &Path) -> Result<(), Error> {
        let one = child::output(&mut self.statistics(tool, "-j1"))?;
        let two = child::output(&mut self.statistics(tool, "-j2"))?;
        let complaint = if one.is_empty() {
            "-j1 prints nothing about it"
        } else if one != two {
            "-j1 and -j2 print different statistics of it"
        } else {
            return Ok(());
        };
        let folder = self.folder.display();
        Err(Error::failed(format!("{folder}: {complaint}")))
    }
}

/// Measures, prints, and fails if a target is missed.
fn report(contests: [Contest; 3], rounds: u64) -> Result<ExitCode, Error> {
    let mut results = Vec::new();
    for mut contest in contests {
        args::note(&format!("{}: {rounds} rounds", contest.name));
        results.push(contest.hold(rounds)?);
    }
    let mut text = format!(
        "{:<30}{:>9}{:>9}{:>9}{:>9}{:>9}\n",
        "median of rounds", "theirs s", "MB/s", "ours s", "MB/s", "peak MiB"
    );
    for result in &results {
        text.push_str(&result.table_row());
    }
    text.push('\n');
    for result in &results {
        text.push_str(&result.verdict());
    }
    text.push_str("-j1 and -j2 print the same\n");
    args::print(&text)?;
    let is_missed = results.iter().any(|result| result.is_missed());
    Ok(if is_missed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// The folder next to `folder` that has the same logs as gzip.
fn beside(folder: &Path) -> PathBuf {
    let mut name = folder.as_os_str().to_owned();
    name.push("-gz");
    PathBuf::from(name)
}
