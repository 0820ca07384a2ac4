//! The times of the last lines of logs.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::time::SystemTime;

use time::{Duration, PrimitiveDateTime};

use crate::find::{Inputs, Request};
use crate::found::{Found, LOOK};
use crate::log::Log;
use crate::moment::times_of_stamps;
use crate::name::LogName;

/// How much is read at a time, in bytes.
const BLOCK: usize = 64 << 10;

/// How far a last line may be ahead of those before it. A line further ahead is believed only if others agree.
const LEAP: Duration = Duration::MINUTE;
/// How many records must agree.
const AGREEING: usize = 4;

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
                let end = end_of_stream(&mut log);
                let log = log.log();
                add(&mut last, log, believed(&[], &end, log.name()));
            }
        }
        let mut found = inputs.found;
        found.sort_by_key(|found| std::cmp::Reverse(found.log.name()));
        for (place, Found { log, .. }) in found.iter().enumerate() {
            let name = log.name();
            let of_folder = folder(log);
            let known = last.get(&of_folder);
            if name.is_none() || known.is_none_or(|line| name >= line.log.name()) {
                // A log that was begun just now has few lines.
                let mut earlier = found.iter().skip(place.saturating_add(1)).map(|found| &found.log);
                let before =
                    earlier.find(|before| of_folder.is_some() && before.name() < name && folder(before) == of_folder);
                let before = before.and_then(end_of_log).unwrap_or_default();
                let end = end_of_log(log).unwrap_or_default();
                add(&mut last, log, believed(&before, &end, name));
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

/// The last bytes of a file. Whatever cannot be read tells nothing.
fn end_of_log(log: &Log) -> Option<Vec<u8>> {
    let mut reader = log.open_as_it_is().ok()?;
    if reader.is_gzip() || log.is_in_archive() {
        return Some(end_of_stream(&mut reader));
    }
    end_of(log)
}

/// The last bytes of what is read to its end.
fn end_of_stream(reader: &mut impl Read) -> Vec<u8> {
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
    end
}

/// The time of the last line in `end`, that of the log `name`, where the log before it ends with `before`. A few lines that are ahead of all
/// before them, and of the beginning of the log, have a wrong stamp.
fn believed(before: &[u8], end: &[u8], name: Option<LogName>) -> Option<PrimitiveDateTime> {
    let last = times_of_stamps(end).last()?;
    let times: Vec<PrimitiveDateTime> = times_of_stamps(before).chain(times_of_stamps(end)).collect();
    let agree = |time: PrimitiveDateTime| {
        let near = times.iter().filter(|other| (time - **other).abs() <= LEAP);
        near.collect::<BTreeSet<_>>().len() >= AGREEING
    };
    let agreed = times.iter().rev().take(AGREEING).copied().find(|time| agree(*time));
    let is_ahead = |time: PrimitiveDateTime| last - time > LEAP;
    let is_after_begin = name.is_none_or(|name| is_ahead(name.begun()));
    Some(
        agreed
            .filter(|agreed| is_after_begin && is_ahead(*agreed))
            .unwrap_or(last),
    )
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_lines_that_are_far_ahead_are_not_believed() {
        let sound = ["084410", "084411", "084412", "084413"];
        let cases: [(&[&str], &[&str], &str); 9] = [
            (&sound, &[], "084413"),
            (&sound, &["084513"], "084513"),
            (&sound, &["084514"], "084413"),
            (&sound, &["084915", "084916", "084917"], "084413"),
            (&sound, &["084915", "084916", "084917", "084918"], "084918"),
            // One line each two minutes.
            (&sound, &["084613", "084813", "085013", "085213"], "085213"),
            (&sound, &["084914", "084914", "084414"], "084414"),
            (&sound[..3], &["084914"], "084914"),
            // The clock was set back.
            (&sound, &["074414"], "074414"),
        ];
        for (before, after, time) in cases {
            let line = |time: &&str| format!("20170427:{time}000:1:a(1):M:[x]\n");
            let end: String = before.iter().chain(after).map(line).collect();
            let stamp = crate::moment::stamp_of_time(believed(&[], end.as_bytes(), None).unwrap());
            assert_eq!(stamp[9..15].escape_ascii().to_string(), time, "{before:?} {after:?}");
        }
        assert_eq!(believed(b"", b"no line\n", None), None);
    }

    #[test]
    fn the_name_and_the_log_before_tell_whether_a_first_line_is_ahead() {
        let dir = crate::testing::folder();
        let line = |time: &str| format!("20170427:{time}000:1:a(1):M:[x]\n");
        let before: String = ["084410", "084411", "084412", "084413"].map(line).concat();
        crate::testing::write(&dir, "2017-0427-084400.log", before);
        let request = Request {
            folders: vec![dir.path().to_owned()],
            ..Request::default()
        };
        // The log was begun when the server ran again.
        for (name, time, last) in [
            ("2017-0427-084414.log", "084914", "084413"),
            ("2017-0427-084414.log", "084514", "084514"),
            ("2017-0427-084914.log", "084914", "084914"),
        ] {
            let log = crate::testing::write(&dir, name, line(time));
            let lines = LastLines::of(&request).unwrap();
            let stamp = crate::moment::stamp_of_time(lines.last().unwrap().time);
            assert_eq!(stamp[9..15].escape_ascii().to_string(), last, "{name} {time}");
            fs::remove_file(log).unwrap();
        }
        // The last line of the log before is not one of a log without lines.
        crate::testing::write(&dir, "2017-0427-084414.log", [0; 100]);
        let lines = LastLines::of(&request).unwrap();
        let log = lines.last().unwrap().log.name().unwrap();
        assert_eq!(log.to_string(), "2017-0427-084400.log");
    }
}
