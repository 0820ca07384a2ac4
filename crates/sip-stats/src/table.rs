//! The table of one window, as people know it from `sipstatCM.py`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::counts::{Cells, Row};
use crate::kind::Kind;
use crate::link::Link;

/// Least width of the links, the blank before them included.
const LINK_WIDTH: usize = 39;
/// How far heads stand to the right of the columns that they are centred over, so that they are in the middle of the
/// digits rather than of the blanks before them.
const HEAD_SHIFT: usize = 2;
/// Least width of a number.
const NUMBER_WIDTH: usize = 5;

/// Writes the table of a window under its `title`: that alone where nothing was counted.
pub(crate) fn write(out: &mut impl Write, title: &str, cells: &Cells) -> io::Result<()> {
    let layout = Layout::of(title, cells);
    layout.write_head(out, title)?;
    cells
        .rows()
        .try_for_each(|(link, row)| layout.write_row(out, link, row))
}

/// How wide everything is.
struct Layout {
    /// The links, the blank before them included.
    links: usize,
    /// IN and OUT of each type that occurs.
    columns: BTreeMap<Kind, [usize; 2]>,
}

impl Layout {
    fn of(title: &str, cells: &Cells) -> Layout {
        let names = cells.rows().map(|(link, _)| name(link).len().saturating_add(1));
        let title_width = title.len().saturating_add(1).saturating_sub(HEAD_SHIFT);
        let links = names.fold(LINK_WIDTH.max(title_width), usize::max);
        let mut most: BTreeMap<Kind, [u64; 2]> = BTreeMap::new();
        for (kind, cell) in cells.rows().flat_map(|(_, row)| row.cells()) {
            for (most, count) in most.entry(kind).or_default().iter_mut().zip(cell) {
                *most = count.max(*most);
            }
        }
        // A blank stands before each number, however long.
        let width = |count: u64| count.to_string().len().saturating_add(1).max(NUMBER_WIDTH);
        let columns = most.into_iter().map(|(kind, most)| (kind, most.map(width))).collect();
        Layout { links, columns }
    }

    fn write_head(&self, out: &mut impl Write, title: &str) -> io::Result<()> {
        let mut head = format!("{title:0$}", self.links.saturating_add(HEAD_SHIFT));
        let mut sides = " ".repeat(self.links);
        for (kind, [inward, outward]) in &self.columns {
            let width = inward.saturating_add(*outward);
            head.push_str(&format!("{kind:^width$}"));
            sides.push_str(&format!("{:>inward$}{:>outward$}", "IN", "OUT"));
        }
        writeln!(out, "{}", head.trim_end())?;
        if self.columns.is_empty() {
            return Ok(());
        }
        writeln!(out, "{sides}")
    }

    fn write_row(&self, out: &mut impl Write, link: Option<&Link>, row: &Row) -> io::Result<()> {
        write!(out, " {:<1$}", name(link), self.links.saturating_sub(1))?;
        for (kind, [inward, outward]) in &self.columns {
            let [came, went] = row.get(*kind);
            write!(out, "{came:>inward$}{went:>outward$}")?;
        }
        writeln!(out)
    }
}

fn name(link: Option<&Link>) -> String {
    link.map_or_else(|| "other links".to_owned(), Link::to_string)
}

#[cfg(test)]
mod tests {
    use sip_scan::{Direction, Message, Method, Start};

    use crate::testing::{filter, message, tables};
    use crate::window::Interval;

    const IN: &str = "10.2.2.2:40000>10.1.1.1:5070";

    fn out(message: Message) -> Message {
        Message {
            direction: Direction::Out,
            ..message
        }
    }

    fn request(time: &str, method: Method) -> Message {
        message(time, IN, Start::Request(method), method)
    }

    /// The first sample of the script that this replaces.
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
                Start::Response(500),
                Method::Invite,
            )
        };
        let (first, second) = ("20170427:084412", "20170427:084559");
        let text = tables(
            &[
                (4, request(first, Method::Invite)),
                (5, again(first)),
                (32, out(again(first))),
                (5, request(first, Method::Bye)),
                (6, out(request(first, Method::Bye))),
                (2, error(first)),
                (10, request(second, Method::Invite)),
                (23, out(again(second))),
                (4, request(second, Method::Bye)),
                (10, out(request(second, Method::Bye))),
                (2, error(second)),
            ],
            &filter("INVITE|ReINVITE|BYE|CANCEL", "4|5|6"),
            Interval::Min,
        );
        insta::assert_snapshot!(text);
    }

    /// The second sample.
    #[test]
    fn an_hour_as_people_know_it() {
        let time = "20170427:075959";
        let response = |code| {
            message(
                time,
                "10.2.2.2:5070>10.1.1.1:40000",
                Start::Response(code),
                Method::Invite,
            )
        };
        let text = tables(
            &[
                (1, response(503)),
                (1, request(time, Method::Cancel)),
                (146, request(time, Method::Invite)),
                (25, request(time, Method::Bye)),
                (115, out(request(time, Method::Bye))),
                (1, out(response(487))),
            ],
            &filter("INVITE|CANCEL|BYE", "4|5|6"),
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
            &filter("INVITE", "4"),
            Interval::Min,
        );
        insta::assert_snapshot!(text);
    }

    #[test]
    fn columns_widen_and_never_run_together() {
        let v6 = "[2001:db8:1111:2222:3333:4444:5555:6666]:40000>[2001:db8:1111:2222:3333:4444:5555:7777]:5061";
        let time = "20170427:084412";
        let subscribe = Start::Request(Method::Subscribe);
        let text = tables(
            &[
                (12345, request(time, Method::Invite)),
                (100_000, out(request(time, Method::Invite))),
                (9999, request(time, Method::Bye)),
                (123_456, request(time, Method::Subscribe)),
                (7, message(time, v6, subscribe, Method::Subscribe)),
            ],
            &filter("ALL", "ALL"),
            Interval::TenSec,
        );
        insta::assert_snapshot!(text);
        for line in text.lines() {
            assert_eq!(line.trim_end(), line);
        }
    }
}
