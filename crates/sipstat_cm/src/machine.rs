//! The machine that the program runs on: clock, signals, priority, and whether somebody reads standard output.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use ecs_trace::Machine;

/// How long to sleep when there is nothing to read.
const PAUSE: Duration = Duration::from_millis(250);

/// Whether an end was asked for: by Ctrl-C, SIGTERM or SIGHUP.
#[derive(Debug)]
pub(crate) struct Signal(Arc<AtomicBool>);

impl Signal {
    /// From here on these signals ask for an end; a second one ends the program at once, whatever it waits for.
    pub(crate) fn awaited() -> Signal {
        let signal = Arc::new(AtomicBool::new(false));
        listen(&signal);
        Signal(signal)
    }

    pub(crate) fn came(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// This machine.
#[derive(Debug)]
pub(crate) struct ThisMachine {
    begun: Instant,
    signal: Signal,
}

impl ThisMachine {
    /// From here on signals ask for an end.
    pub(crate) fn new() -> ThisMachine {
        ThisMachine {
            begun: Instant::now(),
            signal: Signal::awaited(),
        }
    }
}

/// Lets signals set `signal`, and a later one end the program.
#[cfg(unix)]
fn listen(signal: &Arc<AtomicBool>) {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::flag::{register, register_conditional_default};
    let is_armed = Arc::new(AtomicBool::new(false));
    // nohup(1) keeps SIGHUP from all that it starts.
    let wanted = [SIGINT, SIGTERM, SIGHUP].into_iter();
    for number in wanted.filter(|number| *number != SIGHUP || !is_hangup_ignored()) {
        // Where it cannot be had, the signal ends the program at once.
        if register_conditional_default(number, Arc::clone(&is_armed)).is_ok() {
            let _ = register(number, Arc::clone(signal));
        }
    }
    let signal = Arc::clone(signal);
    // It is not the next signal at once that ends it: timeout(1) sends its signal twice.
    let arm = move || {
        while !signal.load(Ordering::Relaxed) {
            thread::sleep(PAUSE);
        }
        thread::sleep(PAUSE);
        is_armed.store(true, Ordering::Relaxed);
    };
    let _ = thread::Builder::new().spawn(arm);
}

/// Lets Ctrl-C and Ctrl-Break set `signal`, and a later one end the program.
#[cfg(windows)]
fn listen(signal: &Arc<AtomicBool>) {
    let signal = Arc::clone(signal);
    // Where it cannot be had, Ctrl-C ends the program at once.
    let _ = ctrlc::set_handler(move || {
        if signal.swap(true, Ordering::Relaxed) {
            std::process::exit(ENDED_BY_CTRL_C);
        }
    });
}

/// The exit status of a program that Ctrl-C ended, STATUS_CONTROL_C_EXIT (0xC000013A).
#[cfg(windows)]
const ENDED_BY_CTRL_C: i32 = -1_073_741_510;

/// Whether whoever started the program wants it to outlive its terminal. Where the system does not say, it is not so.
#[cfg(unix)]
fn is_hangup_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    // The lowest bit is that of the first signal, SIGHUP.
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .is_some_and(|mask| mask & 1 == 1)
}

impl Machine for ThisMachine {
    fn now(&self) -> Duration {
        self.begun.elapsed()
    }

    fn wall(&self) -> SystemTime {
        SystemTime::now()
    }

    fn pause(&mut self) {
        thread::sleep(PAUSE);
    }

    fn is_asked_to_end(&self) -> bool {
        self.signal.came()
    }

    /// To write would tell as well, but the next table may be long ahead.
    fn has_reader(&self) -> bool {
        #[cfg(unix)]
        return is_open();
        #[cfg(not(unix))]
        true
    }
}

/// Whether standard output is not a pipe that nobody reads any more. Where that cannot be asked, it is taken to be so.
#[cfg(unix)]
fn is_open() -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let stdout = std::io::stdout();
    let mut output = [PollFd::new(&stdout, PollFlags::empty())];
    let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
    let asked = poll(&mut output, Some(&at_once));
    let [output] = output;
    asked.is_err() || !output.revents().intersects(PollFlags::ERR | PollFlags::HUP)
}

/// Asks for the lowest priority, since what the server does comes first. Where that is refused the work is done all the
/// same.
pub(crate) fn lower_priority() {
    #[cfg(unix)]
    let _ = rustix::process::setpriority_process(None, 19);
}
