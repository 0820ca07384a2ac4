//! The process itself: it gives way to the server, and keeps what is in memory out of core files.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use ioprio::{Class, Pid, Priority, Target};

use rustix::fs::{OFlags, fcntl_getfl, fstat, major, minor};
use rustix::process::{Resource, Rlimit};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::flag;

/// The numbers of the device `/dev/null` on Linux.
const NULL: (u32, u32) = (1, 3);

/// The signal that asked the program to end, if one did.
#[derive(Default)]
pub(crate) struct Signals {
    /// Set with the first of them.
    is_to_end: Arc<AtomicBool>,
    number: Arc<AtomicUsize>,
}

impl Signals {
    /// Catches those that ask a program to end, and gives what is set by them. Where one cannot be caught, it ends the program
    /// at once, which costs no log.
    pub(crate) fn catch(&self) -> &AtomicBool {
        for number in [SIGTERM, SIGINT, SIGHUP] {
            let value = usize::try_from(number).unwrap_or(0);
            let _ = flag::register_usize(number, Arc::clone(&self.number), value);
            let _ = flag::register(number, Arc::clone(&self.is_to_end));
        }
        &self.is_to_end
    }

    /// The exit status by which a shell tells of the signal.
    pub(crate) fn status(&self) -> Option<u8> {
        match self.number.load(Ordering::Relaxed) {
            0 => None,
            number => u8::try_from(number).ok()?.checked_add(128),
        }
    }
}

/// Whether the program was started with standard error closed.
///
/// The Rust runtime opens `/dev/null` in its place before `main`, to read and to write. A shell opens it for `2>/dev/null` only to
/// write: whoever asks for that wants nothing to be told.
pub(crate) fn is_stderr_closed() -> bool {
    let is_null = |stat: &rustix::fs::Stat| (major(stat.st_rdev), minor(stat.st_rdev)) == NULL;
    let (flags, stat) = (fcntl_getfl(io::stderr()), fstat(io::stderr()));
    flags.is_ok_and(|flags| flags.contains(OFlags::RDWR)) && stat.is_ok_and(|stat| is_null(&stat))
}

/// The name of this server, escaped; empty if the system does not tell it.
pub(crate) fn host() -> String {
    ecs_log::escape(rustix::system::uname().nodename().to_bytes()).to_string()
}

/// Seconds since 1970; 0 before that.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// Asks for the lowest priority for processor and disk, and for no core dumps, since logs hold names, numbers and addresses.
/// Catches the signal that says that a file is too large: then the write fails, and that is told.
///
/// If the system refuses, the run goes on all the same.
pub(crate) fn set_up() {
    let _ = flag::register(SIGXFSZ, Arc::default());
    let _ = rustix::process::setpriority_process(None, 19);
    let this_process = Target::Process(Pid::from_raw(0));
    let _ = ioprio::set_priority(this_process, Priority::new(Class::Idle));
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let _ = rustix::process::setrlimit(Resource::Core, none);
}
