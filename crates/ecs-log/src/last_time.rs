//! The times of the last lines of logs.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::time::SystemTime;

use time::PrimitiveDateTime;

use crate::find::{Inputs, Request};
use crate::found::{Found, LOOK};
use crate::log::Log;
use crate::moment::times_of_stamps;

/// How much is read at a time, in bytes.
const BLOCK: usize = 64 << 10;

/// What was found, and the last lines in it.
pub(crate) struct LastLines {
    pub(crate) found: Vec<Found>,
    /// Of each folder the last line of the last log, as far as a line has a time.
    pub(crate) lines: Vec<LastLine>,
}

/// The last line of the last log of a folder.
#[derive(Clone)]
pub(crate) struct LastLine {
    /// The folder; `None` for what lies in archives, and what has not the name of a log.
    pub(crate) folder: Option<PathBuf>,
    pub(crate) log: Log,
    /// The time in it.
    pub(crate) time: PrimitiveDateTime,
    /// When the file was written to last, by the clock of its file system.
    pub(crate) written: Option<SystemTime>,
}

impl LastLines {
    /// The last log of a folder is that of the latest name. Of logs without such a name the latest last line counts. What is
    /// compressed is read to its end, and an archive that can be read only once as a whole.
    ///
    /// # Errors
    ///
    /// An input is a pipe: what is read of it now could not be read again.
    pub(crate) fn of(request: &Request) -> Result<LastLines, Log> {
        let mut inputs = Inputs::new(request);
        if let Some(pipe) = inputs.pipe() {
            return Err(pipe.clone());
        }
        let mut last = BTreeMap::new();
        while let Some(mut archive) = inputs.next_archive() {
            while let Some(mut log) = archive.next_log() {
                let time = last_of(&mut log);
                add(&mut last, log.log(), time);
            }
        }
        let mut found = inputs.found;
        found.sort_by_key(|found| std::cmp::Reverse(found.log.name()));
        for found in &found {
            let name = found.log.name();
            let known = last.get(&folder(&found.log));
            if name.is_none() || known.is_none_or(|line| name >= line.log.name()) {
                add(&mut last, &found.log, last_of_log(&found.log));
            }
        }
        let lines = last.into_values().collect();
        Ok(LastLines { found, lines })
    }

    /// The last line of all.
    pub(crate) fn last(&self) -> Option<&LastLine> {
        self.lines.iter().max_by_key(|line| (line.log.name(), line.time))
    }
}

/// The folder of a log with a name.
pub(crate) fn folder(log: &Log) -> Option<PathBuf> {
    let folder = log.name().filter(|_| !log.is_in_archive()).and(log.folder());
    folder.map(PathBuf::from)
}

/// When a file was written to last.
pub(crate) fn written(log: &Log) -> Option<SystemTime> {
    fs::metadata(log.path()?).ok()?.modified().ok()
}

fn add(last: &mut BTreeMap<Option<PathBuf>, LastLine>, log: &Log, time: Option<PrimitiveDateTime>) {
    let folder = folder(log);
    let known = last.get(&folder);
    let Some(time) = time.filter(|time| known.is_none_or(|line| (log.name(), *time) >= (line.log.name(), line.time)))
    else {
        return;
    };
    let (log, written) = (log.clone(), written(log));
    let line = LastLine {
        folder: folder.clone(),
        log,
        time,
        written,
    };
    last.insert(folder, line);
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
