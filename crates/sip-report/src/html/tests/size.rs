//! How large a page may be.

use sip_filter::{Names, Window};
use sip_stats::{ClosedWindow, Covered, Summary};

use super::super::Html;
use super::*;
use crate::form_writer::{FormWriter, Run};
use crate::testing::stamp;

/// So many minutes, and so many links, on each of which 15 types count by the thousand in each minute, and no minute is whole.
fn page_of(minutes: u16, links: u16, options: HtmlOptions) -> String {
    let types = [StartLine::Request(Method::Invite), StartLine::Request(Method::Bye)];
    let codes = [100, 180, 183, 200, 302, 401, 404, 408, 480, 486, 500, 503, 603].map(StartLine::Response);
    let types: Vec<StartLine> = types.into_iter().chain(codes).collect();
    let count = CountMessages {
        filter: Filter {
            requests: "ALL".parse().unwrap(),
            responses: "ALL".parse().unwrap(),
            ..Filter::default()
        },
        ..CountMessages::default()
    };
    let mut counts = Counts::default();
    for link in 0..links {
        let ends = format!("10.1.1.1:40000>10.2.{}.{}:5061", link >> 8, link & 255);
        for start_line in &types {
            let message = message("20170427:0000", &ends, *start_line, Method::Invite);
            count.take(&mut counts, &Item::Message(message));
        }
    }
    let (_, mut cells) = counts.windows.pop_first().unwrap();
    (0..10).for_each(|_| cells.merge(cells.clone()));
    let (mut html, mut out) = (Html::new(options), Vec::new());
    for minute in 0..minutes {
        let time = format!("20170427:{:02}{:02}", minute / 60, minute % 60);
        let closed = ClosedWindow {
            window: Window::of(&stamp(&time), Interval::Min),
            interval: Interval::Min,
            from: None,
            to: None,
            coverage: Some(Covered {
                seconds: 48,
                missing: Some(1234),
            }),
            cells: cells.clone(),
        };
        html.window(&mut out, &closed).unwrap();
    }
    let summary = Summary::default();
    let run = Run {
        summary: &summary,
        inputs: &[],
    };
    html.end(&mut out, &run).unwrap();
    String::from_utf8(out).unwrap()
}

/// Names for as many addresses, each as long as a name may be and of characters that must be escaped.
fn names(links: u16) -> Names {
    let lines = (0..links).map(|link| format!("10.2.{}.{} {}{link}\n", link >> 8, link & 255, "&".repeat(250)));
    Names::parse(lines.collect::<String>().as_bytes()).unwrap()
}

#[test]
fn a_day_of_sixty_links_is_small() {
    let page = page_of(
        1440,
        60,
        HtmlOptions {
            total: true,
            names: names(60),
            ..HtmlOptions::default()
        },
    );
    std::fs::write("/tmp/forms/day.html", &page).unwrap();
    assert!(page.len() < 450_000, "{}", page.len());
}

/// Whatever is asked for, and however long names and paths are.
#[test]
fn a_page_has_a_bound() {
    let page = page_of(
        1,
        3000,
        HtmlOptions {
            total: true,
            top: NonZero::new(1_000_000),
            names: names(3000),
            command: "sipstat_cm &".repeat(1_000_000),
        },
    );
    assert!(page.len() < 5_000_000, "{}", page.len());
}
