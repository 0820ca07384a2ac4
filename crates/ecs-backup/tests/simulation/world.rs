//! A server, its backups, and runs between them.

use std::cell::RefCell;
use std::ffi::CString;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use ecs_backup::{
    Checking, Event, Folders, Form, Gap, GapBegin, GapEnd, Level, Lock, LogFile, Options, Outcome, Percent, Plan,
    Taken, Watcher, plan,
};
use ecs_log::LogName;
use rustix::mount::{MountFlags, UnmountFlags, mount, unmount};
use tempfile::TempDir;

use crate::backups::Backups;
use crate::content::Content;
use crate::random::Random;
use crate::server::Server;

/// What the file system of the backups holds, in KiB: some hundred backups.
const ROOM: u32 = 2048;

const MAX_USE: u8 = 90;

/// All there is in one case.
pub(crate) struct World {
    root: TempDir,
    random: Random,
    server: Server,
    backups: Backups,
    options: Options,
    /// The names of logs that a run saw, by identity.
    names: Vec<(LogName, u64)>,
}

/// How far a run gets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum HowFar {
    /// It does all there is to do.
    ToEnd,
    /// It is killed when it has planned.
    Plan,
    /// It is killed when it has told of so many things.
    Event(u64),
}

impl World {
    pub(crate) fn new(mut random: Random) -> World {
        let root = TempDir::new().unwrap();
        let (source, destination) = (root.path().join("src"), root.path().join("dst"));
        let server = Server::new(&source, &mut random);
        fs::create_dir(&destination).unwrap();
        let size = CString::new(format!("size={ROOM}k,mode=755")).unwrap();
        if mount("tmpfs", &destination, "tmpfs", MountFlags::empty(), size.as_c_str()).is_err() {
            eprintln!("no file system may be mounted here: nothing is deleted to make room");
        }
        let form = if random.once_in(2) {
            Form::Plain
        } else {
            Form::Gzip(Level::default())
        };
        World {
            backups: Backups::new(&destination),
            options: Options {
                host: "acm-1".to_owned(),
                source,
                destination,
                files: "20*".parse().unwrap(),
                max_use: Percent::new(MAX_USE).unwrap(),
                form,
                keep_min: 1,
                now: 0,
            },
            root,
            random,
            server,
            names: Vec::new(),
        }
    }

    /// Lets the server write so many logs, with runs meanwhile.
    pub(crate) fn live(&mut self, n_logs: u64) {
        while self.server.n_logs() < n_logs {
            // Some runs come too late for some logs.
            let most = if self.random.once_in(10) { 6 } else { 1 };
            let wait = self.server.half_life() * most;
            let wait = i64::try_from(self.random.below(u64::try_from(wait).unwrap())).unwrap();
            let until = self.server.elapsed + wait;
            while self.server.elapsed <= until {
                self.server.step(&mut self.random);
            }
            let how_far = match self.random.below(6) {
                0 => HowFar::Plan,
                1 | 2 => HowFar::Event(self.random.below(60)),
                _ => HowFar::ToEnd,
            };
            self.run(how_far);
        }
    }

    /// The last run, and what must be so at the end. Gives the number of logs.
    pub(crate) fn finish(mut self) -> u64 {
        self.run(HowFar::ToEnd);
        self.backups.look(self.server.elapsed);
        self.backups.check(&self.names, &self.server.unseen);
        self.server.n_logs()
    }

    fn run(&mut self, how_far: HowFar) {
        self.options.now = self.server.now;
        let folders = Folders::prepare(&self.options).unwrap();
        let lock = lock(&folders);
        let plan = plan(folders.survey(&self.options, Checking::Newest).unwrap(), &self.options);
        for gap in plan.gaps.clone() {
            self.tell_gap(gap);
        }
        if how_far == HowFar::Plan {
            return;
        }
        let seen = Vec::from_iter(self.server.logs.iter().map(|log| (log_name(&log.name), log.content)));
        for (name, content) in &seen {
            self.backups.see(*content);
            self.names.push((*name, content.id));
        }
        self.names.sort_unstable();
        self.names.dedup();
        let outcome = self.carry_out((folders, lock, plan), how_far, &seen);
        match outcome {
            Some(outcome) => self.check_room(outcome),
            None => {
                // Where there is room for it.
                let _ = fs::write(self.path(".2017-0427-084412.log.gz.4711-0.tmp"), "half");
                self.backups.look(self.server.elapsed);
            }
        }
    }

    /// `None` if it is killed.
    fn carry_out(
        &mut self,
        (folders, lock, plan): (Folders, Lock, Plan),
        how_far: HowFar,
        seen: &[(LogName, Content)],
    ) -> Option<Outcome> {
        let World {
            random,
            server,
            backups,
            options,
            ..
        } = self;
        let n_events = RefCell::new(0);
        let mut see = |event: Event<'_>| {
            match &event {
                Event::Copied { file, .. } => backups.save(&file.to_string(), server.elapsed),
                Event::Pruned { backup, .. } => {
                    backup
                        .files()
                        .for_each(|file: LogFile| backups.prune(&file.to_string()));
                }
                Event::Vanished(log) => {
                    let (_, content) = seen.iter().find(|(name, _)| *name == log.name).unwrap();
                    backups.tell_lost(content.id);
                }
                Event::Failed(error) => panic!("{error}"),
                _ => {}
            }
            // The server goes on meanwhile.
            if random.once_in(40) {
                server.step_on(random);
            }
            *n_events.borrow_mut() += 1;
            if how_far == HowFar::Event(*n_events.borrow()) {
                resume_unwind(Box::new("killed"));
            }
        };
        let watcher = Watcher {
            report: &mut see,
            is_to_end: &AtomicBool::new(false),
        };
        let ran = catch_unwind(AssertUnwindSafe(|| folders.carry_out(&lock, plan, options, watcher)));
        match ran {
            Ok(outcome) => Some(outcome),
            Err(cause) if cause.downcast_ref::<&str>() == Some(&"killed") => None,
            Err(cause) => resume_unwind(cause),
        }
    }

    /// After a run that deleted backups the room is used as far as it may be.
    fn check_room(&mut self, outcome: Outcome) {
        let percent = outcome.percent.unwrap();
        let is_full = percent + 3 >= MAX_USE;
        assert!(
            outcome.n_pruned == 0 || is_full,
            "{} deleted, and use is {percent} %",
            outcome.n_pruned
        );
        self.backups.settle();
    }

    /// Logs are told as lost. The first of them is.
    fn tell_gap(&mut self, gap: Gap) {
        let from = match gap.from {
            GapBegin::With(name) => name,
            GapBegin::After(name) => panic!("a gap after {name}, though there is a state"),
        };
        let is_there = |id: u64| self.server.logs.iter().any(|log| log.content.id == id);
        let is_before_end = |name: LogName| match gap.until {
            GapEnd::Before(end) => name < end,
            GapEnd::With(last) => name <= last,
        };
        let is_in = |name: LogName| from <= name && is_before_end(name);
        let mut is_first_lost = false;
        for (name, id) in self.names.iter().filter(|(name, _)| is_in(*name)) {
            if self.backups.logs[id].is_unsaved() && !is_there(*id) {
                is_first_lost |= *name == from;
                self.backups.tell_lost(*id);
            }
        }
        assert!(is_first_lost, "{from} is told as lost, and is not");
    }

    fn path(&self, name: &str) -> PathBuf {
        self.options.destination.join(name)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = unmount(self.root.path().join("dst"), UnmountFlags::empty());
    }
}

fn lock(folders: &Folders) -> Lock {
    match folders.lock(Duration::ZERO, 0).unwrap() {
        Taken::Lock(lock) => lock,
        Taken::By(holder) => panic!("{holder:?}"),
    }
}

fn log_name(name: &str) -> LogName {
    LogName::parse(name.as_ref()).unwrap()
}
