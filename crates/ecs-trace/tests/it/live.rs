//! Logs that are followed, on a machine whose time goes on only by a script.

use std::cell::Cell;
use std::fmt::Debug;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::num::NonZero;
use std::path::Path;
use std::time::{Duration, SystemTime};

use ecs_log::Request;
use ecs_trace::{End, Ended, Event, Followed, Live, Machine, Readers, Standing, Watcher};
use sip_scan::{Gather, Sink};
use tempfile::TempDir;

use crate::archives::{gzip, tar};
use crate::batch::inputs;
use crate::gatherers::{List, ListMessages};
use crate::logs::{File, Random, Traffic, write};

/// Each pause is a quarter of a second, in which the next thing happens. It ends when nothing more does.
struct Script<'a> {
    now: Cell<Duration>,
    events: Vec<Box<dyn FnMut() + 'a>>,
    /// Whether somebody reads what is made.
    has_reader: bool,
}

impl Machine for Script<'_> {
    fn now(&self) -> Duration {
        self.now.get()
    }

    /// So early that what is written seems to have been written just now.
    fn wall(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }

    fn pause(&mut self) {
        self.now.set(self.now.get() + Duration::from_millis(250));
        if !self.events.is_empty() {
            self.events.remove(0)();
        }
    }

    fn is_asked_to_end(&self) -> bool {
        self.events.is_empty() && self.has_reader
    }

    fn has_reader(&self) -> bool {
        self.has_reader
    }
}

/// Writes down what it is told.
#[derive(Default)]
struct Told(Vec<String>);

impl<S> Watcher<S> for &mut Told {
    fn tell(&mut self, event: Event<'_>) {
        self.0.push(match event {
            Event::FolderGone(_) => "gone".to_owned(),
            Event::FolderBack(_) => "back".to_owned(),
            Event::Lost(lost) => format!("lost {}", lost.known),
            Event::Restarted(_) => "restarted".to_owned(),
            Event::Failed(error) => error.to_string(),
        });
    }

    fn settled(&mut self, _sink: &mut S, _now: Duration) {}

    fn idle(&mut self, _sink: &mut S, _now: Duration) {}

    fn leaving(&mut self) {}

    fn show(&mut self, _sink: &S, _standing: Standing<'_>) {}
}

/// Follows what is asked for while `events` happen; what was told, and how it ended.
fn run<G: Gather, S: Sink<G::Part>>(
    gather: &G,
    request: &Request,
    script: Script<'_>,
    sink: &mut S,
) -> (Vec<String>, Ended)
where
    S::Error: Debug,
{
    let readers = Readers {
        gather,
        jobs: NonZero::new(2).unwrap(),
        observer: &(),
    };
    let followed = Followed::find(&readers, request, sink).unwrap();
    assert!(followed.choice.problems.is_empty(), "{:?}", followed.choice.problems);
    let mut told = Told::default();
    let live = Live {
        gather,
        sources: followed.sources,
        machine: script,
        watcher: &mut told,
    };
    let ended = live.run(sink).unwrap();
    (told.0, ended)
}

fn script<'a>(events: Vec<Box<dyn FnMut() + 'a>>) -> Script<'a> {
    Script {
        now: Cell::default(),
        events,
        has_reader: true,
    }
}

fn append(path: &Path, bytes: &[u8]) {
    let mut file = OpenOptions::new().append(true).create(true).open(path).unwrap();
    file.write_all(bytes).unwrap();
}

/// Follows a folder into which `files` are written, piece by piece.
pub(crate) fn follow<G: Gather, S: Sink<G::Part>>(gather: &G, files: &[File], sink: &mut S)
where
    S::Error: Debug,
{
    let dir = TempDir::new().unwrap();
    let mut events: Vec<Box<dyn FnMut()>> = Vec::new();
    for File { name, content } in files {
        let path = dir.path().join(name);
        let create = path.clone();
        events.push(Box::new(move || append(&create, b"")));
        for piece in content.chunks(777) {
            let (path, piece) = (path.clone(), piece.to_vec());
            events.push(Box::new(move || append(&path, &piece)));
        }
    }
    events.push(Box::new(|| {}));
    let request = Request {
        folders: vec![dir.path().to_owned()],
        ..Request::default()
    };
    let (told, ended) = run(gather, &request, script(events), sink);
    assert_eq!(told, [""; 0]);
    assert_eq!(ended.end, End::Asked);
    assert_eq!((ended.logs, ended.problems), (files.len(), 0));
}

/// The first logs lie in an archive. What the last of them begins goes on in the folder.
#[test]
fn an_archive_goes_on_in_a_folder_that_is_followed() {
    for end in 1..8 {
        let traffic = Traffic::new(&mut Random(5), 8);
        let (old, new) = traffic.files.split_at(end);
        for (name, archive) in [("tar", tar(old)), ("tgz", gzip(&tar(old)))] {
            let dir = TempDir::new().unwrap();
            let (path, folder) = (dir.path().join(name), dir.path().join("ecs"));
            fs::write(&path, archive).unwrap();
            // The first log of the folder is there; the others come.
            write(&folder, &new[..1]);
            let events = new[1..].iter().map(|file| {
                let path = folder.join(&file.name);
                Box::new(move || append(&path, &file.content)) as Box<dyn FnMut()>
            });
            let events = events.chain([Box::new(|| {}) as Box<dyn FnMut()>]).collect();
            let mut list = List::default();
            let (told, _) = run(&ListMessages, &inputs(&[&path, &folder]), script(events), &mut list);
            assert_eq!(told, [""; 0]);
            assert_eq!(list.sorted(), traffic.list(), "{name}, {end} logs in the archive");
        }
    }
}

#[test]
fn it_ends_unfinished_where_nobody_reads_any_more() {
    let dir = TempDir::new().unwrap();
    let mut list = List::default();
    let script = Script {
        has_reader: false,
        ..script(Vec::new())
    };
    let request = Request {
        folders: vec![dir.path().to_owned()],
        ..Request::default()
    };
    let (_, ended) = run(&ListMessages, &request, script, &mut list);
    assert_eq!(ended.end, End::NoReader);
    assert!(!list.is_finished);
}
