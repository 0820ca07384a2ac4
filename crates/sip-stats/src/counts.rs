//! What was counted of one part of the input, on its way to the report.

use sip_scan::{Damaged, Direction, Message};

use crate::cells::{self, Cells};
use crate::damage::DamageTally;
use crate::filter::Filter;
use crate::kind::Kind;
use crate::link::Link;
use crate::recent::Recent;
use crate::window::{Interval, Window};

/// The counts of one part of the input, by window, link, type and direction: a list, since most parts are small, and
/// the report finds the place of each count but once.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// In the order in which they came. One may be there more than once, if others came between.
    counts: Vec<Count>,
    /// Where in `counts` each may be.
    recent: Recent<u16>,
    /// The window that was added last.
    last: Option<Window>,
    /// Records within the range of time, damaged ones among them.
    pub records: u64,
    /// The damaged ones.
    pub damage: DamageTally,
}

/// One count.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Count {
    pub(crate) window: Window,
    /// Link and type; none where the window has messages, but none that counts.
    pub(crate) of: Option<(Link, Kind)>,
    /// IN and OUT.
    pub(crate) messages: [u64; 2],
}

impl Count {
    pub(crate) fn total(&self) -> u64 {
        self.messages.into_iter().fold(0, u64::saturating_add)
    }
}

impl Counts {
    /// Adds one message, if it lies in the filter's range of time.
    pub fn add(&mut self, message: &Message, filter: &Filter, interval: Interval) {
        if !filter.is_in_range(&message.stamp) {
            return;
        }
        self.records = self.records.saturating_add(1);
        if let Some(damage) = message.damage {
            self.damage.add(damage, true);
        }
        let window = Window::of(&message.stamp, interval);
        let Some(kind) = filter.kind_of(message) else {
            return self.open(window);
        };
        let one = match message.direction {
            Direction::In => [1, 0],
            Direction::Out => [0, 1],
        };
        let link = Link::of(message);
        let Some(place) = self.recent.of(&link, kind) else {
            return;
        };
        match self.counts.get_mut(usize::from(*place)) {
            Some(count) if count.window == window && count.of == Some((link, kind)) => {
                cells::add(&mut count.messages, one);
            }
            _ => {
                // Beyond that nothing is found, and so added anew.
                *place = u16::try_from(self.counts.len()).unwrap_or(u16::MAX);
                self.last = Some(window);
                self.counts.push(Count {
                    window,
                    of: Some((link, kind)),
                    messages: one,
                });
            }
        }
    }

    /// Adds a window, though nothing may come for it.
    pub fn open(&mut self, window: Window) {
        if self.last.replace(window) != Some(window) {
            self.counts.push(Count {
                window,
                of: None,
                messages: [0, 0],
            });
        }
    }

    /// Adds what cannot be counted, if it does not lie outside of the filter's range of time.
    pub fn add_damaged(&mut self, damaged: &Damaged<'_>, filter: &Filter) {
        if damaged.stamp.is_none_or(|stamp| filter.is_in_range(&stamp)) {
            self.records = self.records.saturating_add(1);
            self.damage.add(damaged.damage, false);
        }
    }

    /// How many bytes of memory it takes, roughly.
    pub fn bytes(&self) -> usize {
        self.counts.capacity().saturating_mul(size_of::<Count>())
    }

    /// Whether there is no window in it.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// How many messages were counted.
    pub fn messages(&self) -> u64 {
        self.counts.iter().map(Count::total).fold(0, u64::saturating_add)
    }

    /// How many messages were counted in windows up to `last`, in the first of these, and in the last; none where there
    /// were none.
    pub fn up_to(&self, last: Window) -> Option<(u64, Window, Window)> {
        let counts = self
            .counts
            .iter()
            .filter(|count| count.window <= last && count.of.is_some());
        counts.fold(None, |sum, count| {
            let (messages, first, last) = sum.unwrap_or((0, count.window, count.window));
            let messages = messages.saturating_add(count.total());
            Some((messages, first.min(count.window), last.max(count.window)))
        })
    }

    /// Adds to `cells` what was counted in `window`.
    pub fn add_to(&self, cells: &mut Cells, window: Window) {
        let mut recent = Recent::default();
        for count in self.counts.iter().filter(|count| count.window == window) {
            if let Some((link, kind)) = &count.of {
                cells.add(link, *kind, count.messages, &mut recent);
            }
        }
    }

    /// The counts, those of one window together as far as they came so.
    pub(crate) fn by_window(&self) -> impl Iterator<Item = (Window, &[Count])> {
        let runs = self.counts.chunk_by(|count, next| count.window == next.window);
        runs.filter_map(|run| Some((run.first()?.window, run)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use sip_scan::{Method, Start};

    use super::*;
    use crate::testing::{filter, message};

    /// More links than places are remembered, and windows by turns: each count is there, though in parts.
    #[test]
    fn all_is_counted_in_whatever_order_it_comes() {
        let all = filter("ALL", "ALL");
        let mut counts = Counts::default();
        let mut plain: BTreeMap<(Window, String, Kind), [u64; 2]> = BTreeMap::new();
        for n in 0..20_000usize {
            let link = n * n % 700;
            let ends = format!("10.2.{}.{}:40000>10.1.1.1:5070", link / 250, link % 250);
            let start = [
                Start::Request(Method::Bye),
                Start::Response(200),
                Start::Request(Method::Other),
            ][n % 3];
            let mut message = message(&format!("20170427:08441{}", n % 7), &ends, start, Method::Bye);
            if n % 2 == 0 {
                message.direction = Direction::Out;
            }
            counts.add(&message, &all, Interval::Sec);
            let window = Window::of(&message.stamp, Interval::Sec);
            if let Some(kind) = all.kind_of(&message) {
                let link = Link::of(&message).to_string();
                plain.entry((window, link, kind)).or_default()[(n + 1) % 2] += 1;
            }
        }
        let mut found = BTreeMap::new();
        for second in 0..7 {
            let stamp = message(
                &format!("20170427:08441{second}"),
                "1.1.1.1:1>2.2.2.2:2",
                Start::Response(200),
                Method::Bye,
            );
            let window = Window::of(&stamp.stamp, Interval::Sec);
            let mut cells = Cells::default();
            counts.add_to(&mut cells, window);
            for (link, row) in cells.rows() {
                let link = link.map(Link::to_string).unwrap_or_default();
                found.extend(row.cells().map(|(kind, cell)| ((window, link.clone(), kind), cell)));
            }
        }
        assert_eq!(found, plain);
        assert_eq!(counts.records, 20_000);
        assert_eq!(counts.messages(), plain.values().flatten().sum::<u64>());
    }

    #[test]
    fn what_lies_in_windows_up_to_one() {
        let all = filter("BYE", "ALL");
        let mut counts = Counts::default();
        let at = |second: u32, start| {
            let time = format!("20170427:0844{second}");
            message(&time, "10.2.2.2:1>10.1.1.1:2", start, Method::Bye)
        };
        let window = |second| Window::of(&at(second, Start::Response(200)).stamp, Interval::Sec);
        for second in [13, 11, 14, 11] {
            counts.add(&at(second, Start::Request(Method::Bye)), &all, Interval::Sec);
        }
        // Of no type that counts.
        counts.add(&at(10, Start::Request(Method::Ack)), &all, Interval::Sec);
        assert_eq!(counts.up_to(window(10)), None);
        assert_eq!(counts.up_to(window(11)), Some((2, window(11), window(11))));
        assert_eq!(counts.up_to(window(13)), Some((3, window(11), window(13))));
        assert_eq!(counts.up_to(window(59)), Some((4, window(11), window(14))));
        let windows: Vec<Window> = counts.by_window().map(|(window, _)| window).collect();
        assert_eq!(windows, [13, 11, 14, 11, 10].map(window));
    }
}
