//! The report: takes counts as they come, writes each window once, in order of time.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};

use sip_scan::Stamp;

use crate::counts::{Cells, Counts};
use crate::damage::DamageTally;
use crate::table;
use crate::window::{Interval, Window};

/// Tables on their way to `out`.
#[derive(Debug)]
pub struct Report<W> {
    out: W,
    held: BTreeMap<Window, Cells>,
    /// What is held, as [`Cells::bytes`] reckons it.
    bytes: usize,
    last_written: Option<Window>,
    late: u64,
    records: u64,
    damage: DamageTally,
    /// Where the counting began within a window; few.
    begun: BTreeMap<Window, Stamp>,
}

impl<W: Write> Report<W> {
    /// The most bytes of counts that are held; beyond it the oldest windows are written, though more may come for them.
    pub const MAX_HELD: usize = 8 << 20;

    /// A report that writes to `out`.
    pub fn new(out: W) -> Report<W> {
        Report {
            out,
            held: BTreeMap::new(),
            bytes: 0,
            last_written: None,
            late: 0,
            records: 0,
            damage: DamageTally::default(),
            begun: BTreeMap::new(),
        }
    }

    /// Says that counting began at `stamp`: the window in which that lies is marked as partial.
    pub fn begin_at(&mut self, stamp: Stamp, interval: Interval) {
        self.begun.entry(Window::of(&stamp, interval)).or_insert(stamp);
    }

    /// Takes counts. Writes the oldest windows if too much would be held otherwise.
    ///
    /// # Errors
    ///
    /// What the writer says.
    pub fn add(&mut self, counts: Counts) -> io::Result<()> {
        self.records = self.records.saturating_add(counts.records);
        self.damage.merge(&counts.damage);
        for (window, cells) in counts.windows {
            if self.last_written.is_some_and(|last| window <= last) {
                self.late = self.late.saturating_add(cells.messages());
                continue;
            }
            let is_new = !self.held.contains_key(&window);
            let held = self.held.entry(window).or_default();
            self.bytes = self.bytes.saturating_sub(if is_new { 0 } else { held.bytes() });
            held.merge(cells);
            self.bytes = self.bytes.saturating_add(held.bytes());
        }
        while self.bytes > Self::MAX_HELD && self.held.len() > 1 {
            self.write_first()?;
        }
        Ok(())
    }

    /// Writes the windows before `window`: nothing that is still to come adds to them.
    ///
    /// # Errors
    ///
    /// What the writer says.
    pub fn write_before(&mut self, window: Window) -> io::Result<()> {
        while self.held.first_key_value().is_some_and(|(first, _)| *first < window) {
            self.write_first()?;
        }
        Ok(())
    }

    /// Writes all that is held, and flushes. The window in which `stamp` lies, and any after it, is marked as partial:
    /// counting ends there.
    ///
    /// # Errors
    ///
    /// What the writer says.
    pub fn finish_at(&mut self, stamp: Stamp, interval: Interval) -> io::Result<()> {
        self.write_before(Window::of(&stamp, interval))?;
        while !self.held.is_empty() {
            self.write_first_to(Some(stamp))?;
        }
        self.out.flush()
    }

    /// Hands what was written on to where the writer writes.
    ///
    /// # Errors
    ///
    /// What the writer says.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// Writes all that is held, and flushes.
    ///
    /// # Errors
    ///
    /// What the writer says.
    pub fn finish(&mut self) -> io::Result<()> {
        while !self.held.is_empty() {
            self.write_first()?;
        }
        self.out.flush()
    }

    /// Records taken, damaged ones among them.
    pub fn records(&self) -> u64 {
        self.records
    }

    /// The damaged records taken.
    pub fn damage(&self) -> &DamageTally {
        &self.damage
    }

    /// Adds to the damaged records.
    pub fn damage_mut(&mut self) -> &mut DamageTally {
        &mut self.damage
    }

    /// Messages that would have counted, had their window not been written before: their log is out of order, or
    /// there was too much to hold.
    pub fn late(&self) -> u64 {
        self.late
    }

    /// What is held of `window`.
    pub fn held(&self, window: Window) -> Option<&Cells> {
        self.held.get(&window)
    }

    /// The window that was written last; whatever comes for it, or one before, is late.
    pub fn last_written(&self) -> Option<Window> {
        self.last_written
    }

    fn write_first(&mut self) -> io::Result<()> {
        self.write_first_to(None)
    }

    fn write_first_to(&mut self, to: Option<Stamp>) -> io::Result<()> {
        let Some((window, cells)) = self.held.pop_first() else {
            return Ok(());
        };
        self.bytes = self.bytes.saturating_sub(cells.bytes());
        if self.last_written.replace(window).is_some() {
            writeln!(self.out)?;
        }
        let title = format!("{window}{}", Part(self.begun.remove(&window), to));
        table::write(&mut self.out, &title, &cells)
    }
}

/// ` (partial, from 08:44:12 to 08:44:31)`: what part of a window was counted; nothing where it is all of it.
struct Part(Option<Stamp>, Option<Stamp>);

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Part(from, to) = self;
        if from.is_none() && to.is_none() {
            return Ok(());
        }
        f.write_str(" (partial,")?;
        for (word, stamp) in [("from", from), ("to", to)] {
            if let Some(stamp) = stamp {
                write!(f, " {word} {}", time_of_day(stamp))?;
            }
        }
        f.write_str(")")
    }
}

/// The time of day of a timestamp, to the second, as `08:44:12`.
pub fn time_of_day(stamp: &Stamp) -> String {
    let digits = stamp.as_bytes().get(9..15).unwrap_or_default();
    let pairs: Vec<String> = digits.chunks(2).map(|pair| pair.escape_ascii().to_string()).collect();
    pairs.join(":")
}

#[cfg(test)]
mod tests {
    use sip_scan::{Damage, Message, Method, Stamp, Start};

    use super::*;
    use crate::filter::Filter;
    use crate::testing::{filter, message};
    use crate::window::Interval;

    fn counts(messages: &[Message]) -> Counts {
        let mut counts = Counts::default();
        for message in messages {
            counts.add(message, &filter("ALL", "ALL"), Interval::Sec);
        }
        counts
    }

    fn bye(time: &str) -> Message {
        message(
            time,
            "10.2.2.2:40000>10.1.1.1:5070",
            Start::Request(Method::Bye),
            Method::Bye,
        )
    }

    fn window(time: &str) -> Window {
        Window::of(&bye(time).stamp, Interval::Sec)
    }

    #[test]
    fn each_window_is_written_once_and_what_comes_later_is_told() {
        let mut report = Report::new(Vec::new());
        let (first, second, third) = ("20170427:084412", "20170427:084413", "20170427:084414");
        report.add(counts(&[bye(second), bye(first)])).unwrap();
        report.write_before(window(first)).unwrap();
        assert_eq!(report.out, b"", "more may come for the first");
        report.add(counts(&[bye(first)])).unwrap();
        report.write_before(window(second)).unwrap();
        report
            .add(counts(&[bye(first), bye(first), bye(third), bye(second)]))
            .unwrap();
        report.finish().unwrap();
        assert_eq!(report.late(), 2);
        assert_eq!(report.records(), 7);
        let text = String::from_utf8(report.out).unwrap();
        let numbers = text.lines().filter(|line| line.starts_with(' ') && line.contains("<-"));
        let numbers: Vec<&str> = numbers.map(|line| line.split_whitespace().nth(1).unwrap()).collect();
        assert_eq!(numbers, ["2", "2", "1"], "{text}");
        let windows: Vec<&str> = text
            .split("\n\n")
            .map(|table| table.split(' ').next().unwrap())
            .collect();
        assert_eq!(windows, [first, second, third]);
    }

    #[test]
    fn windows_of_which_a_part_was_counted_say_so() {
        let stamp = |time: &str| bye(time).stamp;
        let at = |time: &str| {
            let mut counts = Counts::default();
            counts.add(&bye(time), &filter("ALL", "ALL"), Interval::Min);
            counts
        };
        let mut report = Report::new(Vec::new());
        report.begin_at(stamp("20170427:084412"), Interval::Min);
        for time in [
            "20170427:084413",
            "20170427:084500",
            "20170427:084559",
            "20170427:084601",
        ] {
            report.add(at(time)).unwrap();
        }
        report.finish_at(stamp("20170427:084559"), Interval::Min).unwrap();
        let mut again = Report::new(Vec::new());
        again.begin_at(stamp("20170427:084412"), Interval::Min);
        again.add(at("20170427:084413")).unwrap();
        again.finish_at(stamp("20170427:084431"), Interval::Min).unwrap();
        let text = [report.out, again.out].map(|out| String::from_utf8(out).unwrap());
        insta::assert_snapshot!(text.join("\n"));
    }

    #[test]
    fn what_is_held_has_a_limit() {
        let mut report = Report::new(std::io::sink());
        let bye = bye("20170427:084412");
        for n in 0..100_000u32 {
            let time = format!("20170427:{n:06}000");
            let stamp = Stamp::new(time.as_bytes().try_into().unwrap()).unwrap();
            report.add(counts(&[Message { stamp, ..bye }])).unwrap();
            assert!(report.bytes <= Report::<std::io::Sink>::MAX_HELD);
        }
        assert_eq!(report.late(), 0);
    }

    #[test]
    fn more_links_than_a_window_can_have_share_a_row() {
        let message = |n: usize| {
            let ends = format!("10.{}.{}.{}:1>10.0.0.1:5060", n >> 16, (n >> 8) & 255, n & 255);
            message("20170427:084412", &ends, Start::Request(Method::Bye), Method::Bye)
        };
        let mut report = Report::new(Vec::new());
        for n in 0..Cells::MAX + 3 {
            report.add(counts(&[message(n)])).unwrap();
        }
        report.add(counts(&[message(0)])).unwrap();
        report.finish().unwrap();
        let text = String::from_utf8(report.out).unwrap();
        assert_eq!(text.lines().count(), 2 + Cells::MAX + 1);
        let row = |start: &str| {
            text.lines()
                .find(|line| line.trim_start().starts_with(start))
                .map(str::to_owned)
        };
        assert_eq!(
            row("other links").unwrap().split_whitespace().collect::<Vec<_>>(),
            ["other", "links", "3", "0"]
        );
        assert_eq!(row("10.0.0.0<-").unwrap().split_whitespace().nth(1), Some("2"));
    }

    #[test]
    fn damage_is_told_by_reason() {
        let mut counts = counts(&[
            Message {
                damage: Some(Damage::Short),
                ..bye("20170427:084412")
            },
            Message {
                damage: Some(Damage::HalfByte),
                ..bye("20170427:084412")
            },
            bye("20170427:084412"),
        ]);
        let damaged = sip_scan::Damaged {
            stamp: None,
            damage: Damage::Short,
            process: b"capro(4711)",
            further_lines: 0,
            at_start: false,
        };
        counts.add_damaged(&damaged, &Filter::default());
        let mut report = Report::new(Vec::new());
        report.add(counts).unwrap();
        assert_eq!(report.damage().total(), 3);
        assert_eq!(report.records(), 4);
        insta::assert_snapshot!(
            report.damage(),
            @"1 half a byte (1 of them counted), 2 shorter than its SIZE (1 of them counted)"
        );
    }
}
