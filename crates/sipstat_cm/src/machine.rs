//! The machine that logs are followed on.

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
    is_to_end: Arc<AtomicBool>,
}

impl ThisMachine {
    /// From here on signals ask for an end.
    pub(crate) fn new() -> ThisMachine {
        ThisMachine {
            begun: Instant::now(),
            is_to_end: this_process::catch_signals(),
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
        self.is_to_end.load(Ordering::Relaxed)
    }

    /// To write would tell as well, but the next table may be long ahead.
    fn has_reader(&self) -> bool {
        this_process::has_reader()
    }
}
