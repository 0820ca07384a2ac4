//! The table of one window, as people know it from `sipstatCM.py`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use sip_filter::{Link, MessageType};
use sip_stats::{Cells, ClosedWindow, Row};

use crate::words;

/// The least width of the links, with the blank before them.
const LINK_WIDTH: usize = 39;
/// How far the heads of columns stand to the right of the columns over which they are centred: so they are in the middle of the
/// digits, and not of the blanks before the digits.
const HEAD_SHIFT: usize = 2;
/// The least width of a number.
const NUMBER_WIDTH: usize = 5;

/// Writes the table of a window under its title, after an empty line unless it `is_first`. Where nothing was counted the
/// title stands alone.
pub(crate) fn write(out: &mut impl Write, closed: &ClosedWindow, is_first: bool) -> io::Result<()> {
    if !is_first {
        writeln!(out)?;
    }
    let title = format!("{}{}", closed.window, words::partial(closed));
    let cells = &closed.cells;
    let columns = Columns::of(&title, cells);
    columns.write_head(out, &title)?;
    cells
        .printed_rows()
        .try_for_each(|(link, row)| columns.write_row(out, link, &row))
}

/// How wide everything is.
struct Columns {
    /// The links, with the blank before them.
    links: usize,
    /// The numbers that came in and went out, of each type that occurs.
    types: BTreeMap<MessageType, [usize; 2]>,
}

impl Columns {
    fn of(title: &str, cells: &Cells) -> Columns {
        let names = cells.rows().map(|(link, _)| name(link).len().saturating_add(1));
        let title_width = title.len().saturating_add(1).saturating_sub(HEAD_SHIFT);
        let links = names.fold(LINK_WIDTH.max(title_width), usize::max);
        let mut greatest: BTreeMap<MessageType, [u64; 2]> = BTreeMap::new();
        for (_, row) in cells.printed_rows() {
            for (message_type, cell) in row.cells() {
                for (greatest, count) in greatest.entry(message_type).or_default().iter_mut().zip(cell) {
                    *greatest = count.max(*greatest);
                }
            }
        }
        // A blank stands before each number, however long it is.
        let width = |count: u64| count.to_string().len().saturating_add(1).max(NUMBER_WIDTH);
        let types = greatest
            .into_iter()
            .map(|(message_type, most)| (message_type, most.map(width)));
        Columns {
            links,
            types: types.collect(),
        }
    }

    fn write_head(&self, out: &mut impl Write, title: &str) -> io::Result<()> {
        let mut head = format!("{title:0$}", self.links.saturating_add(HEAD_SHIFT));
        let mut sides = " ".repeat(self.links);
        for (message_type, [inward, outward]) in &self.types {
            let width = inward.saturating_add(*outward);
            head.push_str(&format!("{message_type:^width$}"));
            sides.push_str(&format!("{:>inward$}{:>outward$}", "IN", "OUT"));
        }
        writeln!(out, "{}", head.trim_end())?;
        if self.types.is_empty() {
            return Ok(());
        }
        writeln!(out, "{sides}")
    }

    fn write_row(&self, out: &mut impl Write, link: Option<&Link>, row: &Row) -> io::Result<()> {
        write!(out, " {:<1$}", name(link), self.links.saturating_sub(1))?;
        for (message_type, [inward, outward]) in &self.types {
            let [came_in, went_out] = row.get(*message_type);
            write!(out, "{came_in:>inward$}{went_out:>outward$}")?;
        }
        writeln!(out)
    }
}

fn name(link: Option<&Link>) -> String {
    link.map_or_else(|| "other links".to_owned(), Link::to_string)
}

#[cfg(test)]
mod tests {
    use sip_filter::{Filter, Interval};
    use sip_scan::{Gather, Item, Message, Method, Origin, Sink, StartLine};
    use sip_stats::{CountMessages, Counts, Timeline};

    use crate::testing::{message, went_out};
    use crate::{Form, Report};

    const IN: &str = "10.2.2.2:40000>10.1.1.1:5070";

    /// The tables of messages, each counted as often as the number before it says.
    fn tables(messages: &[(u64, Message)], (requests, responses): (&str, &str), interval: Interval) -> String {
        let filter = Filter {
            requests: requests.parse().unwrap(),
            responses: responses.parse().unwrap(),
            ..Filter::default()
        };
        let gather = CountMessages { filter, interval };
        let mut counts = Counts::default();
        for (times, message) in messages {
            for _ in 0..*times {
                gather.take(&mut counts, &Item::Message(*message));
            }
        }
        let mut out = Vec::new();
        let mut report = Report::new(&mut out, Form::Table, Timeline::batch(interval));
        report.absorb(counts, Origin { source: 0, log: 0 }).unwrap();
        report.finish(None).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn request(time: &str, method: Method) -> Message<'static> {
        message(time, IN, StartLine::Request(method), method)
    }

    /// The first sample of the script that this program replaces.
    #[test]
    fn minutes_as_people_know_them() {
        let again = |time| Message {
            to_tag: true,
            ..request(time, Method::Invite)
        };
        let error = |time| {
            message(
                time,
                "10.2.2.2:5070>10.1.1.1:40000",
                StartLine::Response(500),
                Method::Invite,
            )
        };
        let (first, second) = ("20170427:084412", "20170427:084559");
        let text = tables(
            &[
                (4, request(first, Method::Invite)),
                (5, again(first)),
                (32, went_out(again(first))),
                (5, request(first, Method::Bye)),
                (6, went_out(request(first, Method::Bye))),
                (2, error(first)),
                (10, request(second, Method::Invite)),
                (23, went_out(again(second))),
                (4, request(second, Method::Bye)),
                (10, went_out(request(second, Method::Bye))),
                (2, error(second)),
            ],
            ("INVITE|ReINVITE|BYE|CANCEL", "4|5|6"),
            Interval::Min,
        );
        insta::assert_snapshot!(text);
    }

    /// The second sample of that script.
    #[test]
    fn an_hour_as_people_know_it() {
        let time = "20170427:075959";
        let response = |code| {
            message(
                time,
                "10.2.2.2:5070>10.1.1.1:40000",
                StartLine::Response(code),
                Method::Invite,
            )
        };
        let text = tables(
            &[
                (1, response(503)),
                (1, request(time, Method::Cancel)),
                (146, request(time, Method::Invite)),
                (25, request(time, Method::Bye)),
                (115, went_out(request(time, Method::Bye))),
                (1, went_out(response(487))),
            ],
            ("INVITE|CANCEL|BYE", "4|5|6"),
            Interval::Hour,
        );
        insta::assert_snapshot!(text);
    }

    #[test]
    fn a_window_in_which_nothing_counts_is_its_time() {
        let text = tables(
            &[
                (1, request("20170427:084412", Method::Options)),
                (1, request("20170427:084512", Method::Invite)),
                (1, request("20170427:084612", Method::Options)),
            ],
            ("INVITE", "4"),
            Interval::Min,
        );
        insta::assert_snapshot!(text);
    }

    #[test]
    fn columns_widen_and_never_run_together() {
        let v6 = "[2001:db8:1111:2222:3333:4444:5555:6666]:40000>[2001:db8:1111:2222:3333:4444:5555:7777]:5061";
        let time = "20170427:084412";
        let subscribe = StartLine::Request(Method::Subscribe);
        let text = tables(
            &[
                (12345, request(time, Method::Invite)),
                (100_000, went_out(request(time, Method::Invite))),
                (9999, request(time, Method::Bye)),
                (123_456, request(time, Method::Subscribe)),
                (7, message(time, v6, subscribe, Method::Subscribe)),
            ],
            ("ALL", "ALL"),
            Interval::TenSec,
        );
        insta::assert_snapshot!(text);
        for line in text.lines() {
            assert_eq!(line.trim_end(), line);
        }
    }
}
