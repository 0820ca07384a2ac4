//! The time of the last line of all logs.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::time::SystemTime;

use time::PrimitiveDateTime;

use crate::find::{Inputs, Request};
use crate::found::{Found, LOOK};
use crate::log::Log;
use crate::moment::times_of_stamps;
use crate::name::LogName;

/// How much is read at a time, in bytes.
const BLOCK: usize = 64 << 10;

/// The last line of the last log; `None` if no line has a time stamp.
///
/// The last log is that of the latest name. Of logs without such a name the latest last line counts. What is compressed is read
/// to its end, and an archive that can be read only once as a whole.
///
/// # Errors
///
/// An input is a pipe: what is read of it now could not be read again.
pub(crate) fn last_line(request: &Request) -> Result<Option<LastLine>, Log> {
    let mut inputs = Inputs::new(request);
    if let Some(pipe) = inputs.pipe() {
        return Err(pipe.clone());
    }
    let mut latest = Latest::default();
    while let Some(mut archive) = inputs.next_archive() {
        while let Some(mut log) = archive.next_log() {
            let time = last_of(&mut log);
            latest.add(log.log(), time);
        }
    }
    let mut found: Vec<&Found> = inputs.found.iter().collect();
    found.sort_by_key(|found| std::cmp::Reverse(found.log.name()));
    for found in found {
        let name = found.log.name();
        if name.is_none() || name >= latest.name() {
            latest.add(&found.log, last_of_log(&found.log));
        }
    }
    Ok(latest.0.map(|(_, line)| line))
}

/// The last line of a log.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LastLine {
    /// The time in it.
    pub(crate) time: PrimitiveDateTime,
    /// When the file was written to last, by the clock of its file system.
    pub(crate) written: Option<SystemTime>,
}

/// The latest log so far that has a time: its name and its last line.
#[derive(Default)]
struct Latest(Option<(Option<LogName>, LastLine)>);

impl Latest {
    fn add(&mut self, log: &Log, time: Option<PrimitiveDateTime>) {
        let metadata = || fs::metadata(log.path()?).ok();
        let line = time.map(|time| LastLine {
            time,
            written: metadata().and_then(|metadata| metadata.modified().ok()),
        });
        self.0 = self.0.max(line.map(|line| (log.name(), line)));
    }

    fn name(&self) -> Option<LogName> {
        self.0.and_then(|(name, _)| name)
    }
}

/// The time of the last line of a file. Whatever cannot be read tells nothing.
fn last_of_log(log: &Log) -> Option<PrimitiveDateTime> {
    let mut reader = log.open_as_it_is().ok()?;
    if reader.is_gzip() || log.is_in_archive() {
        return last_of(&mut reader);
    }
    times_of_stamps(&end_of(log)?).last()
}

/// The time of the last line of what is read to its end.
fn last_of(reader: &mut impl Read) -> Option<PrimitiveDateTime> {
    let (mut end, mut block) = (Vec::new(), vec![0; BLOCK]);
    loop {
        match reader.read(&mut block) {
            Ok(0) => break,
            Ok(n_read) => {
                end.extend_from_slice(block.get(..n_read).unwrap_or_default());
                end.drain(..end.len().saturating_sub(LOOK));
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => break,
        }
    }
    times_of_stamps(&end).last()
}

/// The last bytes of a plain file.
pub(crate) fn end_of(log: &Log) -> Option<Vec<u8>> {
    let mut file = File::open(log.path()?).ok()?;
    let limit = u64::try_from(LOOK).unwrap_or(u64::MAX);
    let length = file.seek(SeekFrom::End(0)).ok()?;
    file.seek(SeekFrom::Start(length.saturating_sub(limit))).ok()?;
    let mut bytes = Vec::with_capacity(LOOK.saturating_add(1));
    file.take(limit).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}
