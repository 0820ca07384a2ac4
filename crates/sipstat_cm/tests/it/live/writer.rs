//! A server that writes its logs: a megabyte a second, in a new log every second.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use crate::logs::{request, response};

/// How often it writes.
const TICK: Duration = Duration::from_millis(20);
/// How much it writes.
const BYTES_A_SECOND: u128 = 1 << 20;

/// Where it writes, and how far it has come.
pub(crate) struct Writer {
    folder: PathBuf,
    /// Seconds since midnight, in which it began.
    begin: u64,
    begun: Instant,
    /// The log, and the second in which it was begun.
    log: Option<(u64, File)>,
    messages: usize,
    bytes: usize,
}

impl Writer {
    /// Begins at `time`, `20170427:084430`.
    pub(crate) fn new(folder: &Path, time: &str) -> Writer {
        let digits: u64 = time[9..].parse().unwrap();
        Writer {
            folder: folder.to_owned(),
            begin: digits / 10_000 * 3600 + digits / 100 % 100 * 60 + digits % 100,
            begun: Instant::now(),
            log: None,
            messages: 0,
            bytes: 0,
        }
    }

    /// Writes for so long, as time goes by.
    pub(crate) fn write_for(&mut self, duration: Duration) {
        let end = Instant::now() + duration;
        while Instant::now() < end {
            self.tick();
            thread::sleep(TICK);
        }
    }

    /// Writes one message of a moment later; gives back its window of a second, and how many bytes there are.
    pub(crate) fn finish(mut self) -> (String, usize) {
        let second = self.begin + self.begun.elapsed().as_secs() + 5;
        let text = request("BYE").at(&stamp(second, 0)).log();
        self.write(second, text.as_bytes());
        (stamp(second, 0)[..15].to_owned(), self.bytes)
    }

    fn tick(&mut self) {
        let elapsed = self.begun.elapsed();
        let (second, milli) = (self.begin + elapsed.as_secs(), elapsed.subsec_millis());
        let bytes = usize::try_from(elapsed.as_millis() * BYTES_A_SECOND / 1000).unwrap();
        let mut text = String::new();
        while self.bytes + text.len() < bytes {
            self.messages += 1;
            let sip = match self.messages % 4 {
                0 => request("INVITE"),
                1 => request("BYE").out(),
                2 => response(486, "INVITE"),
                _ => request("CANCEL")
                    .process("capro(4712)")
                    .ends("10.3.3.3:40000>10.1.1.1:5061"),
            };
            text += &sip.at(&stamp(second, milli)).log();
        }
        if !text.is_empty() {
            self.write(second, text.as_bytes());
        }
    }

    /// A part goes to the old log, cut anywhere, where a new one is to be begun.
    fn write(&mut self, second: u64, bytes: &[u8]) {
        self.bytes += bytes.len();
        let (old, new) = match &mut self.log {
            Some((begun, log)) if *begun == second => return log.write_all(bytes).unwrap(),
            Some((_, log)) => {
                let (old, new) = bytes.split_at(self.messages * 7 % bytes.len());
                log.write_all(old).unwrap();
                (old, new)
            }
            None => bytes.split_at(0),
        };
        let name = format!("2017-0427-{}.log", &stamp(second, 0)[9..15]);
        let mut log = File::create_new(self.folder.join(name)).unwrap();
        log.write_all(new).unwrap();
        assert_eq!(old.len() + new.len(), bytes.len());
        self.log = Some((second, log));
    }
}

/// A time of 27 April 2017, as in a log.
fn stamp(second: u64, milli: u32) -> String {
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("20170427:{hour:02}{minute:02}{second:02}{milli:03}")
}
