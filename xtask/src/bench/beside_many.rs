//! Measures `backup_ecs` beside very many backups: where it has nothing to do, and where each log that it saves takes the place of
//! the oldest backup.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::backup::back_up;
use super::spread::Spread;
use crate::args;
use crate::child;
use crate::error::Error;
use crate::files;

const N_LOGS: u32 = 1_000;
const N_BACKUPS: u32 = 1_000_000;

/// So many of the logs are new in a run that saves.
const N_NEW: usize = 600;

/// How long a run may take that has nothing to do, and one that saves, and how much memory each may need.
const IDLE_SECONDS_TO_REACH: f64 = 2.0;
const SAVING_SECONDS_TO_REACH: f64 = 1.0;
const MEBIBYTES_TO_REACH: f64 = 64.0;

/// Measures and prints. Returns true if and only if a target is missed.
pub(super) fn measure(program: &Path, folder: &Path, rounds: u64) -> Result<bool, Error> {
    let disk = Disk::mount(folder)?;
    let folder = disk.as_ref().map_or(folder, |disk| &disk.folder);
    let (source, backups) = (folder.join("few"), folder.join("many"));
    let log = b"a line\n";
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(4));
    let packed = encoder.write_all(log).and_then(|()| encoder.finish());
    let logs = Logs {
        log,
        packed: packed.map_err(|cause| Error::at(&backups, &cause))?,
        source,
        backups,
    };
    if !logs.backups.exists() {
        args::note(&format!("making {N_BACKUPS} backups in {}", logs.backups.display()));
        logs.make_many()?;
    }
    // The first run compares the logs with their backups, and writes down that they are saved.
    child::run(&mut back_up(program, &logs.source, &logs.backups, 100))?;
    let is_missed = logs.nothing_to_do(program, rounds)?;
    if disk.is_none() {
        args::print("not measured with logs to save: no file system may be mounted here\n")?;
        return Ok(is_missed);
    }
    Ok(logs.saving(program, rounds)? || is_missed)
}

/// A file system of our own, so that nobody else's files decide how many backups must go. It lies in a file, which stays.
struct Disk {
    folder: PathBuf,
}

impl Disk {
    /// `None` if it may not be mounted, or cannot be made.
    fn mount(folder: &Path) -> Result<Option<Disk>, Error> {
        let (image, folder) = (folder.join("disk.img"), folder.join("disk"));
        files::create_folder(&folder)?;
        let runs = |program: &str, words: &[&str], paths: &[&Path]| {
            let mut command = Command::new(program);
            command.args(words).args(paths).stderr(Stdio::null());
            command.status().is_ok_and(|status| status.success())
        };
        if !image.exists() {
            let made = runs("truncate", &["-s", "2G"], &[&image])
                && runs("mkfs.ext4", &["-q", "-F", "-m0", "-N1200000"], &[&image]);
            if !made {
                let _ = fs::remove_file(&image);
                return Ok(None);
            }
        }
        let is_mounted = runs("mount", &["-o", "loop"], &[&image, &folder]);
        Ok(is_mounted.then_some(Disk { folder }))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Where that fails it goes with the machine.
        let _ = Command::new("umount").arg(&self.folder).status();
    }
}

/// How long runs took, and how much memory they needed at most, in MiB.
struct Runs {
    seconds: Vec<f64>,
    peak: f64,
}

impl Runs {
    fn new() -> Runs {
        let seconds = Vec::new();
        Runs { seconds, peak: 0.0 }
    }

    fn add(&mut self, command: &mut Command) -> Result<(), Error> {
        let begin = Instant::now();
        let peak = child::peak_kibibytes(command)? as f64 / 1024.0;
        self.seconds.push(begin.elapsed().as_secs_f64());
        self.peak = self.peak.max(peak);
        Ok(())
    }

    /// Prints them. Returns true if and only if a target is missed.
    fn print(self, what: &str, seconds_to_reach: f64) -> Result<bool, Error> {
        let (seconds, peak) = (Spread::of(self.seconds), self.peak);
        args::print(&format!(
            "{what}: {seconds} s, to reach: {seconds_to_reach}; peak {peak:.1} MiB, to reach: {MEBIBYTES_TO_REACH}\n"
        ))?;
        Ok(seconds.median > seconds_to_reach || peak > MEBIBYTES_TO_REACH)
    }
}

/// A folder of logs, and one of very many backups.
struct Logs<'a> {
    source: PathBuf,
    backups: PathBuf,
    /// What is in each log, and in its backup.
    log: &'a [u8],
    packed: Vec<u8>,
}

impl Logs<'_> {
    fn nothing_to_do(&self, program: &Path, rounds: u64) -> Result<bool, Error> {
        args::note(&format!("nothing to do: {rounds} rounds"));
        let mut runs = Runs::new();
        for _ in 0..rounds {
            runs.add(&mut back_up(program, &self.source, &self.backups, 100))?;
        }
        let what = format!("nothing to do, {N_LOGS} logs, {N_BACKUPS} backups");
        runs.print(&what, IDLE_SECONDS_TO_REACH)
    }

    /// The partition is as full as it may be, since any is fuller than 1 %.
    fn saving(&self, program: &Path, rounds: u64) -> Result<bool, Error> {
        args::note(&format!("saving: {rounds} rounds"));
        let (before, mut runs) = (names_of_logs(&self.backups)?, Runs::new());
        let n_all = N_NEW * usize::try_from(rounds).unwrap_or(usize::MAX);
        for name in before.iter().take(n_all) {
            files::write(&self.backups.join(name), &self.packed)?;
        }
        let newest = names_of_logs(&self.source)?.pop().unwrap_or_default();
        let mut new = (0..).map(name).skip_while(|name| *name <= newest);
        for _ in 0..rounds {
            for old in names_of_logs(&self.source)?.iter().take(N_NEW) {
                let path = self.source.join(old);
                fs::remove_file(&path).map_err(|cause| Error::at(&path, &cause))?;
            }
            for name in new.by_ref().take(N_NEW) {
                files::write(&self.source.join(name), self.log)?;
            }
            child::run(&mut Command::new("sync"))?;
            runs.add(&mut back_up(program, &self.source, &self.backups, 1))?;
        }
        let n_deleted = (before.len() + n_all).saturating_sub(names_of_logs(&self.backups)?.len());
        let what = format!(
            "{N_NEW} of {N_LOGS} logs saved, {} backups deleted for them, {N_BACKUPS} backups",
            n_deleted as f64 / rounds as f64
        );
        Ok(runs.print(&what, SAVING_SECONDS_TO_REACH)? || n_deleted != n_all)
    }

    /// Makes logs, and backups of them and of many older ones. The folder of backups has another name until all are there.
    fn make_many(&self) -> Result<(), Error> {
        let part = self.backups.with_extension("part");
        for folder in [&self.source, &part] {
            files::remove_folder(folder)?;
            files::create_folder(folder)?;
        }
        for number in 0..N_BACKUPS {
            let name = name(number);
            let has_log = number + N_LOGS >= N_BACKUPS;
            if has_log {
                files::write(&self.source.join(&name), self.log)?;
            }
            // A backup without its log is never opened.
            let content = if has_log { self.packed.as_slice() } else { &[] };
            files::write(&part.join(format!("{name}.gz")), content)?;
        }
        fs::rename(&part, &self.backups).map_err(|cause| Error::at(&self.backups, &cause))?;
        child::run(&mut Command::new("sync"))
    }
}

/// The names of logs and of backups in a folder, sorted.
fn names_of_logs(folder: &Path) -> Result<Vec<String>, Error> {
    let mut names = files::names_in(folder)?;
    names.retain(|name| name.starts_with("20"));
    Ok(names)
}

/// A name for each second from 1 March on.
fn name(number: u32) -> String {
    let (day, second) = (number / 86_400 + 1, number % 86_400);
    let (hour, minute) = (second / 3600, second / 60 % 60);
    format!("2026-03{day:02}-{hour:02}{minute:02}{:02}.log", second % 60)
}
