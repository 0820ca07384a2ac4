use std::convert::Infallible;

use super::*;

#[derive(Debug, Default)]
struct Names {
    all: Vec<String>,
    flushed: usize,
    is_finished: bool,
}

impl TakeInOrder<&'static str> for Names {
    type Error = Infallible;

    fn take(&mut self, thing: &'static str, log: &str, position: Position) -> Result<(), Infallible> {
        self.all.push(format!("{log}:{}:{thing}", position.line));
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        self.flushed = self.all.len();
        Ok(())
    }

    fn finish(&mut self) -> Result<(), Infallible> {
        self.is_finished = true;
        Ok(())
    }
}

fn stamp(second: u8) -> Stamp {
    Stamp::new(format!("20170427:0844{second:02}000").as_bytes().try_into().unwrap()).unwrap()
}

/// A part of things, each with its second and its line.
fn part(things: &[(u8, u64, &'static str)]) -> Timed<&'static str> {
    let mut part = Timed::default();
    for (second, line, thing) in things {
        let position = Position {
            line: *line,
            ..Position::default()
        };
        part.push((stamp(*second), position), *thing, 100);
    }
    part
}

fn sink(things: usize) -> InOrder<&'static str, Names> {
    let order = Order {
        most_bytes: part(&[(0, 1, "")]).bytes() * things,
        last: Some(stamp(30)),
    };
    InOrder::new(order, Names::default())
}

fn absorb(sink: &mut InOrder<&'static str, Names>, log: usize, things: &[(u8, u64, &'static str)]) {
    sink.log(&format!("log{log}"));
    sink.absorb(part(things), Origin { source: log % 2, log }).unwrap();
}

#[test]
fn things_come_by_time_then_source_log_and_line() {
    let mut sink = sink(100);
    absorb(&mut sink, 1, &[(7, 9, "a"), (5, 1, "b"), (5, 30, "c")]);
    absorb(&mut sink, 2, &[(5, 20, "d"), (5, 10, "e"), (6, 1, "f")]);
    absorb(&mut sink, 3, &[(5, 1, "g")]);
    assert_eq!(sink.out().all, [""; 0]);
    sink.settle(stamp(7)).unwrap();
    let first = [
        "log2:10:e",
        "log2:20:d",
        "log1:1:b",
        "log1:30:c",
        "log3:1:g",
        "log2:1:f",
    ];
    assert_eq!(
        (sink.out().all.as_slice(), sink.out().flushed),
        (first.map(str::to_owned).as_slice(), 6)
    );
    assert!(!sink.out().is_finished);
    sink.finish(None).unwrap();
    assert_eq!(sink.behind(), 0);
    assert_eq!(sink.out().all.last().unwrap(), "log1:9:a");
    assert!(sink.into_out().is_finished);
}

#[test]
fn what_is_too_much_to_hold_is_given_on_oldest_first_and_what_comes_behind_is_counted() {
    let mut sink = sink(4);
    absorb(&mut sink, 0, &[(4, 1, "a"), (3, 2, "b"), (2, 3, "c"), (1, 4, "d")]);
    assert_eq!(sink.out().all, [""; 0], "so many may be held");
    absorb(&mut sink, 0, &[(5, 5, "e")]);
    assert_eq!(
        sink.out().all,
        ["log0:4:d", "log0:3:c", "log0:2:b"],
        "to half of the room"
    );
    // One of the same time as the last is in order; an older one is not.
    absorb(&mut sink, 0, &[(3, 6, "f"), (2, 7, "g")]);
    sink.finish(None).unwrap();
    assert_eq!(sink.behind(), 1);
    assert_eq!(sink.out().all[3..], ["log0:7:g", "log0:6:f", "log0:1:a", "log0:5:e"]);
}

#[test]
fn nothing_is_needed_after_the_last_time_that_is_wanted() {
    let mut sink = sink(4);
    assert!(!sink.is_done());
    sink.settle(stamp(30)).unwrap();
    assert!(!sink.is_done(), "the last time is wanted");
    sink.settle(stamp(31)).unwrap();
    sink.settle(stamp(1)).unwrap();
    assert!(sink.is_done());
    let order = Order {
        most_bytes: 1,
        last: None,
    };
    let mut endless: InOrder<&str, Names> = InOrder::new(order, Names::default());
    endless.settle(stamp(59)).unwrap();
    assert!(!endless.is_done());
}

#[test]
fn bytes_are_those_of_the_things_and_of_what_they_hold() {
    let (one, three) = (part(&[(1, 1, "a")]), part(&[(1, 1, "a"), (1, 1, "b"), (1, 1, "c")]));
    assert_eq!(one.bytes(), 100 + size_of::<Held<&str>>());
    assert_eq!(three.bytes(), 3 * one.bytes());
    assert_eq!(Timed::<&str>::default().bytes(), 0);
}
