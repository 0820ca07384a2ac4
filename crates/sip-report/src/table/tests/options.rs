//! Sums, the busiest links, names, colours, and tables on a terminal.

use std::num::NonZero;

use sip_stats::Cells;

use super::*;
use crate::testing::stamp;

/// Four links, the second of which is the busiest, with many types in one minute.
fn busy() -> Vec<(u64, Message<'static>)> {
    let time = "20170427:084412";
    let mut messages = Vec::new();
    for (index, port) in [(1, 5060), (5, 5061), (3, 5062), (2, 5063)] {
        let ends = ["10.2.2.2:40000>10.1.1.1:", "10.1.1.1:"].map(|ends| format!("{ends}{port}"));
        let back = format!("{}>10.2.2.2:40000", ends[1]);
        for (method, times) in [(Method::Invite, 2), (Method::Bye, 1), (Method::Options, 10)] {
            messages.push((
                index * times,
                message(time, &ends[0], StartLine::Request(method), method),
            ));
        }
        for (code, times) in [(180, 2), (200, 3), (404, 1), (486, 200), (503, 1), (603, 0)] {
            let response = message(time, &back, StartLine::Response(code), Method::Invite);
            messages.push((index * times, went_out(response)));
        }
    }
    messages
}

fn of_busy(options: TableOptions) -> String {
    let counts = counts(&busy(), ("ALL", "ALL"), Interval::Min);
    write(Timeline::batch(Interval::Min), counts, options)
}

fn total(top: usize) -> TableOptions {
    TableOptions {
        total: true,
        top: NonZero::new(top),
        ..TableOptions::default()
    }
}

#[test]
fn a_row_and_a_column_of_sums() {
    insta::assert_snapshot!(of_busy(total(0)));
}

#[test]
fn the_links_with_the_most_messages() {
    let tops = [1, 2, 4].map(|top| {
        of_busy(TableOptions {
            total: top == 2,
            ..total(top)
        })
    });
    insta::assert_snapshot!(tops.join("\n"));
}

#[test]
fn links_for_which_there_is_no_room_are_other_links_too() {
    let bye_on = |n: usize| {
        let ends = format!("10.{}.{}.{}:1>10.0.0.1:5060", n >> 16, (n >> 8) & 255, n & 255);
        (
            1,
            message("20170427:084412", &ends, StartLine::Request(Method::Bye), Method::Bye),
        )
    };
    let messages: Vec<_> = (0..Cells::MAX + 3).map(bye_on).collect();
    let counts = counts(&messages, ("ALL", "ALL"), Interval::Min);
    let text = write(
        Timeline::batch(Interval::Min),
        counts.clone(),
        TableOptions {
            total: false,
            ..total(1)
        },
    );
    insta::assert_snapshot!(text, @"
    20170427:0844                                BYE
                                               IN  OUT
     10.0.0.0<-5060->10.0.0.1                   1    0
     other links                            30002    0
    ");
    let text = write(
        Timeline::batch(Interval::Min),
        counts,
        TableOptions {
            total: false,
            ..total(Cells::MAX)
        },
    );
    assert_eq!(
        text.lines().last().unwrap().split_whitespace().collect::<Vec<_>>(),
        ["other", "links", "3", "0"]
    );
}

#[test]
fn on_a_terminal_of_80_columns() {
    let screen = || Screen { width: 80, height: 24 };
    let text = of_busy(TableOptions {
        screen: Some(screen),
        ..TableOptions::default()
    });
    assert!(text.lines().all(|line| line.chars().count() < 80), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn on_a_terminal_of_200_columns() {
    let screen = || Screen { width: 200, height: 24 };
    let text = of_busy(TableOptions {
        screen: Some(screen),
        ..TableOptions::default()
    });
    assert_eq!(text, of_busy(TableOptions::default()), "there is room for all");
    let with_sums = of_busy(TableOptions {
        screen: Some(screen),
        ..total(3)
    });
    insta::assert_snapshot!(with_sums);
}

/// The table is as wide as the screen has characters, and then as wide as leaves one of them free.
#[test]
fn the_last_character_of_a_line_stays_free() {
    const WIDTH: usize = 39 + 10;
    let of = |screen: fn() -> Screen| {
        let messages = [(1, request("20170427:084412", Method::Bye))];
        let options = TableOptions {
            screen: Some(screen),
            ..TableOptions::default()
        };
        write(
            Timeline::batch(Interval::Min),
            counts(&messages, ("BYE", "4"), Interval::Min),
            options,
        )
    };
    let exact = of(|| Screen {
        width: WIDTH,
        height: 24,
    });
    let more = of(|| Screen {
        width: WIDTH + 1,
        height: 24,
    });
    insta::assert_snapshot!(format!("{exact}\n{more}"), @"
    20170427:0844                 BYE
                                IN  OUT
     10.1.1.1<-5070->10.2.2.2    1    0

    20170427:0844                               BYE
                                              IN  OUT
     10.1.1.1<-5070->10.2.2.2                  1    0
    ");
}

#[test]
fn the_head_comes_again_on_each_screen() {
    for height in [0, 5] {
        let screen: fn() -> Screen = if height == 0 {
            || Screen { width: 200, height: 0 }
        } else {
            || Screen { width: 200, height: 5 }
        };
        let text = of_busy(TableOptions {
            screen: Some(screen),
            ..TableOptions::default()
        });
        let heads: Vec<usize> = text
            .lines()
            .enumerate()
            .filter(|(_, line)| line.starts_with("2017"))
            .map(|(index, _)| index)
            .collect();
        assert_eq!(heads, if height == 0 { vec![0, 4] } else { vec![0, 5] }, "{text}");
    }
}

#[test]
fn a_name_that_is_too_wide_has_a_line_of_its_own() {
    let v6 = "[2001:db8:1111:2222:3333:4444:5555:6666]:40000>[2001:db8:1111:2222:3333:4444:5555:7777]:5061";
    let time = "20170427:084412";
    let messages = [
        (12345, request(time, Method::Invite)),
        (7, message(time, v6, StartLine::Request(Method::Bye), Method::Bye)),
    ];
    let screen = || Screen { width: 60, height: 24 };
    let options = TableOptions {
        screen: Some(screen),
        ..TableOptions::default()
    };
    insta::assert_snapshot!(write(
        Timeline::batch(Interval::Min),
        counts(&messages, ("ALL", "4"), Interval::Min),
        options
    ));
}

#[test]
fn what_part_of_a_window_was_counted_moves_no_column() {
    let of = |from: Option<&str>, options| {
        let mut timeline = Timeline::live(Interval::Sec, None);
        if let Some(from) = from {
            timeline.begin(stamp(from));
        }
        let messages = [(1, request("20170427:084412", Method::Bye))];
        let mut out = Vec::new();
        let mut report = Report::new(&mut out, Form::Table(options), timeline);
        let counts = counts(&messages, ("BYE", "4"), Interval::Sec);
        report.absorb(counts, Origin { source: 0, log: 0 }).unwrap();
        report.finish(from.map(|_| stamp("20170427:084412900"))).unwrap();
        String::from_utf8(out).unwrap()
    };
    let from = Some("20170427:084412100");
    let screen: Option<fn() -> Screen> = Some(|| Screen { width: 200, height: 24 });
    let options = || TableOptions {
        screen,
        ..TableOptions::default()
    };
    insta::assert_snapshot!([of(from, options()), of(None, options()), of(from, TableOptions::default())].join("\n"), @"
    20170427:084412                             BYE
     (partial, from 08:44:12 to 08:44:12)     IN  OUT
     10.1.1.1<-5070->10.2.2.2                  1    0

    20170427:084412                             BYE
                                              IN  OUT
     10.1.1.1<-5070->10.2.2.2                  1    0

    20170427:084412                             BYE
     (partial, from 08:44:12 to 08:44:12)     IN  OUT
     10.1.1.1<-5070->10.2.2.2                  1    0
    ");
}

#[test]
fn colours() {
    let text = of_busy(TableOptions {
        color: true,
        ..total(1)
    });
    insta::assert_snapshot!(text.replace('\u{1b}', "^"));
    let mut bare = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        bare.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    assert_eq!(bare + rest, of_busy(total(1)), "colours change nothing else");
}

#[test]
fn names_stand_in_the_place_of_addresses() {
    let names = b"10.1.1.1 cm1\n10.2.0.0/16 trunks\n10.2.2.3 sbc1\n";
    let options = TableOptions {
        names: sip_filter::Names::parse(names).unwrap(),
        ..TableOptions::default()
    };
    let time = "20170427:084412";
    let bye = |ends| (1, message(time, ends, StartLine::Request(Method::Bye), Method::Bye));
    let messages = [
        bye("10.2.2.2:1>10.1.1.1:5070"),
        bye("10.2.2.3:1>10.1.1.1:5070"),
        bye("10.2.2.4:1>10.1.1.1:5070"),
        bye("10.3.2.4:1>10.1.1.1:5070"),
    ];
    let counts = counts(&messages, ("BYE", "4"), Interval::Min);
    insta::assert_snapshot!(write(Timeline::batch(Interval::Min), counts, options), @"
    20170427:0844                               BYE
                                              IN  OUT
     cm1<-5070->trunks                         2    0
     cm1<-5070->sbc1                           1    0
     cm1<-5070->10.3.2.4                       1    0
    ");
}
