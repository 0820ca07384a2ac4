//! Memory does not grow with time.

use std::cell::Cell;
use std::fs;
use std::io;
use std::time::{Duration, SystemTime};

use ecs_log::Request;
use ecs_trace::{Live, Machine};
use sip_stats::CountMessages;

use super::script::{Folder, bye, counting, followed};
use crate::live::Teller;
use crate::screen::Line;

/// The most memory that is held while so many seconds go by, in five of which a log is begun and an old one deleted.
fn most_held(seconds: u64) -> u64 {
    let dir = Folder::new();
    let name = |second: u64| {
        let (hour, minute, second) = (second / 3600 % 24, second / 60 % 60, second % 60);
        format!("{hour:02}{minute:02}{second:02}")
    };
    dir.write(&name(0), &bye(&name(0)));
    let second = Cell::new(0_u64);
    let write = || {
        second.set(second.get() + 5);
        let now = second.get();
        dir.write(&name(now), &bye(&name(now)).repeat(3));
        if let Some(old) = now.checked_sub(25) {
            let _ = fs::remove_file(dir.log(&name(old)));
        }
    };
    let machine = Steady {
        now: Cell::new(0),
        write: &write,
        seconds,
    };
    let request = Request {
        folders: vec![dir.path().to_owned()],
        ..Request::default()
    };
    let (gather, mut sinks) = counting(&CountMessages::default(), io::sink());
    let sources = followed(&gather, &request, &mut sinks).sources;
    let mut stderr = Vec::new();
    let measured = allocation_counter::measure(|| {
        let mut teller = Teller::new(&Line::new(), &mut stderr);
        let live = Live {
            gather: &gather,
            sources,
            machine,
            watcher: &mut teller,
        };
        let ended = live.run(&mut sinks).unwrap();
        assert_eq!(teller.close(ended, &mut sinks.0), 0);
    });
    assert_eq!(sinks.0.summary().messages, 3 * (seconds / 5 - 1), "all were read");
    assert_eq!(stderr, b"");
    measured.bytes_max
}

/// Five seconds go by in each pause, and then something is written.
struct Steady<'a> {
    now: Cell<u64>,
    write: &'a dyn Fn(),
    seconds: u64,
}

impl Machine for Steady<'_> {
    fn now(&self) -> Duration {
        Duration::from_secs(self.now.get())
    }

    fn wall(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }

    fn pause(&mut self) {
        self.now.set(self.now.get() + 5);
        if self.now.get() < self.seconds {
            (self.write)();
        }
    }

    fn is_asked_to_end(&self) -> bool {
        self.now.get() >= self.seconds
    }

    fn has_reader(&self) -> bool {
        true
    }
}

#[test]
fn memory_does_not_grow_in_hours() {
    let minutes = most_held(1200);
    let hours = most_held(14_400);
    // A few bytes more for longer numbers.
    assert!(
        hours <= minutes + 256,
        "{minutes} bytes in 20 minutes, {hours} in four hours"
    );
}
