//! Measures `sipstat_cm` beside programs that only read the same bytes, or `backup_ecs` beside CPython's gzip.

mod backup;
mod beside_many;
mod contest;
mod log_folder;
mod messages;
mod spread;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::args::{self, Words};
use crate::bench::contest::{Contest, PEAK_TO_REACH};
use crate::bench::log_folder::LogFolder;
use crate::build::{self, Profile};
use crate::error::Error;
use crate::synth::{self, Form};

/// The most MiB of logs that are measured as gzip: to unpack them takes its time.
const MOST_GZIP_MEBIBYTES: u64 = 256;

/// How many times as long as the yardstick each may take: one job, two jobs, and one job on gzip.
const ONE_JOB_TO_REACH: f64 = 1.45;
const TWO_JOBS_TO_REACH: f64 = 0.8;
const GZIP_TO_REACH: f64 = 0.2;

/// How many times as long as tables rows may take: by minute, and by second, where they are many.
const ROWS_BY_MINUTE_TO_REACH: f64 = 1.05;
const ROWS_BY_SECOND_TO_REACH: f64 = 1.5;
/// The same of a page.
const PAGE_TO_REACH: f64 = 1.2;

/// Runs the task.
pub(crate) fn run(words: Words) -> Result<ExitCode, Error> {
    let options = Options::parse(words)?;
    let target = build::target_folder()?;
    let program = match &options.program {
        Some(path) => path.clone(),
        None => build::program(Profile::Release, &["--package", options.measured], options.measured)?,
    };
    let folder = options.folder.unwrap_or_else(|| target.join("bench").join("logs"));
    let plain = LogFolder::ready(folder, options.mebibytes, Form::Plain)?;
    let is_missed = if options.measured == BACKUP_ECS {
        let folder = target.join("bench").join("backup");
        let is_missed = backup::beside_python(&program, &plain, &folder, options.rounds)?;
        beside_many::measure(&program, &folder, options.rounds)? || is_missed
    } else {
        let mebibytes = plain.mebibytes.min(MOST_GZIP_MEBIBYTES);
        let packed = LogFolder::ready(beside(&plain.path), mebibytes, Form::Gzip)?;
        for logs in [&plain, &packed] {
            logs.check_jobs_agree(&program)?;
        }
        let mut all = contests(&program, &plain, &packed);
        all.extend(forms(&program, &plain));
        all.extend(messages::contests(&program, &plain));
        hold(all, options.rounds)?
    };
    Ok(if is_missed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// The programs that can be measured.
const SIPSTAT_CM: &str = "sipstat_cm";
const BACKUP_ECS: &str = "backup_ecs";

/// What the arguments ask for.
#[derive(Debug)]
struct Options {
    measured: &'static str,
    /// Where the program lies that is measured, if Cargo is not to build it.
    program: Option<PathBuf>,
    mebibytes: u64,
    folder: Option<PathBuf>,
    rounds: u64,
}

impl Options {
    fn parse(mut words: Words) -> Result<Self, Error> {
        let mut options = Self {
            measured: SIPSTAT_CM,
            program: None,
            mebibytes: 1024,
            folder: None,
            rounds: 7,
        };
        while let Some(word) = words.next() {
            match word.as_str() {
                "--mb" => options.mebibytes = words.number_of("--mb", synth::MEBIBYTES)?,
                "--dir" => options.folder = Some(words.value_of("--dir")?.into()),
                "--rounds" => options.rounds = words.number_of("--rounds", 1..=1000)?,
                "--backup" => options.measured = BACKUP_ECS,
                "--bin" => options.program = Some(words.value_of("--bin")?.into()),
                _ => return Err(args::unexpected(&word)),
            }
        }
        Ok(options)
    }
}

/// What `sipstat_cm` is measured in.
fn contests(program: &Path, plain: &LogFolder, packed: &LogFolder) -> Vec<Contest> {
    vec![
        Contest {
            name: "one job / wc -l",
            yardstick: plain.count_lines(),
            ours: plain.count_messages(program, "-j1"),
            mebibytes: plain.mebibytes,
            to_reach: ONE_JOB_TO_REACH,
            peak_to_reach: PEAK_TO_REACH,
        },
        Contest {
            name: "two jobs / wc -l",
            yardstick: plain.count_lines(),
            ours: plain.count_messages(program, "-j2"),
            mebibytes: plain.mebibytes,
            to_reach: TWO_JOBS_TO_REACH,
            peak_to_reach: PEAK_TO_REACH,
        },
        Contest {
            name: "one job, gzip / zcat | wc -l",
            yardstick: packed.unpack_and_count_lines(),
            ours: packed.count_messages(program, "-j1"),
            mebibytes: packed.mebibytes,
            to_reach: GZIP_TO_REACH,
            peak_to_reach: PEAK_TO_REACH,
        },
    ]
}

/// Other forms beside tables, which the same program writes.
fn forms(program: &Path, plain: &LogFolder) -> impl Iterator<Item = Contest> {
    let forms = [
        ("csv by MIN / table", "-iMIN", "--format=csv", ROWS_BY_MINUTE_TO_REACH),
        (
            "jsonl by MIN / table",
            "-iMIN",
            "--format=jsonl",
            ROWS_BY_MINUTE_TO_REACH,
        ),
        ("csv by SEC / table", "-iSEC", "--format=csv", ROWS_BY_SECOND_TO_REACH),
        (
            "jsonl by SEC / table",
            "-iSEC",
            "--format=jsonl",
            ROWS_BY_SECOND_TO_REACH,
        ),
        ("html by MIN / table", "-iMIN", "--format=html", PAGE_TO_REACH),
    ];
    forms.into_iter().map(|(name, interval, form, to_reach)| Contest {
        name,
        yardstick: plain.count_with(program, &[interval]),
        ours: plain.count_with(program, &[interval, form]),
        mebibytes: plain.mebibytes,
        to_reach,
        peak_to_reach: PEAK_TO_REACH,
    })
}

/// Measures and prints. Returns true if and only if a target is missed.
fn hold(contests: Vec<Contest>, rounds: u64) -> Result<bool, Error> {
    let mut outcomes = Vec::new();
    for mut contest in contests {
        args::note(&format!("{}: {rounds} rounds", contest.name));
        outcomes.push(contest.hold(rounds)?);
    }
    let mut text = format!(
        "{:<30}{:>9}{:>9}{:>9}{:>9}{:>9}\n",
        "median of rounds", "theirs s", "MB/s", "ours s", "MB/s", "peak MiB"
    );
    for outcome in &outcomes {
        text.push_str(&outcome.table_row());
    }
    text.push('\n');
    for outcome in &outcomes {
        text.push_str(&outcome.verdict());
    }
    text.push_str("-j1 and -j2 print the same\n");
    args::print(&text)?;
    Ok(outcomes.iter().any(|outcome| outcome.is_missed()))
}

/// The folder next to `folder` that has the same logs as gzip.
fn beside(folder: &Path) -> PathBuf {
    let mut name = folder.as_os_str().to_owned();
    name.push("-gz");
    PathBuf::from(name)
}
