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
use crate::files;
pub(crate) use crate::synth::logs::Logs;
pub(crate) use crate::synth::moment::Moment;
pub(crate) use crate::synth::random::Random;

/// How many MiB may be asked for. More would not fit in one day of log time.
pub(crate) const MEBIBYTES: RangeInclusive<u64> = 1..=16_384;

/// The name of the file that is written last: a folder that has it has all its logs. It is not the name of a log.
const MARKER: &str = ".synthetic";

/// To be raised when other bytes are written than before, so that folders of old logs are not taken for new ones.
const EDITION: u32 = 1;

/// How the logs are stored.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Form {
    Plain,
    Gzip,
}

/// Runs the task.
pub(crate) fn run(mut words: Words) -> Result<ExitCode, Error> {
    let (mut mebibytes, mut form, mut folder) = (None, Form::Plain, None);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--mb" => mebibytes = Some(words.number_of("--mb", MEBIBYTES)?),
            "--gzip" => form = Form::Gzip,
            _ if word.starts_with('-') || folder.is_some() => return Err(args::unexpected(&word)),
            _ => folder = Some(PathBuf::from(word)),
        }
    }
    let mebibytes = mebibytes.ok_or_else(|| Error::usage("synth needs `--mb N`".to_owned()))?;
    let folder = folder.ok_or_else(|| Error::usage("synth needs a folder".to_owned()))?;
    write_folder(&folder, mebibytes, form)?;
    Ok(ExitCode::SUCCESS)
}

/// Fills `folder`, which must be empty or missing, with `mebibytes` of logs.
pub(crate) fn write_folder(folder: &Path, mebibytes: u64, form: Form) -> Result<(), Error> {
    files::create_folder(folder)?;
    if !files::names_in(folder)?.is_empty() {
        return Err(Error::failed(format!(
            "{}: has files already; name an empty folder for the logs",
            folder.display()
        )));
    }
    for log in Logs::new(mebibytes) {
        match form {
            Form::Plain => files::write(&folder.join(&log.name), &log.bytes)?,
            Form::Gzip => files::write(&folder.join(format!("{}.gz", log.name)), &compress(&log.bytes)?)?,
        }
    }
    files::write(&folder.join(MARKER), marker(mebibytes, form).as_bytes())
}

/// Returns true if and only if `folder` holds what `write_folder` would write into it.
pub(crate) fn is_written(folder: &Path, mebibytes: u64, form: Form) -> Result<bool, Error> {
    let path = folder.join(MARKER);
    match fs::read(&path) {
        Ok(text) => Ok(text == marker(mebibytes, form).into_bytes()),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(cause) => Err(Error::at(&path, &cause)),
    }
}

fn marker(mebibytes: u64, form: Form) -> String {
    let form = match form {
        Form::Plain => "plain",
        Form::Gzip => "gzip",
    };
    format!("synthetic ECS logs, edition {EDITION}: {mebibytes} MiB, {form}\n")
}

/// The log as gzip, without a name and a time in the header, so that the same log gives the same bytes.
fn compress(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .map_err(|cause| Error::failed(format!("gzip: {cause}")))
}
