//! One run at a time: a lock, which the kernel releases when its holder dies. The file says who holds it, and since when.
//!
//! ```text
//! process 4711 since 1493282652 told 1493289852
//! ```

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt as _;
use std::process;
use std::thread;
use std::time::{Duration, Instant};

use fs2::FileExt;

use crate::error::{Error, Operation};
use crate::folder::Folder;
use crate::names::LOCK;
use crate::notices::is_due;

/// How long to sleep between two tries.
const TRY_EVERY: Duration = Duration::from_millis(200);

/// Another run may be at work for so long, in seconds, before that is told.
const LONG: i64 = 60 * 60;

/// The file always has so many bytes, so that a full disk does not keep it from being written.
const LENGTH: usize = 80;

/// While this exists, no other run works in the folder of backups.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// What became of an attempt to take the lock.
#[derive(Debug)]
pub enum Taken {
    /// It is ours.
    Lock(Lock),
    /// Another run has it.
    By(Holder),
}

/// A run that holds the lock.
#[derive(Debug)]
pub struct Holder {
    file: File,
    told: Option<i64>,
    /// Its process; `None` if that is not known.
    pub process: Option<u32>,
    /// Since when it is at work, in seconds since 1970; `None` if that is not known.
    pub since: Option<i64>,
}

impl Lock {
    /// Waits for the lock as long as `wait`. `now` is in seconds since 1970.
    pub(crate) fn take(folder: &Folder, wait: Duration, now: i64) -> Result<Taken, Error> {
        let file = folder.open_or_make(LOCK, Operation::Lock)?;
        let begin = Instant::now();
        loop {
            match file.try_lock_exclusive() {
                Ok(()) => {
                    let waited = i64::try_from(begin.elapsed().as_secs()).unwrap_or(0);
                    write(&file, &line(process::id(), now.saturating_add(waited), None));
                    return Ok(Taken::Lock(Lock { _file: file }));
                }
                Err(cause) if cause.kind() == io::ErrorKind::WouldBlock => {}
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => continue,
                Err(cause) => return Err(Error::io(folder.at(LOCK), Operation::Lock, cause)),
            }
            let left = wait.saturating_sub(begin.elapsed());
            if left.is_zero() {
                return Ok(Taken::By(Holder::read(file)));
            }
            thread::sleep(left.min(TRY_EVERY));
        }
    }
}

impl Holder {
    fn read(mut file: File) -> Holder {
        let mut text = Vec::new();
        let length = u64::try_from(LENGTH).unwrap_or(u64::MAX);
        let _ = (&mut file).take(length).read_to_end(&mut text);
        let text = String::from_utf8_lossy(&text).into_owned();
        let after = |word| text.split_whitespace().skip_while(move |found| *found != word).nth(1);
        Holder {
            told: after("told").and_then(|number| number.parse().ok()),
            process: after("process").and_then(|number| number.parse().ok()),
            since: after("since").and_then(|number| number.parse().ok()),
            file,
        }
    }

    /// Whether it is at work for so long that people are to be told, which happens once a day. So they are if it is not known
    /// since when.
    pub fn is_to_be_told(&self, now: i64) -> bool {
        let is_long = |since| !(-LONG..=LONG).contains(&now.saturating_sub(since));
        self.since.is_none_or(is_long) && self.told.is_none_or(|told| is_due(told, now))
    }

    /// Writes down that people were told.
    pub fn was_told(&self, now: i64) {
        if let (Some(process), Some(since)) = (self.process, self.since) {
            write(&self.file, &line(process, since, Some(now)));
        }
    }
}

fn line(process: u32, since: i64, told: Option<i64>) -> String {
    let told = told.map_or_else(String::new, |told| format!(" told {told}"));
    format!("process {process} since {since}{told}")
}

/// What is written there is for people only: if it cannot be written, the lock is good all the same.
fn write(file: &File, text: &str) {
    let _ = file.write_all_at(format!("{text:<79}\n").as_bytes(), 0);
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Holder, LENGTH, Lock, Taken, line};
    use crate::folder::Folder;
    use crate::names::LOCK;

    const NOW: i64 = 1_493_282_652;
    const HOUR: i64 = 60 * 60;

    fn holder(folder: &Folder, now: i64) -> Holder {
        match Lock::take(folder, Duration::ZERO, now).unwrap() {
            Taken::By(holder) => holder,
            Taken::Lock(lock) => panic!("{lock:?}"),
        }
    }

    #[test]
    fn who_holds_it_is_told_after_an_hour_and_once_a_day() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::open(root.path()).unwrap();
        let taken = Lock::take(&folder, Duration::ZERO, NOW).unwrap();
        assert!(matches!(taken, Taken::Lock(_)));
        let found = holder(&folder, NOW);
        assert_eq!((found.process, found.since), (Some(std::process::id()), Some(NOW)));
        for (now, expected) in [
            (NOW - HOUR - 1, true),
            (NOW - HOUR, false),
            (NOW, false),
            (NOW + HOUR, false),
            (NOW + HOUR + 1, true),
        ] {
            assert_eq!(found.is_to_be_told(now), expected, "{}", now - NOW);
        }
        found.was_told(NOW + 2 * HOUR);
        let length = || usize::try_from(folder.stat_file(LOCK).unwrap().st_size).unwrap();
        assert_eq!(length(), LENGTH);
        let found = holder(&folder, NOW);
        assert_eq!(found.since, Some(NOW));
        assert!(!found.is_to_be_told(NOW + 3 * HOUR) && found.is_to_be_told(NOW + 26 * HOUR));
        // The next holder begins anew.
        drop(taken);
        drop(Lock::take(&folder, Duration::ZERO, NOW + 9 * HOUR).unwrap());
        let next = Holder::read(folder.open_file(LOCK).unwrap());
        assert_eq!((next.since, next.told), (Some(NOW + 9 * HOUR), None));
    }

    #[test]
    fn a_holder_of_whom_nothing_is_known_is_told() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::open(root.path()).unwrap();
        for text in ["", "process x since y", "since"] {
            std::fs::write(root.path().join(LOCK), text).unwrap();
            let found = Holder::read(folder.open_file(LOCK).unwrap());
            assert_eq!((found.process, found.since), (None, None));
            assert!(found.is_to_be_told(NOW));
            found.was_told(NOW);
        }
        assert!(line(u32::MAX, i64::MIN, Some(i64::MIN)).len() < LENGTH);
    }
}
