//! The program while it runs: what it has printed so far, and signals to it.

use std::io::Read;
use std::process::{Child, ChildStdin, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::harness::Run;

/// After so long it is taken to hang.
const HANGS: Duration = Duration::from_secs(120);

/// A run that goes on; killed with its owner.
pub(crate) struct Live {
    child: Child,
    stdout: Output,
    stderr: Output,
}

/// What was said, when it has ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Live {
    pub(crate) fn start(run: Run) -> Live {
        let mut child = run.command().spawn().unwrap();
        Live {
            stdout: Output::of(child.stdout.take()),
            stderr: Output::of(child.stderr.take()),
            child,
        }
    }

    /// Its standard output is a pipe that nobody reads.
    pub(crate) fn start_unread(run: Run) -> Live {
        let (reader, writer) = std::io::pipe().unwrap();
        let mut child = run.command().stdout(Stdio::from(writer)).spawn().unwrap();
        drop(reader);
        Live {
            stdout: Output::of(None::<std::process::ChildStdout>),
            stderr: Output::of(child.stderr.take()),
            child,
        }
    }

    pub(crate) fn stdin(&mut self) -> ChildStdin {
        self.child.stdin.take().unwrap()
    }

    /// Waits until what it has printed is as wanted.
    #[track_caller]
    pub(crate) fn wait_for(&self, is_wanted: impl Fn(&str) -> bool) {
        let begun = Instant::now();
        while !is_wanted(&self.stdout.text.lock().unwrap()) {
            let stdout = self.stdout.text.lock().unwrap().clone();
            let stderr = self.stderr.text.lock().unwrap().clone();
            assert!(
                begun.elapsed() < HANGS,
                "it has printed only:\n{stdout}\nand said:\n{stderr}"
            );
            thread::sleep(Duration::from_millis(10));
        }
    }

    pub(crate) fn signal(&self, signal: Signal) {
        // It may have ended.
        let _ = kill_process(Pid::from_child(&self.child), signal);
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Sends it a signal and waits for its end.
    pub(crate) fn end(self, signal: Signal) -> Said {
        self.signal(signal);
        self.ended()
    }

    /// Waits for its end.
    pub(crate) fn ended(mut self) -> Said {
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(begun.elapsed() < HANGS, "it does not end");
            thread::sleep(Duration::from_millis(10));
        };
        Said {
            status,
            stdout: self.stdout.whole(),
            stderr: self.stderr.whole(),
        }
    }

    /// How much of a processor it has used; none where the system does not say.
    pub(crate) fn processor_time(&self) -> Option<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).ok()?;
        let (_, fields) = stat.rsplit_once(')')?;
        let ticks = fields
            .split_whitespace()
            .skip(11)
            .take(2)
            .map(|field| field.parse::<u64>());
        let ticks: u64 = ticks.map(Result::unwrap).sum();
        Some(Duration::from_millis(
            ticks * 1000 / rustix::param::clock_ticks_per_second(),
        ))
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Said {
    /// The tables, without the windows in which nothing came.
    pub(crate) fn tables(&self) -> String {
        let tables = self
            .stdout
            .split("\n\n")
            .filter(|table| table.trim_end().contains('\n'));
        tables.map(str::trim_end).collect::<Vec<_>>().join("\n\n")
    }

    /// Each window in which something was counted, with all its numbers.
    pub(crate) fn counts(&self) -> Vec<String> {
        counts(&self.stdout)
    }
}

/// Each window in which something was counted, with all its numbers.
pub(crate) fn counts(stdout: &str) -> Vec<String> {
    let tables = stdout.split("\n\n").filter(|table| table.trim_end().contains('\n'));
    let numbers = |table: &str| {
        let rows = table.lines().skip(2).flat_map(|row| row.split_whitespace().skip(1));
        let window = table.split_whitespace().take(1);
        window.chain(rows).collect::<Vec<_>>().join(" ")
    };
    tables.map(numbers).collect()
}

/// All numbers of a window that [`counts`] gave.
pub(crate) fn sum(window: &str) -> u64 {
    let numbers = window.split_whitespace().skip(1);
    numbers.map(|number| number.parse::<u64>().unwrap()).sum()
}

/// What comes on a pipe, as it comes.
struct Output {
    text: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
}

impl Output {
    fn of(pipe: Option<impl Read + Send + 'static>) -> Output {
        let text = Arc::new(Mutex::new(String::new()));
        let reader = pipe.map(|mut pipe| {
            let text = Arc::clone(&text);
            thread::spawn(move || {
                let mut buffer = [0; 4096];
                while let Ok(length @ 1..) = pipe.read(&mut buffer) {
                    let part = std::str::from_utf8(&buffer[..length]).expect("it prints ASCII here");
                    text.lock().unwrap().push_str(part);
                }
            })
        });
        Output { text, reader }
    }

    fn whole(&mut self) -> String {
        if let Some(reader) = self.reader.take() {
            reader.join().unwrap();
        }
        self.text.lock().unwrap().clone()
    }
}
