//! Which windows are open: begun by the clock of the logs, though nothing may have come for them.

use std::io::Write;
use std::time::Duration;

use sip_scan::Stamp;
use sip_stats::{Counts, Filter, Interval, Report, Window};
use time::PrimitiveDateTime;

/// How long a window is held after its end, for lines that come late.
pub(crate) const HOLD: Duration = Duration::from_secs(2);
/// The most windows that begin at once, where nothing came; more are passed over, as a batch does.
const MOST_AT_ONCE: i32 = 60;

/// The windows of one run.
#[derive(Debug)]
pub(crate) struct Windows {
    interval: Interval,
    /// A time in the last window that was begun; none before what was there already has been read.
    opened: Option<PrimitiveDateTime>,
    /// All windows before it are over.
    over: Option<Window>,
}

/// All windows before `window`, in which `time` lies, are over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Over {
    pub(crate) window: Window,
    pub(crate) time: PrimitiveDateTime,
}

impl Windows {
    pub(crate) fn new(interval: Interval) -> Windows {
        Windows {
            interval,
            opened: None,
            over: None,
        }
    }

    /// Counting begins at `time`, within a window.
    pub(crate) fn begin_within<W: Write>(&mut self, time: PrimitiveDateTime, report: &mut Report<W>) {
        if let Some(stamp) = stamp(time) {
            report.begin_at(stamp, self.interval);
            // Of several logs the one that is furthest back begins.
            self.opened = Some(self.opened.map_or(time, |opened| opened.min(time)));
        }
    }

    /// From `time` on each window is shown, whether something comes or not.
    pub(crate) fn begin(&mut self, time: PrimitiveDateTime) {
        self.opened.get_or_insert(time);
    }

    /// What is over at `time`, if that is more than before.
    pub(crate) fn over_at(&mut self, time: PrimitiveDateTime) -> Option<Over> {
        let time = time.saturating_sub(time::Duration::try_from(HOLD).ok()?);
        let window = self.window(time)?;
        if self.over.is_some_and(|over| window <= over) {
            return None;
        }
        self.over = Some(window);
        Some(Over { window, time })
    }

    /// Begins the windows up to the one in which `time` lies.
    pub(crate) fn open(&mut self, time: PrimitiveDateTime, counts: &mut Counts, filter: &Filter) {
        let Some(opened) = self.opened else {
            return;
        };
        let mut begin = |time: PrimitiveDateTime| {
            if let Some(stamp) = stamp(time).filter(|stamp| filter.is_in_range(stamp)) {
                counts.windows.entry(Window::of(&stamp, self.interval)).or_default();
            }
        };
        begin(opened);
        let length = time::Duration::seconds(self.interval.seconds().into());
        let is_leap = time - opened > length.saturating_mul(MOST_AT_ONCE);
        let mut next = if is_leap { time } else { opened };
        while self.window(next) <= self.window(time) {
            begin(next);
            next = next.saturating_add(length);
        }
        self.opened = Some(opened.max(time));
    }

    /// The window in which `time` lies.
    pub(crate) fn window(&self, time: PrimitiveDateTime) -> Option<Window> {
        stamp(time).map(|stamp| Window::of(&stamp, self.interval))
    }

    /// Whether all windows of the filter's range are over.
    pub(crate) fn are_past(&self, filter: &Filter) -> bool {
        let last = filter.range.map(|(_, last)| Window::of(&last, self.interval));
        last.is_some_and(|last| self.over.is_some_and(|over| over > last))
    }
}

/// `time` as a log bears it.
pub(crate) fn stamp(time: PrimitiveDateTime) -> Option<Stamp> {
    Stamp::new(ecs_log::stamp_of_time(time))
}
