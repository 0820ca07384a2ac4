//! Messages for the tests of this crate and of those that build on it, which include this file by its path.

use sip_scan::{Direction, Message, Method, Position, Stamp, StartLine};

pub(crate) const REQUEST_BYE: StartLine = StartLine::Request(Method::Bye);

/// The stamp of a time as `20170427:084412`, with or without milliseconds.
pub(crate) fn stamp(time: &str) -> Stamp {
    Stamp::new(format!("{time:0<18}").as_bytes().try_into().unwrap()).unwrap()
}

/// A message at `time` between `ends` (`10.2.2.2:40000>10.1.1.1:5070`) that came in.
pub(crate) fn message(time: &str, ends: &str, start_line: StartLine, cseq: Method) -> Message<'static> {
    let (source, destination) = ends.split_once('>').unwrap();
    Message {
        stamp: stamp(time),
        number: None,
        direction: Direction::In,
        source: source.parse().unwrap(),
        destination: destination.parse().unwrap(),
        transport: 2,
        start_line,
        cseq,
        to_tag: false,
        damage: None,
        position: Position::default(),
        dialog: None,
        text: None,
    }
}

/// The same message, but it went out.
pub(crate) fn went_out(message: Message<'_>) -> Message<'_> {
    Message {
        direction: Direction::Out,
        ..message
    }
}

/// A BYE that came in from 10.2.2.2 to port 5070 of 10.1.1.1.
pub(crate) fn bye(time: &str) -> Message<'static> {
    message(time, "10.2.2.2:40000>10.1.1.1:5070", REQUEST_BYE, Method::Bye)
}
