//! How far the work has come, for a person who waits at a terminal.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use indicatif::{HumanBytes, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work that is done sooner needs no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// A bar on standard error; on anything but a terminal, nothing.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    /// Whether the tables go to a terminal too, most likely the same.
    shares_terminal: bool,
    begun: Instant,
    logs: AtomicUsize,
    bytes: AtomicU64,
}

impl Progress {
    pub(crate) fn new(logs: usize) -> Progress {
        let length = u64::try_from(logs).unwrap_or(u64::MAX);
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::hidden());
            let template = match logs {
                // How many there are is not known.
                0 => "{msg} read",
                _ => "{wide_bar} {pos}/{len} logs, {msg} read, {eta} left",
            };
            let style = ProgressStyle::with_template(template);
            bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        Progress {
            bar,
            shares_terminal: std::io::stdout().is_terminal(),
            begun: Instant::now(),
            logs: AtomicUsize::new(0),
            bytes: AtomicU64::new(0),
        }
    }

    /// Bytes were read, of any log.
    pub(crate) fn read(&self, bytes: usize) {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// A log is done.
    pub(crate) fn finished_log(&self) {
        self.logs.fetch_add(1, Ordering::Relaxed);
    }

    /// Draws the bar, if it is time.
    pub(crate) fn show(&self) {
        let Some(bar) = &self.bar else {
            return;
        };
        if bar.is_hidden() {
            if self.begun.elapsed() < PATIENCE {
                return;
            }
            bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(10));
        }
        bar.set_message(HumanBytes(self.bytes.load(Ordering::Relaxed)).to_string());
        bar.set_position(u64::try_from(self.logs.load(Ordering::Relaxed)).unwrap_or(u64::MAX));
    }

    /// Does what may write to the same terminal.
    pub(crate) fn suspend<T>(&self, work: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) if self.shares_terminal && !bar.is_hidden() => bar.suspend(work),
            _ => work(),
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
