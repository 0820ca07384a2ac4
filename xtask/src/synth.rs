//! Writes synthetic ECS logs into a folder.

mod body;
mod dialog;
mod lines;
mod link;
mod logs;
mod message;
mod moment;
mod random;
mod script;
mod traffic;

use std::fs;
use std::io::{self, Write};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::args::{self, Words};
use crate::error::Error;
pub(crate) use crate::synth::logs::Logs;

/// How many MiB may be asked for; the upper end keeps all logs within one day of log time.
pub(crate) const MEBIBYTES: RangeInclusive<u64> = 1..=16_384;

/// Written last, so that a folder that has it is whole. No pattern for logs takes it.
const MARKER: &str = ".synthetic";

/// The part of the marker that changes when the generator writes other bytes than before.
const EDITION: u32 = 1;

/// Runs the task.
pub(crate) fn run(mut words: Words) -> Result<ExitCode, Error> {
    let mut mebibytes = None;
    let mut gzip = false;
    let mut folder = None;
    while let Some(word) = words.next() {
        match word.as_str() {
            "--mb" => mebibytes = Some(words.number_of("--mb", MEBIBYTES)?),
            "--gzip" => gzip = true,
            _ if word.starts_with('-') || folder.is_some() => return Err(args::unexpected(&word)),
            _ => folder = Some(PathBuf::from(word)),
        }
    }
    let mebibytes = mebibytes.ok_or_else(|| Error::usage("synth needs `--mb N`".to_owned()))?;
    let folder = folder.ok_or_else(|| Error::usage("synth needs a folder".to_owned()))?;
    write_folder(&folder, mebibytes, gzip)?;
    Ok(ExitCode::SUCCESS)
}

/// Fills `folder`, which must be empty or missing, with `mebibytes` of logs.
pub(crate) fn write_folder(folder: &Path, mebibytes: u64, gzip: bool) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(|cause| Error::at(folder, &cause))?;
    let mut entries = fs::read_dir(folder).map_err(|cause| Error::at(folder, &cause))?;
    if entries.next().is_some() {
        return Err(Error::failed(format!(
            "{}: has files already, logs are written to an empty folder only",
            folder.display()
        )));
    }
    for log in Logs::new(mebibytes) {
        if gzip {
            write_file(&folder.join(format!("{}.gz", log.name)), &compress(&log.bytes)?)?;
        } else {
            write_file(&folder.join(&log.name), &log.bytes)?;
        }
    }
    write_file(&folder.join(MARKER), marker(mebibytes, gzip).as_bytes())
}

/// Returns true if and only if `folder` holds what `write_folder` would write into it.
pub(crate) fn is_written(folder: &Path, mebibytes: u64, gzip: bool) -> Result<bool, Error> {
    let path = folder.join(MARKER);
    match fs::read(&path) {
        Ok(text) => Ok(text == marker(mebibytes, gzip).into_bytes()),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(cause) => Err(Error::at(&path, &cause)),
    }
}

fn marker(mebibytes: u64, gzip: bool) -> String {
    let form = if gzip { "gzip" } else { "plain" };
    format!("synthetic ECS logs, edition {EDITION}: {mebibytes} MiB, {form}\n")
}

fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    fs::write(path, bytes).map_err(|cause| Error::at(path, &cause))
}

/// Without a name and a time in the header, so that the same log gives the same bytes.
fn compress(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .map_err(|cause| Error::failed(format!("gzip: {cause}")))
}
