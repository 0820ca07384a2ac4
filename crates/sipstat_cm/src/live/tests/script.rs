//! Runs live reading on a machine whose time goes on only by a script.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::{self, Write};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::{Duration, SystemTime};

use ecs_log::Request;
use ecs_trace::{Followed, Live, Machine, Readers};
use sip_filter::{Filter, Interval};
use sip_pcap::{GatherPackets, PacketSink};
use sip_report::{AnyReport, Form, GatherAny, ReportKind};
use sip_stats::CountMessages;
use tempfile::TempDir;

use crate::live::Teller;
use crate::screen::Line;

/// A folder of a test's own, with logs.
pub(super) struct Folder(TempDir);

impl Folder {
    pub(super) fn new() -> Folder {
        Folder(TempDir::new().unwrap())
    }

    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Adds to a log that was begun at `begun`: `084410`, or `folder/084410`.
    pub(super) fn write(&self, begun: &str, text: &str) {
        let path = self.log(begun);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut file = File::options().append(true).create(true).open(path).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }

    /// `084410`, or `folder/084410`.
    pub(super) fn log(&self, begun: &str) -> PathBuf {
        let (folder, begun) = begun.rsplit_once('/').unwrap_or(("", begun));
        self.path().join(folder).join(format!("2017-0427-{begun}.log"))
    }
}

/// A BYE of one line, at a time of day (`084410`, or with milliseconds).
pub(super) fn bye(time: &str) -> String {
    bye_on("20170427", time)
}

pub(super) fn bye_on(day: &str, time: &str) -> String {
    let text = b"BYE a SIP/2.0\nCSeq:1 BYE\n\n"
        .map(|byte| format!("{byte:02x}"))
        .join(" ");
    format!("{day}:{time:0<9}:1:a(1):M:[MST 43 8a 04 0a 02 02 02 00 01 04 0a 01 01 01 13 ce 00 02 {text}]\n")
}

/// The two lines of the record of a BYE.
pub(super) fn lines(time: &str) -> [String; 2] {
    let record = bye(time);
    let (first, rest) = record.split_once(" 00 02 ").unwrap();
    let (before, _) = record.split_once("[MST").unwrap();
    [format!("{first}]\n"), format!("{before}[MST ++++ 00 02 {rest}")]
}

/// A line that is no SIP.
pub(super) fn other(time: &str) -> String {
    format!("20170427:{time:0<9}:1:b(2):M:[IPEVT IPT_DISC board=PROCR]\n")
}

/// What happens, and after how many milliseconds.
type Events<'a> = VecDeque<(u64, Box<dyn FnMut() + 'a>)>;

/// A machine whose time goes on only while the program pauses; what happens meanwhile is a list.
struct Script<'a> {
    now: Rc<Cell<Duration>>,
    events: RefCell<Events<'a>>,
    end: u64,
    age: Duration,
    /// When its clock has been asked so often, the program is stopped for five seconds first.
    stop: Cell<Option<u32>>,
}

impl Script<'_> {
    fn pass(&self, time: Duration) {
        self.now.set(self.now.get() + time);
        let mut events = self.events.borrow_mut();
        while events
            .front()
            .is_some_and(|(at, _)| u128::from(*at) <= self.now.get().as_millis())
        {
            let (_, mut event) = events.pop_front().unwrap();
            event();
        }
    }
}

impl Machine for Script<'_> {
    fn now(&self) -> Duration {
        if self.stop.get() == Some(0) {
            self.pass(Duration::from_secs(5));
        }
        self.stop.set(self.stop.get().and_then(|calls| calls.checked_sub(1)));
        self.now.get()
    }

    /// So early that what is written seems to have been written just now.
    fn wall(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + self.age
    }

    fn pause(&mut self) {
        self.pass(Duration::from_millis(250));
    }

    fn is_asked_to_end(&self) -> bool {
        self.now.get().as_millis() >= u128::from(self.end)
    }

    fn has_reader(&self) -> bool {
        true
    }
}

/// Notes with each window that is printed when that was, and how many BYEs it has.
#[derive(Default)]
struct Printed {
    now: Rc<Cell<Duration>>,
    text: Vec<u8>,
    told: Rc<RefCell<String>>,
}

impl Write for Printed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let text = String::from_utf8(std::mem::take(&mut self.text)).unwrap();
        let mut told = self.told.borrow_mut();
        for line in text.lines() {
            if line.starts_with("20") {
                let title = line.split("  ").next().unwrap();
                *told += &format!("\n{:>6.2} {title}", self.now.get().as_secs_f64());
            } else if line.starts_with(" (partial") {
                *told += line.split("  ").next().unwrap();
            } else if let Some(numbers) = line.strip_prefix(" 10.1.1.1<-5070->10.2.2.2") {
                *told += &format!(": {}", numbers.split_whitespace().next().unwrap());
            }
        }
        Ok(())
    }
}

/// Standard error, noted beside.
struct Told(Rc<Cell<Duration>>, Rc<RefCell<String>>);

impl Write for Told {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = std::str::from_utf8(bytes).unwrap();
        let mut told = self.1.borrow_mut();
        for part in text.split_inclusive('\n') {
            if part.starts_with("sipstat_cm") {
                *told += &format!("\n{:>6.2} ", self.0.get().as_secs_f64());
            }
            *told += part.trim_end_matches('\n');
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What gathers, and what takes what was gathered.
type Gatherers = (GatherAny, Option<GatherPackets>);
type Sinks<W> = (AnyReport<W>, Option<PacketSink<W>>);

/// What counts, and reports to `out`.
pub(super) fn counting<W: Write>(count: &CountMessages, out: W) -> (Gatherers, Sinks<W>) {
    let kind = ReportKind::Counts(Form::default());
    ((kind.gather(count), None), (kind.report(out, count, true), None))
}

/// What is followed.
pub(super) fn followed<W: Write>(gather: &Gatherers, request: &Request, sinks: &mut Sinks<W>) -> Followed {
    let readers = Readers {
        gather,
        jobs: NonZero::<usize>::MIN,
        observer: &(),
    };
    let followed = Followed::find(&readers, request, sinks).unwrap();
    assert!(followed.choice.problems.is_empty(), "{:?}", followed.choice.problems);
    sinks.0.take_late();
    followed
}

/// What is to be run.
pub(super) struct Run<'a> {
    pub(super) request: Request,
    pub(super) interval: Interval,
    pub(super) filter: Filter,
    events: Events<'a>,
    /// How long after the beginning of the file system's time it is.
    pub(super) age: Duration,
    /// After how many looks at its clock the program is stopped for five seconds.
    pub(super) stop: Option<u32>,
}

impl<'a> Run<'a> {
    pub(super) fn new(dir: &Folder, interval: Interval) -> Run<'a> {
        Run {
            request: Request {
                folders: vec![dir.path().to_owned()],
                ..Request::default()
            },
            interval,
            filter: Filter::default(),
            events: VecDeque::new(),
            age: Duration::ZERO,
            stop: None,
        }
    }

    /// What happens after so many milliseconds.
    pub(super) fn at(mut self, millis: u64, event: impl FnMut() + 'a) -> Run<'a> {
        self.events.push_back((millis, Box::new(event)));
        self
    }

    /// Runs it and asks for an end after so many milliseconds; what was told, and when.
    pub(super) fn until(self, end: u64) -> String {
        let (now, told) = <(Rc<Cell<Duration>>, Rc<RefCell<String>>)>::default();
        let script = Script {
            now: Rc::clone(&now),
            events: RefCell::new(self.events),
            end,
            age: self.age,
            stop: Cell::new(self.stop),
        };
        let printed = Printed {
            now: Rc::clone(&now),
            text: Vec::new(),
            told: Rc::clone(&told),
        };
        let mut stderr = Told(Rc::clone(&now), Rc::clone(&told));
        let count = CountMessages {
            filter: self.filter,
            interval: self.interval,
            by_class: false,
        };
        let (gather, mut sinks) = counting(&count, printed);
        let mut teller = Teller::new(&Line::new(), &mut stderr);
        let live = Live {
            gather: &gather,
            sources: followed(&gather, &self.request, &mut sinks).sources,
            machine: script,
            watcher: &mut teller,
        };
        let ended = live.run(&mut sinks).unwrap();
        let code = teller.close(ended, &mut sinks.0);
        drop(sinks);
        let told = told.borrow().trim_start_matches('\n').to_owned();
        format!("{told}\nexit {code}")
    }
}
