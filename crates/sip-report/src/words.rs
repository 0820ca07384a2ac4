//! What people are told: data in, text out.

use std::fmt;

use sip_calls::Missed;
use sip_scan::{Damage, Direction, Stamp};
use sip_stats::{ClosedWindow, DamageTally, Gap, Late, Summary};

/// What came late, and that it is not counted.
pub fn late(late: &Late) -> String {
    let Late { messages, first, last } = late;
    let plural = if *messages == 1 { "" } else { "s" };
    if first == last {
        format!("{messages} message{plural} of {first} not counted: the table was printed before")
    } else {
        format!("{messages} message{plural} of {first} to {last} not counted: the tables were printed before")
    }
}

/// What was damaged and what came late in the whole run. `None` if there was neither.
pub fn closing(summary: &Summary) -> Option<String> {
    let mut parts = Vec::new();
    let damaged = summary.damage.total();
    if damaged > 0 {
        let (records, reasons) = (summary.records, Reasons(&summary.damage));
        parts.push(format!("{damaged} of {records} records damaged: {reasons}"));
    }
    if summary.late > 0 {
        let plural = if summary.late == 1 { "" } else { "s" };
        parts.push(format!(
            "{} message{plural} not counted, having come after the table of their time was printed; use a longer interval",
            summary.late
        ));
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// What of the calls is not told. `None` if all is.
pub fn missed(missed: &Missed) -> Option<String> {
    let plural = if missed.evicted == 1 { "" } else { "s" };
    (missed.evicted > 0).then(|| {
        format!(
            "{} call{plural} counted as open before their time: more than 200,000 were followed at once",
            missed.evicted
        )
    })
}

/// What was counted in the whole run, in so many logs: `2 logs, 20170427:0844 to 20170427:0912, 345 messages`, and how many
/// records the choice of logs cuts.
pub fn in_all(summary: &Summary, logs: usize) -> String {
    let plural = |count: u64| if count == 1 { "" } else { "s" };
    let time = match summary.windows {
        Some((first, last)) if first == last => format!(", {first}"),
        Some((first, last)) => format!(", {first} to {last}"),
        None => String::new(),
    };
    let (messages, some_logs) = (summary.messages, plural(u64::try_from(logs).unwrap_or(u64::MAX)));
    let edge = match summary.edge {
        0 => String::new(),
        edge => format!(", {edge} record{} cut where reading begins or ends", plural(edge)),
    };
    format!(
        "{logs} log{some_logs}{time}, {messages} message{}{edge}",
        plural(messages)
    )
}

/// `12 shorter than its SIZE (10 of them counted), 3 no CSeq`.
struct Reasons<'a>(&'a DamageTally);

impl fmt::Display for Reasons<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (damage, all, counted)) in self.0.reasons().enumerate() {
            let comma = if i == 0 { "" } else { ", " };
            let run = match (damage, all) {
                (Damage::NoFirstLine, 1) => "run of ",
                (Damage::NoFirstLine, _) => "runs of ",
                _ => "",
            };
            write!(f, "{comma}{all} {run}{damage}")?;
            if counted > 0 {
                write!(f, " ({counted} of them counted)")?;
            }
        }
        Ok(())
    }
}

/// ` (partial, from 08:44:12 to 08:44:31)`: which part of a window was counted. Nothing where all of it was.
pub(crate) fn partial(closed: &ClosedWindow) -> String {
    partial_of(closed.from, closed.to)
}

/// The same of any window.
pub(crate) fn partial_of(from: Option<Stamp>, to: Option<Stamp>) -> String {
    let word = |word: &str, stamp: Option<Stamp>| stamp.map(|stamp| format!(" {word} {}", time_of_day(&stamp)));
    let parts = [word("from", from), word("to", to)];
    let parts: String = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        parts
    } else {
        format!(" (partial,{parts})")
    }
}

/// `covered 52 of 60 s, 310 lines missing`: how much of a window the logs cover. Nothing where that is all of it, or not known.
pub(crate) fn covered(closed: &ClosedWindow) -> Option<String> {
    let covered = closed.coverage.filter(|_| !closed.is_covered())?;
    Some(covered_of(
        covered.seconds.into(),
        closed.interval.seconds().into(),
        covered.missing.unwrap_or(0),
    ))
}

/// The same of any time: of so many seconds these are covered.
pub(crate) fn covered_of(seconds: u64, length: u64, missing: u64) -> String {
    let missing = match missing {
        0 => String::new(),
        1 => ", 1 line missing".to_owned(),
        missing => format!(", {missing} lines missing"),
    };
    format!("covered {seconds} of {length} s{missing}")
}

/// `20170427:084800 to 20170427:085300: nothing was logged`.
pub(crate) fn gap(gap: &Gap) -> String {
    let [from, to] = [&gap.from, &gap.to].map(|stamp| stamp.as_bytes().get(..15).unwrap_or_default().escape_ascii());
    format!("{from} to {to}: nothing was logged")
}

/// The time of day of a timestamp, to the second: `08:44:12`.
pub(crate) fn time_of_day(stamp: &Stamp) -> String {
    let digits = stamp.as_bytes().get(9..15).unwrap_or_default();
    let pairs: Vec<String> = digits.chunks(2).map(|pair| pair.escape_ascii().to_string()).collect();
    pairs.join(":")
}

/// A timestamp to the second in the form of ISO 8601, without a zone: `2017-04-27T08:44:12`.
pub(crate) fn iso(stamp: &Stamp) -> String {
    let mut text = String::with_capacity("2017-04-27T08:44:12.345".len());
    for (place, byte) in stamp.as_bytes().iter().take(15).enumerate() {
        match place {
            4 | 6 => text.push('-'),
            11 | 13 => text.push(':'),
            _ => {}
        }
        // The colon of a stamp stands between date and time of day.
        text.push(if place == 8 { 'T' } else { char::from(*byte) });
    }
    text
}

/// A timestamp to the millisecond in the form of ISO 8601, without a zone: `2017-04-27T08:44:12.345`.
pub(crate) fn iso_milliseconds(stamp: &Stamp) -> String {
    let mut text = iso(stamp);
    text.push('.');
    let milliseconds = stamp.as_bytes().iter().skip(15);
    text.extend(milliseconds.map(|byte| char::from(*byte)));
    text
}

/// `IN` or `OUT`.
pub(crate) fn dir(direction: Direction) -> &'static str {
    match direction {
        Direction::In => "IN",
        Direction::Out => "OUT",
    }
}

#[cfg(test)]
mod tests {
    use sip_filter::{Interval, Window};
    use sip_scan::Damage;

    use super::*;
    use crate::testing::stamp;

    #[test]
    fn what_came_late() {
        let window = |time: &str| Window::of(&stamp(time), Interval::Min);
        let (first, last) = (window("20170427:0844"), window("20170427:0846"));
        let lines = [(1, first), (2, first), (1, last), (20, last)];
        let lines = lines.map(|(messages, last)| late(&Late { messages, first, last }));
        insta::assert_snapshot!(lines.join("\n"), @"
        1 message of 20170427:0844 not counted: the table was printed before
        2 messages of 20170427:0844 not counted: the table was printed before
        1 message of 20170427:0844 to 20170427:0846 not counted: the tables were printed before
        20 messages of 20170427:0844 to 20170427:0846 not counted: the tables were printed before
        ");
    }

    #[test]
    fn what_was_counted_in_all() {
        let window = |time: &str| Window::of(&stamp(time), Interval::Min);
        let (first, last) = (window("20170427:0844"), window("20170427:0912"));
        let lines = [
            (0, None, 0),
            (1, Some((first, first)), 1),
            (2, Some((first, last)), 345),
        ];
        let lines = lines.map(|(logs, windows, messages)| {
            let summary = Summary {
                windows,
                messages,
                edge: messages.min(2),
                ..Summary::default()
            };
            in_all(&summary, logs)
        });
        insta::assert_snapshot!(lines.join("\n"), @"
        0 logs, 0 messages
        1 log, 20170427:0844, 1 message, 1 record cut where reading begins or ends
        2 logs, 20170427:0844 to 20170427:0912, 345 messages, 2 records cut where reading begins or ends
        ");
    }

    #[test]
    fn the_closing_line() {
        let mut damage = DamageTally::default();
        for (reason, counted) in [
            (Damage::Short, true),
            (Damage::HalfByte, true),
            (Damage::Short, false),
            (Damage::NoCseq, false),
        ] {
            damage.add(reason, counted);
        }
        let of = |damage: &DamageTally, late| Summary {
            records: 40,
            damage: damage.clone(),
            edge: 0,
            undated: 0,
            messages: 30,
            late,
            ..Summary::default()
        };
        let sound = DamageTally::default();
        let lines = [(&sound, 0), (&sound, 1), (&damage, 0), (&damage, 2)];
        let lines = lines.map(|(damage, late)| closing(&of(damage, late)).unwrap_or("nothing".into()));
        insta::assert_snapshot!(lines.join("\n"), @"
        nothing
        1 message not counted, having come after the table of their time was printed; use a longer interval
        4 of 40 records damaged: 1 half a byte (1 of them counted), 2 shorter than its SIZE (1 of them counted), 1 no CSeq
        4 of 40 records damaged: 1 half a byte (1 of them counted), 2 shorter than its SIZE (1 of them counted), 1 no CSeq; 2 messages not counted, having come after the table of their time was printed; use a longer interval
        ");
    }
}
