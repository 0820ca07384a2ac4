//! A run that is stopped in the middle of a log, so that what happens meanwhile happens for sure.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::harness::{Ran, Server};

impl Server {
    /// Runs `command`, stops it while it reads `log`, and lets it go on after `meanwhile`.
    ///
    /// One that was past the log before it could be stopped begins again, with an empty folder of backups.
    pub(crate) fn run_paused_in(&self, command: &mut Command, log: &Path, meanwhile: impl FnOnce()) -> Ran {
        self.go_on(self.pause_in(command, log), meanwhile)
    }

    /// The same, and sends it a signal.
    pub(crate) fn run_signalled_in(&self, command: &mut Command, log: &Path, signal: Signal) -> Ran {
        let child = self.pause_in(command, log);
        let pid = pid(&child);
        self.go_on(child, || kill_process(pid, signal).unwrap())
    }

    fn pause_in(&self, command: &mut Command, log: &Path) -> Child {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        loop {
            let mut child = command.spawn().unwrap();
            if stop_in(&mut child, log) {
                return child;
            }
            child.wait().unwrap();
            fs::remove_dir_all(self.dst()).unwrap();
        }
    }

    fn go_on(&self, child: Child, meanwhile: impl FnOnce()) -> Ran {
        meanwhile();
        kill_process(pid(&child), Signal::CONT).unwrap();
        let output = child.wait_with_output().unwrap();
        Ran::from_output(&output, self.src().parent().unwrap())
    }
}

/// Stops a process once it has read a part of `log`; false, and it goes on, where it was past that.
fn stop_in(child: &mut Child, log: &Path) -> bool {
    while child.try_wait().unwrap().is_none() {
        if !is_in(child, log) {
            give_way();
            continue;
        }
        kill_process(pid(child), Signal::STOP).unwrap();
        while !is_stopped(child) {
            give_way();
        }
        if is_in(child, log) {
            return true;
        }
        kill_process(pid(child), Signal::CONT).unwrap();
        return false;
    }
    false
}

/// Lets the other process work, which has the lowest priority. How long does not matter.
pub(crate) fn give_way() {
    thread::sleep(Duration::from_micros(200));
}

fn pid(child: &Child) -> Pid {
    Pid::from_child(child)
}

/// Whether a process has read some of `log`, and not all.
fn is_in(child: &Child, log: &Path) -> bool {
    let length = fs::metadata(log).unwrap().len();
    let process = Path::new("/proc").join(child.id().to_string());
    let Ok(descriptors) = fs::read_dir(process.join("fd")) else {
        return false;
    };
    descriptors.flatten().any(|descriptor| {
        let is_log = fs::read_link(descriptor.path()).is_ok_and(|path| path == log);
        let info = fs::read_to_string(process.join("fdinfo").join(descriptor.file_name())).unwrap_or_default();
        let position = info
            .lines()
            .find_map(|line| line.strip_prefix("pos:")?.trim().parse::<u64>().ok());
        is_log && position.is_some_and(|position| position > 0 && position < length)
    })
}

fn is_stopped(child: &Child) -> bool {
    let stat = fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap();
    // Behind the name, which stands in brackets.
    stat.rsplit(')')
        .next()
        .is_some_and(|rest| rest.trim_start().starts_with('T'))
}
