//! The windows of one run in the order of time: what is held of them, when each is over, and what came too late.

use std::collections::BTreeMap;
use std::iter;

use sip_filter::{Interval, StampRange, Window};
use sip_scan::Stamp;

use crate::calendar;
use crate::cells::Cells;
use crate::closed_window::ClosedWindow;
use crate::late::Late;

#[cfg(test)]
mod tests;

/// The most windows that open at once where nothing came. Where the time of the logs goes on by more, nothing is shown for
/// what lies between, as in a batch.
const MAX_OPENED: usize = 60;

/// The windows of one run. Each is closed once, in the order of time.
///
/// A batch has only the windows in which messages came. A live run also has those in which nothing came, from the time on at
/// which it [began](Timeline::begin) or [caught up](Timeline::caught_up) with what was there.
///
/// Whoever calls a method that gives closed windows takes them all before the next call.
#[derive(Debug)]
pub struct Timeline {
    interval: Interval,
    held: BTreeMap<Window, Cells>,
    /// How many bytes of memory the held windows take, as [`Cells::bytes`] says.
    bytes: usize,
    /// Where counting began within a window. Few windows have that.
    begun: BTreeMap<Window, Stamp>,
    last_closed: Option<Window>,
    late: Option<Late>,
    /// How many messages were late, told or not.
    late_messages: u64,
    live: Option<Live>,
}

/// What a live run knows beside its windows.
#[derive(Debug)]
struct Live {
    range: Option<StampRange>,
    /// Up to this time windows are open. `None` as long as windows in which nothing came are not shown.
    opened: Option<Stamp>,
    /// All windows before this one are over.
    over: Option<Window>,
}

impl Timeline {
    /// The most bytes of memory that held windows take; a window of [`Cells::MAX`] cells alone takes less. Beyond that the
    /// oldest windows are closed, though more may come for them.
    pub const MAX_HELD: usize = 8 << 20;

    /// The timeline of a batch.
    pub fn batch(interval: Interval) -> Timeline {
        Timeline {
            interval,
            held: BTreeMap::new(),
            bytes: 0,
            begun: BTreeMap::new(),
            last_closed: None,
            late: None,
            late_messages: 0,
            live: None,
        }
    }

    /// The timeline of a live run that counts what lies in `range`.
    pub fn live(interval: Interval, range: Option<StampRange>) -> Timeline {
        Timeline {
            live: Some(Live {
                range,
                opened: None,
                over: None,
            }),
            ..Timeline::batch(interval)
        }
    }

    /// Whether this is the timeline of a live run.
    pub fn is_live(&self) -> bool {
        self.live.is_some()
    }

    /// Live: counting begins at `at`, within a window. Of several sources, the earliest decides from where on windows are
    /// shown.
    pub fn begin(&mut self, at: Stamp) {
        self.begun.entry(self.window(&at)).or_insert(at);
        if let Some(live) = &mut self.live {
            live.opened = Some(live.opened.map_or(at, |opened| opened.min(at)));
        }
    }

    /// Live: all that is there has been read, and the clock of the logs shows `at`. From then on all windows are shown.
    pub fn caught_up(&mut self, at: Stamp) {
        if let Some(live) = &mut self.live {
            live.opened.get_or_insert(at);
        }
    }

    /// Takes counts. Closes the oldest windows if too much would be held otherwise.
    pub fn absorb(&mut self, windows: BTreeMap<Window, Cells>) -> impl Iterator<Item = ClosedWindow> {
        for (window, cells) in windows {
            self.hold(window, cells);
        }
        iter::from_fn(|| {
            let is_full = self.bytes > Timeline::MAX_HELD;
            is_full.then(|| self.close_first(None)).flatten()
        })
    }

    /// Nothing older than `before` comes any more: closes the windows that are over by then.
    ///
    /// A live run closes windows only when `before` reaches a window for the first time. What comes late for a window that
    /// was not shown is then held until the next window is over.
    pub fn settle(&mut self, before: Stamp) -> impl Iterator<Item = ClosedWindow> {
        let window = self.window(&before);
        let reaches_new = match &mut self.live {
            Some(live) if live.over.is_some_and(|over| window <= over) => false,
            Some(live) => {
                live.over = Some(window);
                self.open_to(before);
                true
            }
            None => true,
        };
        iter::from_fn(move || {
            let (first, _) = self.held.first_key_value()?;
            let is_over = reaches_new && *first < window;
            is_over.then(|| self.close_first(None)).flatten()
        })
    }

    /// Nothing more comes: closes all windows. Where a live run was stopped, `at` says at which time of the logs; the window
    /// of that time and those after it are partial.
    pub fn finish(&mut self, at: Option<Stamp>) -> impl Iterator<Item = ClosedWindow> {
        if let Some(at) = at {
            self.open_to(at);
        }
        let interval = self.interval;
        iter::from_fn(move || {
            let (first, _) = self.held.first_key_value()?;
            let to = at.filter(|at| Window::of(at, interval) <= *first);
            self.close_first(to)
        })
    }

    /// What came after its window was closed, since this was last asked.
    pub fn take_late(&mut self) -> Option<Late> {
        self.late.take()
    }

    /// How many messages came after their window was closed, in the whole run.
    pub fn late_messages(&self) -> u64 {
        self.late_messages
    }

    /// Live: all windows before this one are over. `None` before the first was.
    pub fn settled(&self) -> Option<Window> {
        self.live.as_ref()?.over
    }

    /// Live: whether all windows of the range are over. A run without a range has no end.
    pub fn is_past_range(&self) -> bool {
        let live = self.live.as_ref();
        let ends = live.and_then(|live| Some((live.over?, self.window(&live.range?.last))));
        ends.is_some_and(|(over, last)| over > last)
    }

    /// The window in which `stamp` lies.
    pub fn window(&self, stamp: &Stamp) -> Window {
        Window::of(stamp, self.interval)
    }

    /// What is held of a window.
    pub fn held(&self, window: Window) -> Option<&Cells> {
        self.held.get(&window)
    }

    fn hold(&mut self, window: Window, cells: Cells) {
        if self.last_closed.is_some_and(|last| window <= last) {
            return self.note_late(window, cells.messages());
        }
        match self.held.get_mut(&window) {
            Some(held) => {
                let before = held.bytes();
                held.merge(cells);
                self.bytes = self.bytes.saturating_sub(before).saturating_add(held.bytes());
            }
            None => {
                self.bytes = self.bytes.saturating_add(cells.bytes());
                self.held.insert(window, cells);
            }
        }
    }

    fn note_late(&mut self, window: Window, messages: u64) {
        if messages == 0 {
            return;
        }
        let more = Late {
            messages,
            first: window,
            last: window,
        };
        self.late = Some(self.late.map_or(more, |late| late.and(more)));
        self.late_messages = self.late_messages.saturating_add(messages);
    }

    /// Live: opens the windows up to that of `at`, whether something came or not.
    fn open_to(&mut self, at: Stamp) {
        let (interval, last) = (self.interval, self.window(&at));
        let Some(Live {
            range,
            opened: Some(opened),
            ..
        }) = &mut self.live
        else {
            return;
        };
        let (range, begin) = (*range, *opened);
        *opened = begin.max(at);
        let steps = |from: Stamp| iter::successors(Some(from), move |stamp| calendar::later(stamp, interval));
        let is_leap = steps(begin).nth(MAX_OPENED).is_some_and(|last| last < at);
        let rest = steps(if is_leap { at } else { begin }).take_while(|stamp| Window::of(stamp, interval) <= last);
        for stamp in iter::once(begin).chain(rest) {
            if range.is_none_or(|range| range.contains(&stamp)) {
                self.hold(self.window(&stamp), Cells::shown());
            }
        }
    }

    fn close_first(&mut self, to: Option<Stamp>) -> Option<ClosedWindow> {
        let (window, cells) = self.held.pop_first()?;
        self.bytes = self.bytes.saturating_sub(cells.bytes());
        self.last_closed = Some(window);
        Some(ClosedWindow {
            window,
            interval: self.interval,
            from: self.begun.remove(&window),
            to,
            coverage: None,
            cells,
        })
    }
}
