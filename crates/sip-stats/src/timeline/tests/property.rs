//! Against plain sums.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::testing::went_out;

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
