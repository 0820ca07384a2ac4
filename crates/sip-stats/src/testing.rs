//! Messages and reports for tests.

use sip_scan::{Direction, Message, Method, Stamp, Start};

use crate::counts::Counts;
use crate::filter::Filter;
use crate::report::Report;
use crate::window::Interval;

/// A message at `time` (`20170427:084412`), between `ends` (`10.2.2.2:40000>10.1.1.1:5070`), that came in.
pub(crate) fn message(time: &str, ends: &str, start: Start, cseq: Method) -> Message {
    let (source, destination) = ends.split_once('>').unwrap();
    Message {
        stamp: Stamp::new(format!("{time}000").as_bytes().try_into().unwrap()).unwrap(),
        direction: Direction::In,
        source: source.parse().unwrap(),
        destination: destination.parse().unwrap(),
        transport: 2,
        start,
        cseq,
        to_tag: false,
        damage: None,
    }
}

pub(crate) fn filter(requests: &str, responses: &str) -> Filter {
    Filter {
        requests: requests.parse().unwrap(),
        responses: responses.parse().unwrap(),
        range: None,
    }
}

/// The tables of `messages`, each counted as often as it says.
pub(crate) fn tables(messages: &[(u64, Message)], filter: &Filter, interval: Interval) -> String {
    let mut counts = Counts::default();
    for (times, message) in messages {
        for _ in 0..*times {
            counts.add(message, filter, interval);
        }
    }
    let mut out = Vec::new();
    let mut report = Report::new(&mut out);
    report.add(counts).unwrap();
    report.finish().unwrap();
    String::from_utf8(out).unwrap()
}
