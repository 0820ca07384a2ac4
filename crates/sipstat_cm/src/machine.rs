//! The machine that the program runs on: clock, signals, priority, and whether somebody reads standard output.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use ecs_trace::Machine;

/// How long to sleep when there is nothing to read.
const PAUSE: Duration = Duration::from_millis(250);

/// This machine.
#[derive(Debug)]
pub(crate) struct ThisMachine {
    begun: Instant,
    /// Whether an end was asked for.
    signal: Arc<AtomicBool>,
    /// Whether the next signal ends the program at once.
    is_armed: Arc<AtomicBool>,
    /// What lets any first signal arm the next.
    #[cfg(unix)]
    arming: Vec<signal_hook::SigId>,
}

impl ThisMachine {
    /// From here on Ctrl-C and SIGTERM ask for an end; a second one ends the program at once.
    pub(crate) fn new() -> ThisMachine {
        let signal = Arc::new(AtomicBool::new(false));
        let is_armed = Arc::new(AtomicBool::new(false));
        #[cfg(unix)]
        let arming = [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM]
            .into_iter()
            .filter_map(|number| {
                use signal_hook::flag::{register, register_conditional_default};
                // Where it cannot be had, the signal ends the program at once.
                register_conditional_default(number, Arc::clone(&is_armed)).ok()?;
                register(number, Arc::clone(&signal)).ok()?;
                register(number, Arc::clone(&is_armed)).ok()
            })
            .collect();
        ThisMachine {
            begun: Instant::now(),
            signal,
            is_armed,
            #[cfg(unix)]
            arming,
        }
    }

    /// From here on no reading waits for others, so the first signal is seen soon, and only one that comes after that
    /// ends the program at once: timeout(1) sends its signal twice.
    pub(crate) fn looks_often(&mut self) {
        #[cfg(unix)]
        for id in self.arming.drain(..) {
            signal_hook::low_level::unregister(id);
        }
    }
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
        let is_asked = self.signal.load(Ordering::Relaxed);
        if is_asked {
            self.is_armed.store(true, Ordering::Relaxed);
        }
        is_asked
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
