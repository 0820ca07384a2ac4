use proptest::collection::vec;
use proptest::prelude::*;
use sip_filter::{Filter, Link, MessageType};
use sip_scan::{Gather, Item, Message, Method, StartLine};

use super::*;
use crate::cells::CellKey;
use crate::counts::{CountMessages, Counts};
use crate::testing::{bye, message, stamp, went_out};

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

#[test]
fn a_live_run_has_each_window_from_where_it_began() {
    let mut run = Run::live(Interval::Min);
    run.begin("084412");
    assert_eq!(run.settle("084459"), "");
    run.absorb(&["084430", "084703"]);
    assert_eq!(run.settle("084500"), "0844 1 from 084412");
    assert_eq!(run.settle("084701"), "0845 0, 0846 0");
    assert_eq!(run.settle("084800"), "0847 1");
    run.absorb(&["085000"]);
    assert_eq!(run.finish(Some("084931")), "0848 0, 0849 0 to 084931, 0850 1 to 084931");
    assert_eq!(run.late(), None);
}

#[test]
fn a_live_run_may_begin_and_end_in_the_same_window() {
    let mut run = Run::live(Interval::Min);
    run.begin("084412");
    run.begin("084405");
    assert_eq!(run.finish(Some("084431")), "0844 0 from 084412 to 084431");
}

#[test]
fn of_several_sources_the_earliest_decides_from_where_windows_are_shown() {
    let mut run = Run::live(Interval::Min);
    run.begin("084712");
    run.begin("084512");
    run.begin("084612");
    assert_eq!(
        run.settle("084800"),
        "0845 0 from 084512, 0846 0 from 084612, 0847 0 from 084712"
    );
}

#[test]
fn while_a_live_run_catches_up_it_has_the_windows_of_a_batch() {
    let mut run = Run::live(Interval::Min);
    run.absorb(&["084012", "084312"]);
    assert_eq!(run.settle("084400"), "0840 1, 0843 1");
    run.caught_up("084402");
    assert_eq!(run.settle("084400"), "");
    run.caught_up("084702");
    assert_eq!(run.settle("084701"), "0844 0, 0845 0, 0846 0");
    assert_eq!(run.finish(None), "0847 0");
    let mut batch = Run::batch(Interval::Min);
    batch.caught_up("084402");
    assert_eq!(batch.settle("084900"), "");
    assert_eq!(batch.finish(Some("084901")), "");
}

#[test]
fn a_live_run_closes_windows_when_a_new_one_is_reached() {
    let mut run = Run::live(Interval::Min);
    assert_eq!(run.0.settled(), None);
    run.absorb(&["084012"]);
    assert_eq!(run.settle("084400"), "0840 1");
    let settled = run.0.settled();
    assert_eq!(settled, Some(Window::of(&stamp("20170427:0844"), Interval::Min)));
    run.absorb(&["084112"]);
    assert_eq!(run.settle("084459"), "");
    assert_eq!(run.settle("084359"), "");
    assert_eq!(run.0.settled(), settled);
    run.absorb(&["084113"]);
    assert_eq!(run.settle("084500"), "0841 2");
    assert_eq!(run.late(), None);
}

#[test]
fn windows_in_which_nothing_came_are_shown_for_sixty_windows_and_no_more() {
    for (time, want) in [("094411", 60), ("094412", 60), ("094413", 1)] {
        let mut run = Run::live(Interval::Min);
        run.begin("084412");
        let closed = run.settle(time);
        assert_eq!(closed.split(", ").count(), want, "{closed}");
        assert!(closed.starts_with("0844 0 from 084412"), "{closed}");
        assert_eq!(run.finish(None), "0944 0", "the window of the new time is open");
    }
}

#[test]
fn windows_that_were_closed_do_not_open_again() {
    let mut run = Run::live(Interval::Min);
    run.begin("084412");
    assert_eq!(run.settle("084601"), "0844 0 from 084412, 0845 0");
    assert_eq!(run.finish(Some("084559")), "0846 0 to 084559");
    assert_eq!(run.settle("084701"), "");
    assert_eq!(run.late(), None);
}

#[test]
fn only_windows_of_the_range_are_shown_and_after_it_the_run_is_over() {
    let range = StampRange {
        first: stamp("20170427:084500"),
        last: stamp("20170427:084659"),
    };
    let mut run = Run(Timeline::live(Interval::Min, Some(range)));
    assert!(!run.0.is_past_range());
    run.begin("084412");
    assert_eq!(run.settle("084630"), "0845 0");
    assert!(!run.0.is_past_range());
    assert_eq!(run.settle("084701"), "0846 0");
    assert!(run.0.is_past_range());
    assert_eq!(run.settle("085001"), "");
    assert_eq!(run.finish(Some("085002")), "");
    let mut endless = Run::live(Interval::Min);
    endless.begin("084412");
    endless.settle("235959");
    assert!(!endless.0.is_past_range() && endless.0.is_live());
    assert!(!Timeline::batch(Interval::Min).is_live());
}

/// A few ends, so that links meet, servers talk to each other, and addresses of both kinds occur.
const ENDS: [&str; 6] = [
    "10.2.2.2:40000>10.1.1.1:5070",
    "10.1.1.1:5070>10.2.2.2:40000",
    "10.1.1.1:5070>10.2.2.2:5070",
    "10.1.1.1:5061>10.1.1.1:5060",
    "[2001:db8::1]:5061>10.9.1.1:5060",
    "[::1]:5061>[::2]:5061",
];

fn messages() -> impl Strategy<Value = Vec<Message<'static>>> {
    let start_lines = prop_oneof![
        Just(StartLine::Request(Method::Invite)),
        Just(StartLine::Request(Method::Bye)),
        (100..105_u16).prop_map(StartLine::Response),
        (480..490_u16).prop_map(StartLine::Response),
    ];
    let message = (0..40_u32, 0..ENDS.len(), start_lines, any::<(bool, bool)>()).prop_map(
        |(second, ends, start_line, (out, to_tag))| {
            let time = format!("20170427:0844{second:02}");
            let message = Message {
                to_tag,
                ..message(&time, ENDS[ends], start_line, Method::Invite)
            };
            if out { went_out(message) } else { message }
        },
    );
    vec(message, 0..400)
}

/// For each window, printed link, type and direction, how many messages there are.
type Sums = BTreeMap<(String, String, String, usize), u64>;

/// The sums, counted one message after the other.
fn plain_sums(messages: &[Message]) -> Sums {
    let mut sums = Sums::new();
    for message in messages {
        let (server, client, type_name) = match message.start_line {
            StartLine::Request(Method::Invite) if message.to_tag => {
                (message.destination, message.source, "ReINVITE".into())
            }
            StartLine::Request(Method::Invite) => (message.destination, message.source, "INVITE".into()),
            StartLine::Request(_) => (message.destination, message.source, "BYE".into()),
            StartLine::Response(code) => (message.source, message.destination, code.to_string()),
        };
        let (low, high) = (server.ip().min(client.ip()), server.ip().max(client.ip()));
        let tens_of_seconds = message.stamp.to_string().get(..14).unwrap().to_owned();
        let direction = usize::from(message.direction == sip_scan::Direction::Out);
        let link = format!("{low}<-{}->{high}", server.port());
        *sums.entry((tens_of_seconds, link, type_name, direction)).or_default() += 1;
    }
    sums
}

fn add_window(sums: &mut Sums, closed: &ClosedWindow) {
    let window = closed.window.to_string();
    for (link, row) in closed.cells.printed_rows() {
        let link = link.unwrap().to_string();
        for (message_type, cell) in row.cells() {
            for (direction, count) in cell.into_iter().enumerate().filter(|(_, count)| *count > 0) {
                let key = (window.clone(), link.clone(), message_type.to_string(), direction);
                assert_eq!(sums.insert(key, count), None, "each row is there once");
            }
        }
    }
}

proptest! {
    // What fails becomes a test of its own instead of a file of seeds.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Parts come in any order; after each the timeline is told the oldest time of those that are still to come.
    #[test]
    fn however_messages_are_cut_into_parts_each_is_counted_once(
        messages in messages(),
        places in vec(0..6_usize, 400),
    ) {
        let mut parts = vec![Vec::new(); 6];
        for (message, place) in messages.iter().zip(places) {
            parts[place].push(*message);
        }
        let mut timeline = Timeline::batch(Interval::TenSec);
        let (mut sums, mut windows) = (Sums::new(), Vec::new());
        let mut take = |closed: ClosedWindow| {
            add_window(&mut sums, &closed);
            windows.push(closed.window);
        };
        for (i, part) in parts.iter().enumerate() {
            timeline.absorb(counts(part, Interval::TenSec).windows).for_each(&mut take);
            if let Some(oldest) = parts[i + 1..].iter().flatten().map(|message| message.stamp).min() {
                timeline.settle(oldest).for_each(&mut take);
            }
        }
        timeline.finish(None).for_each(&mut take);
        prop_assert_eq!(sums, plain_sums(&messages));
        prop_assert!(windows.is_sorted_by(|a, b| a < b), "{:?}", windows);
        prop_assert_eq!(timeline.late_messages(), 0);
    }
}
