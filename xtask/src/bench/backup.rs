//! Measures `backup_ecs`: beside CPython's gzip module, and with nothing to do among very many backups.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::args;
use crate::bench::Logs;
use crate::bench::spread::Spread;
use crate::child;
use crate::error::Error;

/// The greatest size of ours by theirs, and the greatest time, that will do.
const SIZE_TO_REACH: f64 = 0.8;
const TIME_TO_REACH: f64 = 0.7;

/// With nothing to do: how many logs and backups there are, and how long and how much memory it may take.
const N_LOGS: u32 = 1_000;
const N_BACKUPS: u32 = 1_000_000;
const SECONDS_TO_REACH: f64 = 2.0;
const MEBIBYTES_TO_REACH: f64 = 64.0;

/// As one would write it in Python: each log to a file of its own. It flushes nothing to disk. Its priority is the one that
/// `backup_ecs` gives itself, so that what else the machine does slows both.
const PYTHON: &str = "
import gzip, os, shutil, sys
os.nice(19)
source, backups = sys.argv[1:]
os.mkdir(backups)
for name in sorted(n for n in os.listdir(source) if n.startswith('20')):
    with open(os.path.join(source, name), 'rb') as log, gzip.open(os.path.join(backups, name + '.gz'), 'wb', 4) as copy:
        shutil.copyfileobj(log, copy, 128 * 1024)
";

/// Measures, prints, and fails if a target is missed.
pub(super) fn run(tool: &Path, logs: &Logs, target: &Path, rounds: u64) -> Result<ExitCode, Error> {
    let folder = target.join("bench").join("backup");
    let mut is_missed = beside_python(tool, logs, &folder, rounds)?;
    is_missed |= nothing_to_do(tool, &folder, rounds)?;
    Ok(if is_missed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// Whether a target is missed.
fn beside_python(tool: &Path, logs: &Logs, folder: &Path, rounds: u64) -> Result<bool, Error> {
    let (theirs, ours) = (folder.join("python"), folder.join("ours"));
    fs::create_dir_all(folder).map_err(|cause| Error::at(folder, &cause))?;
    let mut backup = backup(tool, &logs.folder, &ours);
    let mut python = Command::new("python3");
    python.args(["-c", PYTHON]).args([&logs.folder, &theirs]);
    let has_python = Command::new("python3")
        .arg("-V")
        .output()
        .is_ok_and(|output| output.status.success());
    let (mut their_times, mut our_times) = (Vec::new(), Vec::new());
    args::note(&format!("level 4 beside Python: {rounds} rounds"));
    for round in 0..rounds {
        if has_python && round % 2 == 1 {
            their_times.push(anew(&mut python, &theirs)?);
        }
        our_times.push(anew(&mut backup, &ours)?);
        if has_python && round % 2 == 0 {
            their_times.push(anew(&mut python, &theirs)?);
        }
    }
    let ratio = |of: fn(&Time) -> f64| {
        let pairs = our_times.iter().zip(&their_times);
        Spread::of(pairs.map(|(ours, theirs)| of(ours) / of(theirs)).collect())
    };
    let (time, processor_time) = (ratio(|time| time.elapsed), ratio(|time| time.processor));
    let seconds = |times: &[Time]| Spread::of(times.iter().map(|time| time.elapsed).collect()).median;
    let our_bytes = bytes_in(&ours)?;
    remove(&ours)?;
    let peak = child::peak_kibibytes(&mut backup)?;
    let mut text = format!(
        "level 4, {} MiB of logs: {:.2} s, {our_bytes} bytes, peak {:.1} MiB\n",
        logs.mebibytes,
        seconds(&our_times),
        peak as f64 / 1024.0
    );
    let mut is_missed = false;
    if has_python {
        let their_bytes = bytes_in(&theirs)?;
        let size = our_bytes as f64 / their_bytes as f64;
        is_missed = size > SIZE_TO_REACH || time.median > TIME_TO_REACH;
        text.push_str(&format!(
            "CPython's gzip at level 4: {:.2} s, {their_bytes} bytes\n\
             size / Python's: {size:.3}, to reach: {SIZE_TO_REACH}\n\
             time / Python's: {:.2} ({:.2}..{:.2}), to reach: {TIME_TO_REACH}\n\
             processor time / Python's: {:.2} ({:.2}..{:.2})\n",
            seconds(&their_times),
            time.median,
            time.least,
            time.greatest,
            processor_time.median,
            processor_time.least,
            processor_time.greatest
        ));
    } else {
        text.push_str("not measured beside CPython's gzip: there is no python3 here\n");
    }
    remove(&ours)?;
    remove(&theirs)?;
    args::print(&text)?;
    Ok(is_missed)
}

/// Whether a target is missed.
fn nothing_to_do(tool: &Path, folder: &Path, rounds: u64) -> Result<bool, Error> {
    let (source, backups) = (folder.join("few"), folder.join("many"));
    if !backups.exists() {
        args::note(&format!("making {N_BACKUPS} backups in {}", backups.display()));
        make_many(&source, &backups)?;
    }
    let mut command = backup(tool, &source, &backups);
    // The first run compares the logs with their backups, and writes down that they are saved.
    child::run(&mut command)?;
    args::note(&format!("nothing to do: {rounds} rounds"));
    let mut seconds = Vec::new();
    for _ in 0..rounds {
        seconds.push(child::seconds(&mut command)?);
    }
    let seconds = Spread::of(seconds);
    let peak = child::peak_kibibytes(&mut command)? as f64 / 1024.0;
    args::print(&format!(
        "nothing to do, {N_LOGS} logs, {N_BACKUPS} backups: {:.2} s ({:.2}..{:.2}), to reach: {SECONDS_TO_REACH}; peak \
         {peak:.1} MiB, to reach: {MEBIBYTES_TO_REACH}\n",
        seconds.median, seconds.least, seconds.greatest
    ))?;
    Ok(seconds.median > SECONDS_TO_REACH || peak > MEBIBYTES_TO_REACH)
}

fn backup(tool: &Path, source: &Path, backups: &Path) -> Command {
    let mut command = Command::new(tool);
    command
        .args(["--max-use=100", "--ratio=4", "--src"])
        .arg(source)
        .arg("--dst")
        .arg(backups);
    for variable in ["FILES", "GZIP"] {
        command.env_remove(variable);
    }
    command
}

/// How long a program took, in seconds: from beginning to end, and of the processors. The second leaves out what it waited
/// for: the disk, and whatever else the machine did.
#[derive(Clone, Copy, Debug)]
struct Time {
    elapsed: f64,
    processor: f64,
}

/// How long `command` takes, which fills `folder`.
fn anew(command: &mut Command, folder: &Path) -> Result<Time, Error> {
    remove(folder)?;
    // What is still on its way to the disk would be waited for by whoever flushes first.
    child::run(&mut Command::new("sync"))?;
    let before = child::processor_seconds();
    let elapsed = child::seconds(command)?;
    Ok(Time {
        elapsed,
        processor: child::processor_seconds() - before,
    })
}

fn remove(folder: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(folder) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => Err(Error::at(folder, &cause)),
        _ => Ok(()),
    }
}

fn bytes_in(folder: &Path) -> Result<u64, Error> {
    let mut sum = 0;
    for entry in fs::read_dir(folder).map_err(|cause| Error::at(folder, &cause))? {
        let metadata = entry.and_then(|entry| entry.metadata());
        sum += metadata.map_err(|cause| Error::at(folder, &cause))?.len();
    }
    Ok(sum)
}

/// Logs, and backups of them and of many older ones, under another name until all are there.
fn make_many(source: &Path, backups: &Path) -> Result<(), Error> {
    let part = backups.with_extension("part");
    remove(source)?;
    remove(&part)?;
    for folder in [source, &part] {
        fs::create_dir_all(folder).map_err(|cause| Error::at(folder, &cause))?;
    }
    let log = b"a line\n";
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(4));
    let packed = encoder.write_all(log).and_then(|()| encoder.finish());
    let packed = packed.map_err(|cause| Error::at(&part, &cause))?;
    for number in 0..=N_BACKUPS {
        let name = name(number);
        if number + N_LOGS > N_BACKUPS {
            write(source.join(&name), log)?;
        }
        if number < N_BACKUPS {
            let is_looked_at = number + N_LOGS > N_BACKUPS;
            write(
                part.join(format!("{name}.gz")),
                if is_looked_at { &packed } else { &[] },
            )?;
        }
    }
    fs::rename(&part, backups).map_err(|cause| Error::at(backups, &cause))?;
    child::run(&mut Command::new("sync"))
}

fn write(path: PathBuf, bytes: &[u8]) -> Result<(), Error> {
    let result = File::create(&path).and_then(|mut file| file.write_all(bytes));
    result.map_err(|cause| Error::at(&path, &cause))
}

/// A name for each second from 1 March on.
fn name(number: u32) -> String {
    let (day, second) = (number / 86_400, number % 86_400);
    format!(
        "2026-03{:02}-{:02}{:02}{:02}.log",
        day + 1,
        second / 3600,
        second / 60 % 60,
        second % 60
    )
}
