//! The server: its clock, and the logs that it writes and deletes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use nix::sys::stat::utimes;
use nix::sys::time::{TimeVal, TimeValLike};

use crate::content::Content;
use crate::random::Random;

const HOUR: i64 = 3600;
const YEAR: i64 = 365 * 24 * HOUR;

/// How the server deletes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Deletes {
    /// Those first that were begun first.
    ByAge,
    /// Those first that have the least names.
    ByName,
}

/// A log in the folder.
#[derive(Clone, Debug)]
pub(crate) struct Log {
    pub(crate) name: String,
    pub(crate) content: Content,
}

/// The server.
pub(crate) struct Server {
    folder: PathBuf,
    /// Seconds that have passed, whatever the clock shows.
    pub(crate) elapsed: i64,
    /// What the clock shows: seconds since 1970, and what local time is ahead of that.
    pub(crate) now: i64,
    zone: i64,
    /// By how much the clock is wrong.
    wrong: i64,
    /// A new log begins after so many seconds.
    every: i64,
    /// So many logs are kept.
    keeps: usize,
    deletes: Deletes,
    /// In the order in which they were begun.
    pub(crate) logs: Vec<Log>,
    n_logs: u64,
    /// The last log of each name that was deleted.
    deleted: BTreeMap<String, Content>,
    /// Logs that others were written over. Where the other is no shorter, nobody can see that it is another and not the same log
    /// that went on: if only a run that was killed saw the first one, it may be lost untold.
    pub(crate) unseen: Vec<u64>,
    n_writes: i64,
}

impl Server {
    pub(crate) fn new(folder: &Path, random: &mut Random) -> Server {
        fs::create_dir(folder).unwrap();
        Server {
            folder: folder.to_owned(),
            elapsed: 0,
            // An hour before the end of summer time.
            now: 1_509_235_200,
            zone: 2 * HOUR,
            wrong: 0,
            every: if random.once_in(2) { 1 } else { 60 },
            keeps: 40 + usize::try_from(random.below(100)).unwrap(),
            deletes: if random.once_in(2) {
                Deletes::ByAge
            } else {
                Deletes::ByName
            },
            logs: Vec::new(),
            n_logs: 0,
            deleted: BTreeMap::new(),
            unseen: Vec::new(),
            n_writes: 0,
        }
    }

    /// So many logs were begun.
    pub(crate) fn n_logs(&self) -> u64 {
        self.n_logs
    }

    /// How long it takes until half of the logs are deleted, in seconds.
    pub(crate) fn half_life(&self) -> i64 {
        self.every * i64::try_from(self.keeps).unwrap() / 2
    }

    /// Lets time pass until the next log begins, if that has a new name.
    pub(crate) fn step_on(&mut self, random: &mut Random) {
        self.pass(self.every);
        let name = self.name();
        if !self.logs.iter().any(|log| log.name == name) {
            self.begin(random, name);
        }
        self.delete_old();
    }

    /// Lets time pass until the next log begins.
    pub(crate) fn step(&mut self, random: &mut Random) {
        self.pass(self.every);
        self.set_clock(random);
        if random.once_in(60) {
            self.empty(random);
        }
        if random.once_in(3) {
            self.append(random);
        }
        let is_glitch = random.once_in(1000);
        let name = if is_glitch {
            "2038-0119-031407.log".to_owned()
        } else {
            self.name()
        };
        self.begin(random, name);
        self.delete_old();
    }

    fn delete_old(&mut self) {
        while self.logs.len() > self.keeps {
            self.delete();
        }
    }

    fn pass(&mut self, seconds: i64) {
        self.elapsed += seconds;
        self.now += seconds;
    }

    fn set_clock(&mut self, random: &mut Random) {
        match random.below(400) {
            // The end of summer time, and its beginning.
            0 => self.zone = if self.zone == HOUR { 2 * HOUR } else { HOUR },
            1 => self.now -= 5,
            2 | 3 => {
                self.now -= self.wrong;
                self.wrong = if self.wrong == 0 { YEAR } else { 0 };
                self.now += self.wrong;
            }
            _ => {}
        }
    }

    /// Goes on with the newest log, or another one.
    fn append(&mut self, random: &mut Random) {
        let n_logs = u64::try_from(self.logs.len()).unwrap();
        if n_logs > 0 {
            let back = if random.once_in(10) { random.below(n_logs) } else { 0 };
            let place = self.logs.len() - 1 - usize::try_from(back).unwrap();
            self.logs[place].content.n_lines += 1 + random.below(5);
            self.write(place);
        }
    }

    /// A crash empties the newest log. What comes then is another log.
    fn empty(&mut self, random: &mut Random) {
        if let Some(place) = self.logs.len().checked_sub(1) {
            self.n_logs += 1;
            let content = Content {
                id: self.n_logs,
                n_lines: if random.once_in(2) { 0 } else { 2 },
            };
            self.unseen.push(self.logs[place].content.id);
            self.logs[place].content = content;
            self.write(place);
        }
    }

    /// Begins a log. One that bears its name already is written over. One that bore it may have left its place on disk to it.
    fn begin(&mut self, random: &mut Random, name: String) {
        self.n_logs += 1;
        let content = Content {
            id: self.n_logs,
            n_lines: 1 + random.below(20),
        };
        if let Some(place) = self.logs.iter().position(|log| log.name == name) {
            let before = self.logs.remove(place).content;
            self.unseen.push(before.id);
        } else if let Some(before) = self.deleted.get(&name) {
            self.unseen.push(before.id);
        }
        self.logs.push(Log { name, content });
        self.write(self.logs.len() - 1);
    }

    fn name(&self) -> String {
        let local = time::OffsetDateTime::from_unix_timestamp(self.now + self.zone).unwrap();
        let (date, (hour, minute, second)) = (local.date(), local.time().as_hms());
        let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
        format!("{year:04}-{month:02}{day:02}-{hour:02}{minute:02}{second:02}.log")
    }

    fn write(&mut self, place: usize) {
        let Log { name, content } = &self.logs[place];
        let path = self.folder.join(name);
        fs::write(&path, content.text()).unwrap();
        self.n_writes += 1;
        // No two writes are at the same time.
        let time = TimeVal::seconds(self.now) + TimeVal::microseconds(self.n_writes % 1_000_000);
        utimes(&path, &time, &time).unwrap();
    }

    /// Deletes one log, never the newest.
    fn delete(&mut self) {
        let older = &self.logs[..self.logs.len() - 1];
        let place = match self.deletes {
            Deletes::ByAge => 0,
            Deletes::ByName => (0..older.len()).min_by_key(|place| &older[*place].name).unwrap(),
        };
        let Log { name, content } = self.logs.remove(place);
        fs::remove_file(self.folder.join(&name)).unwrap();
        self.deleted.insert(name, content);
    }
}
