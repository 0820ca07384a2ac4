//! How far the work has come, for a person who waits at a terminal.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ecs_trace::Observer;
use indicatif::{HumanBytes, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::screen::Line;

/// Work that is done sooner needs no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// A bar on standard error; on anything but a terminal, nothing.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    bytes: AtomicU64,
}

impl Progress {
    /// Shows nothing as long as nothing is expected.
    pub(crate) fn new(line: &Line) -> Progress {
        Progress {
            bar: line.bar(),
            bytes: AtomicU64::new(0),
        }
    }
}

impl Observer for Progress {
    fn expect(&self, logs: Option<usize>) {
        self.bytes.store(0, Ordering::Relaxed);
        let Some(bar) = &self.bar else {
            return;
        };
        let template = match logs {
            None => "{msg}",
            Some(_) => "{wide_bar} {pos}/{len} logs, {msg}, {eta} left",
        };
        let style = ProgressStyle::with_template(template);
        bar.set_draw_target(ProgressDrawTarget::hidden());
        bar.reset();
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_length(u64::try_from(logs.unwrap_or_default()).unwrap_or(u64::MAX));
    }

    fn read(&self, bytes: usize) {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    fn finished_log(&self) {
        if let Some(bar) = &self.bar {
            bar.inc(1);
        }
    }

    fn show(&self) {
        let Some(bar) = &self.bar else {
            return;
        };
        if bar.is_hidden() {
            if bar.elapsed() < PATIENCE {
                return;
            }
            bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(10));
        }
        let bytes = self.bytes.load(Ordering::Relaxed);
        let per_second = u128::from(bytes).saturating_mul(1000) / bar.elapsed().as_millis().max(1);
        let speed = HumanBytes(u64::try_from(per_second).unwrap_or(u64::MAX));
        bar.set_message(format!("{} read, {speed}/s", HumanBytes(bytes)));
    }
}
