//! Measures `backup_ecs` beside CPython's gzip module.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::log_folder::LogFolder;
use super::spread::Spread;
use crate::args;
use crate::child;
use crate::error::Error;
use crate::files;

/// The greatest size of the backups, and the longest time, that will do, as parts of Python's.
const SIZE_TO_REACH: f64 = 0.8;
const TIME_TO_REACH: f64 = 0.7;

/// A backup as one would write it in Python: each log to a file of its own, and nothing is flushed to disk. Its priority is the
/// one that `backup_ecs` gives itself, so that whatever else the machine does slows both.
const PYTHON: &str = "
import gzip, os, shutil, sys
os.nice(19)
source, backups = sys.argv[1:]
os.mkdir(backups)
for name in sorted(n for n in os.listdir(source) if n.startswith('20')):
    with open(os.path.join(source, name), 'rb') as log, gzip.open(os.path.join(backups, name + '.gz'), 'wb', 4) as copy:
        shutil.copyfileobj(log, copy, 128 * 1024)
";

/// Measures and prints. Returns true if and only if a target is missed. Files go below `folder`.
pub(super) fn beside_python(program: &Path, logs: &LogFolder, folder: &Path, rounds: u64) -> Result<bool, Error> {
    let (theirs, ours) = (folder.join("python"), folder.join("ours"));
    files::create_folder(folder)?;
    let mut backup = back_up(program, &logs.path, &ours, 100);
    let mut python = Command::new("python3");
    python.args(["-c", PYTHON]).args([&logs.path, &theirs]);
    let (mut their_times, mut our_times) = (Vec::new(), Vec::new());
    let has_python = child::is_there("python3");
    args::note(&format!("level 4 beside Python: {rounds} rounds"));
    for round in 0..rounds {
        if has_python && round % 2 == 1 {
            their_times.push(measured(&mut python, &theirs)?);
        }
        our_times.push(measured(&mut backup, &ours)?);
        if has_python && round % 2 == 0 {
            their_times.push(measured(&mut python, &theirs)?);
        }
    }
    let ours = Side::of(our_times, &ours)?;
    let peak = child::peak_kibibytes(&mut backup)? as f64 / 1024.0;
    let (seconds, bytes, mebibytes) = (ours.seconds(), ours.bytes, logs.mebibytes);
    args::print(&format!(
        "level 4, {mebibytes} MiB of logs: {seconds:.2} s, {bytes} bytes, peak {peak:.1} MiB\n"
    ))?;
    files::remove_folder(&folder.join("ours"))?;
    if has_python {
        return ours.beside(&Side::of(their_times, &theirs)?);
    }
    args::print("not measured beside CPython's gzip: there is no python3 here\n")?;
    Ok(false)
}

/// Backs up the logs in `source`. From `max_use` per cent of the partition on old backups are deleted for new ones.
pub(super) fn back_up(program: &Path, source: &Path, backups: &Path, max_use: u8) -> Command {
    let mut command = Command::new(program);
    command.args(["--ratio=4", &format!("--max-use={max_use}"), "--src"]);
    command.arg(source).arg("--dst").arg(backups);
    for variable in ["FILES", "GZIP"] {
        command.env_remove(variable);
    }
    command
}

/// How long a program took, in seconds: from beginning to end, and of the processors. The second does not have the time in
/// which it waited for the disk, or for other programs.
#[derive(Clone, Copy, Debug)]
struct Time {
    elapsed: f64,
    processor: f64,
}

/// How long `command` takes, which makes and fills `folder`.
fn measured(command: &mut Command, folder: &Path) -> Result<Time, Error> {
    files::remove_folder(folder)?;
    // Else the first program that flushes would wait for what others wrote, too.
    child::run(&mut Command::new("sync"))?;
    let before = child::processor_time()?;
    let elapsed = child::seconds(command)?;
    Ok(Time {
        elapsed,
        processor: (child::processor_time()? - before).as_secs_f64(),
    })
}

/// What one of the two programs took and wrote.
struct Side {
    times: Vec<Time>,
    bytes: u64,
}

impl Side {
    /// The backups are in `folder`, which is deleted.
    fn of(times: Vec<Time>, folder: &Path) -> Result<Side, Error> {
        let mut bytes = 0;
        for name in files::names_in(folder)? {
            let path = folder.join(name);
            bytes += fs::metadata(&path).map_err(|cause| Error::at(&path, &cause))?.len();
        }
        files::remove_folder(folder)?;
        Ok(Side { times, bytes })
    }

    /// The median of the times from beginning to end.
    fn seconds(&self) -> f64 {
        Spread::of(self.times.iter().map(|time| time.elapsed).collect()).median
    }

    /// Prints how the two compare. Returns true if and only if a target is missed.
    fn beside(&self, theirs: &Side) -> Result<bool, Error> {
        let ratio = |of: fn(&Time) -> f64| {
            let pairs = self.times.iter().zip(&theirs.times);
            Spread::of(pairs.map(|(ours, theirs)| of(ours) / of(theirs)).collect())
        };
        let (time, processor_time) = (ratio(|time| time.elapsed), ratio(|time| time.processor));
        // The newest log is not backed up, and Python has it too.
        let size = self.bytes as f64 / theirs.bytes as f64;
        args::print(&format!(
            "CPython's gzip at level 4: {:.2} s, {} bytes\n\
             size / Python's: {size:.3}, to reach: {SIZE_TO_REACH}\n\
             time / Python's: {time}, to reach: {TIME_TO_REACH}\n\
             processor time / Python's: {processor_time}\n",
            theirs.seconds(),
            theirs.bytes,
        ))?;
        Ok(size > SIZE_TO_REACH || time.median > TIME_TO_REACH)
    }
}
