//! Measures `backup_ecs` where it has nothing to do, among very many backups.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

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

/// How long a run may take, and how much memory it may need.
const SECONDS_TO_REACH: f64 = 2.0;
const MEBIBYTES_TO_REACH: f64 = 64.0;

/// Measures and prints. Returns true if and only if a target is missed.
pub(super) fn measure(program: &Path, folder: &Path, rounds: u64) -> Result<bool, Error> {
    let (source, backups) = (folder.join("few"), folder.join("many"));
    if !backups.exists() {
        args::note(&format!("making {N_BACKUPS} backups in {}", backups.display()));
        make_many(&source, &backups)?;
    }
    let mut command = back_up(program, &source, &backups);
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
        "nothing to do, {N_LOGS} logs, {N_BACKUPS} backups: {seconds} s, to reach: {SECONDS_TO_REACH}; peak {peak:.1} MiB, \
         to reach: {MEBIBYTES_TO_REACH}\n",
    ))?;
    Ok(seconds.median > SECONDS_TO_REACH || peak > MEBIBYTES_TO_REACH)
}

/// Makes logs, and backups of them and of many older ones. The folder of backups has another name until all are there.
fn make_many(source: &Path, backups: &Path) -> Result<(), Error> {
    let part = backups.with_extension("part");
    for folder in [source, &part] {
        files::remove_folder(folder)?;
        files::create_folder(folder)?;
    }
    let log = b"a line\n";
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(4));
    let packed = encoder.write_all(log).and_then(|()| encoder.finish());
    let packed = packed.map_err(|cause| Error::at(&part, &cause))?;
    for number in 0..=N_BACKUPS {
        let name = name(number);
        let has_log = number + N_LOGS > N_BACKUPS;
        if has_log {
            files::write(&source.join(&name), log)?;
        }
        // The newest log has no backup, since it is still being written. A backup without its log is never opened.
        if number < N_BACKUPS {
            let content = if has_log { packed.as_slice() } else { &[] };
            files::write(&part.join(format!("{name}.gz")), content)?;
        }
    }
    fs::rename(&part, backups).map_err(|cause| Error::at(backups, &cause))?;
    child::run(&mut Command::new("sync"))
}

/// A name for each second from 1 March on.
fn name(number: u32) -> String {
    let (day, second) = (number / 86_400 + 1, number % 86_400);
    let (hour, minute) = (second / 3600, second / 60 % 60);
    format!("2026-03{day:02}-{hour:02}{minute:02}{:02}.log", second % 60)
}
