mod live;
mod property;

use sip_filter::{Filter, Link, MessageType};
use sip_scan::{Gather, Item, Message, Method, StartLine};

use super::*;
use crate::cell_key::CellKey;
use crate::counts::{CountMessages, Counts};
use crate::testing::{bye, message, stamp};

fn counts(messages: &[Message], interval: Interval) -> Counts {
    let gather = CountMessages {
        filter: Filter {
            requests: "ALL".parse().unwrap(),
            responses: "ALL".parse().unwrap(),
            ..Filter::default()
        },
        interval,
        by_class: false,
    };
    let mut counts = Counts::default();
    for message in messages {
        gather.take(&mut counts, &Item::Message(*message));
    }
    counts
}

/// A run whose steps give the closed windows as text: `0844 2` is the window of 08:44 with two messages, `0844 2 from 084412`
/// one that was begun in it.
struct Run(Timeline);

impl Run {
    fn batch(interval: Interval) -> Run {
        Run(Timeline::batch(interval))
    }

    fn live(interval: Interval) -> Run {
        Run(Timeline::live(interval, None))
    }

    /// Takes a BYE at each of these times of day.
    fn absorb(&mut self, times: &[&str]) -> String {
        let messages: Vec<Message> = times.iter().map(|time| bye(&on_day(time))).collect();
        let windows = counts(&messages, self.0.interval).windows;
        told(self.0.absorb(windows))
    }

    fn begin(&mut self, time: &str) {
        self.0.begin(stamp(&on_day(time)));
    }

    fn caught_up(&mut self, time: &str) {
        self.0.caught_up(stamp(&on_day(time)));
    }

    fn settle(&mut self, time: &str) -> String {
        told(self.0.settle(stamp(&on_day(time))))
    }

    fn finish(&mut self, time: Option<&str>) -> String {
        told(self.0.finish(time.map(|time| stamp(&on_day(time)))))
    }

    /// What came late since this was last asked: how many, of which window to which.
    fn late(&mut self) -> Option<String> {
        let Late { messages, first, last } = self.0.take_late()?;
        let time = |window: Window| window.to_string().split_off(9);
        Some(format!("{messages} {} {}", time(first), time(last)))
    }
}

fn on_day(time: &str) -> String {
    format!("20170427:{time}")
}

fn told(closed: impl Iterator<Item = ClosedWindow>) -> String {
    let time_of_day = |stamp: Stamp| stamp.to_string().get(9..15).unwrap().to_owned();
    let windows = closed.map(|closed| {
        let mut text = format!("{} {}", closed.window.to_string().split_off(9), closed.cells.messages());
        for (word, stamp) in [("from", closed.from), ("to", closed.to)] {
            if let Some(stamp) = stamp {
                text += &format!(" {word} {}", time_of_day(stamp));
            }
        }
        text
    });
    windows.collect::<Vec<_>>().join(", ")
}

#[test]
fn each_window_is_closed_once_and_what_comes_later_is_late() {
    let mut run = Run::batch(Interval::Sec);
    assert_eq!(run.absorb(&["084413", "084412"]), "");
    assert_eq!(run.settle("084412"), "", "more may come for it");
    assert_eq!(run.absorb(&["084412"]), "");
    assert_eq!(run.settle("084413"), "084412 2");
    assert_eq!(run.late(), None);
    assert_eq!(run.absorb(&["084412", "084412", "084414", "084413"]), "");
    assert_eq!(run.late().as_deref(), Some("2 084412 084412"));
    assert_eq!(run.late(), None, "it is told once");
    assert_eq!(run.finish(None), "084413 2, 084414 1");
    assert_eq!(run.absorb(&["084414", "084412"]), "");
    assert_eq!(run.absorb(&["084413"]), "");
    assert_eq!(run.late().as_deref(), Some("3 084412 084414"));
    assert_eq!(run.0.late_messages(), 5);
}

#[test]
fn a_window_of_which_nothing_is_wanted_is_never_late() {
    let mut run = Run::batch(Interval::Sec);
    run.absorb(&["084412", "084413"]);
    run.settle("084414");
    let unwanted = BTreeMap::from([(run.0.window(&stamp("20170427:084412")), Cells::default())]);
    assert_eq!(told(run.0.absorb(unwanted)), "");
    assert_eq!(run.late(), None);
    assert_eq!(run.finish(None), "", "it is not closed again");
}

#[test]
fn in_a_batch_what_comes_for_a_window_that_was_not_closed_is_not_late() {
    let mut run = Run::batch(Interval::Sec);
    run.absorb(&["084412", "084416"]);
    assert_eq!(run.settle("084415"), "084412 1");
    run.absorb(&["084413"]);
    assert_eq!(
        run.settle("084414"),
        "084413 1",
        "an earlier time is a time all the same"
    );
    assert_eq!(run.finish(None), "084416 1");
    assert_eq!(run.late(), None);
}

#[test]
fn what_is_held_has_a_limit() {
    let mut timeline = Timeline::batch(Interval::Sec);
    let mut closed = 0;
    for n in 0..20_000 {
        let (hour, minute, second) = (n / 3600, n / 60 % 60, n % 60);
        let message = bye(&on_day(&format!("{hour:02}{minute:02}{second:02}")));
        closed += timeline.absorb(counts(&[message], Interval::Sec).windows).count();
        assert!(timeline.bytes <= Timeline::MAX_HELD);
    }
    assert!(
        closed > 0 && timeline.bytes > Timeline::MAX_HELD - 10_000,
        "all the memory is used"
    );
    assert_eq!(timeline.bytes, timeline.held.values().map(Cells::bytes).sum::<usize>());
    let rest = timeline.finish(None).count();
    assert_eq!(closed + rest, 20_000);
    assert_eq!((timeline.late_messages(), timeline.bytes), (0, 0));
}

/// One BYE on each of so many links.
fn byes_on_links(count: usize) -> Cells {
    let mut cells = Cells::default();
    for n in 0..count {
        let ends = format!("10.{}.{}.{}:1>10.0.0.1:5060", n >> 16, (n >> 8) & 255, n & 255);
        let message = message("20170427:084412", &ends, StartLine::Request(Method::Bye), Method::Bye);
        let key = CellKey::of(&message, MessageType::of(&message));
        cells.add(Link::of(&message), key, [1, 0]);
    }
    cells
}

#[test]
fn a_window_is_held_up_to_the_last_byte_of_the_limit() {
    let mut timeline = Timeline::batch(Interval::Sec);
    let window = |time: &str| Window::of(&stamp(&on_day(time)), Interval::Sec);
    // Of these two the limit is the exact sum.
    let cells = byes_on_links(16_380);
    assert_eq!(2 * cells.bytes(), Timeline::MAX_HELD);
    let windows = ["084412", "084413"].map(|time| (window(time), cells.clone()));
    assert_eq!(told(timeline.absorb(BTreeMap::from(windows))), "");
    let one_more = BTreeMap::from([(window("084414"), byes_on_links(1))]);
    assert_eq!(told(timeline.absorb(one_more)), "084412 16380");
    assert!(timeline.held(window("084412")).is_none());
    assert_eq!(timeline.held(window("084413")).unwrap().messages(), 16_380);
    assert!(byes_on_links(Cells::MAX).bytes() < Timeline::MAX_HELD);
}
