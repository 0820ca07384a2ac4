use sip_filter::Side;
use sip_scan::{Direction, Method, StartLine};

use super::*;
use crate::testing::{REQUEST_BYE, bye, message, went_out};

const BYE: CellKey = request(2, Method::Bye);
const CANCEL: CellKey = request(3, Method::Cancel);
const OK: CellKey = response(200, Method::Bye);

const fn request(number: u32, method: Method) -> CellKey {
    CellKey(number << 8 | (method as u32) << 1)
}

const fn response(code: u32, method: Method) -> CellKey {
    CellKey(code << 8 | (method as u32) << 1 | 1)
}

fn link(n: usize) -> Link {
    let ends = format!("10.{}.{}.{}:1>10.0.0.1:5060", n >> 16, (n >> 8) & 255, n & 255);
    Link::of(&message("20170427:084412", &ends, REQUEST_BYE, Method::Bye))
}

/// One message of each key, on each of the links.
fn cells(links: std::ops::Range<usize>, keys: &[CellKey]) -> Cells {
    let mut cells = Cells::default();
    for n in links {
        for key in keys {
            cells.add(link(n), *key, [1, 0]);
        }
    }
    cells
}

/// What stands behind the links for which there was room.
fn others(cells: &Cells) -> Vec<(CellKey, [u64; 2])> {
    let rows = cells.rows().filter(|(link, _)| link.is_none());
    rows.flat_map(|(_, row)| row.counts()).collect()
}

fn count_links(cells: &Cells) -> usize {
    cells.rows().filter(|(link, _)| link.is_some()).count()
}

#[test]
fn a_row_keeps_its_keys_in_order_and_adds_up() {
    let invite = request(0, Method::Invite);
    let reinvite = request(1, Method::Invite);
    let ok_to_cancel = response(200, Method::Cancel);
    let mut row = Row::default();
    for key in [OK, BYE, OK, invite] {
        assert!(row.add(key, [1, 2], true).is_some());
    }
    assert_eq!(row.add(CANCEL, [1, 0], false), None);
    let mut other = Row::default();
    for key in [CANCEL, OK, ok_to_cancel, reinvite] {
        other.add(key, [10, 0], true);
    }
    row.merge(&other);
    let counts: Vec<_> = row.counts().collect();
    assert_eq!(
        counts,
        [
            (invite, [1, 2]),
            (reinvite, [10, 0]),
            (BYE, [1, 2]),
            (CANCEL, [10, 0]),
            (OK, [12, 4]),
            (ok_to_cancel, [10, 0]),
        ]
    );
    let cells: Vec<_> = row.cells().collect();
    assert_eq!(
        cells,
        [
            (MessageType::Invite, [1, 2]),
            (MessageType::ReInvite, [10, 0]),
            (BYE.message_type(), [1, 2]),
            (CANCEL.message_type(), [10, 0]),
            (OK.message_type(), [22, 4]),
        ]
    );
    assert_eq!(row.get(OK.message_type()), [22, 4]);
    assert_eq!(row.get(MessageType::Response(486)), [0, 0]);
}

#[test]
fn a_request_is_served_where_it_goes_to_and_a_response_where_it_comes_from() {
    let other = |start_line| {
        let message = message("20170427:0844", "10.2.2.2:1>10.1.1.1:5060", start_line, Method::Other);
        CellKey::of(&message, MessageType::Other)
    };
    for (key, came_in, went_out) in [
        (BYE, Side::Near, Side::Far),
        (OK, Side::Far, Side::Near),
        (other(StartLine::Request(Method::Other)), Side::Near, Side::Far),
        (other(StartLine::Response(700)), Side::Far, Side::Near),
    ] {
        assert_eq!(key.serving(Direction::In), came_in, "{key:?}");
        assert_eq!(key.serving(Direction::Out), went_out, "{key:?}");
    }
}

#[test]
fn a_key_is_that_of_a_message() {
    let of = |start_line, cseq| {
        let message = message("20170427:0844", "10.2.2.2:1>10.1.1.1:5060", start_line, cseq);
        CellKey::of(&message, MessageType::of(&message))
    };
    assert_eq!(of(REQUEST_BYE, Method::Bye), BYE);
    assert_eq!(of(StartLine::Response(200), Method::Bye), OK);
    // Where a request and its CSeq disagree, the method is that of CSeq.
    let disagree = request(2, Method::Cancel);
    assert_eq!(of(REQUEST_BYE, Method::Cancel), disagree);
    let (other_request, other_response) = (StartLine::Request(Method::Other), StartLine::Response(700));
    let [request, response] = [other_request, other_response].map(|start_line| of(start_line, Method::Other));
    assert_eq!(
        (request.message_type(), response.message_type()),
        (MessageType::Other, MessageType::Other)
    );
    assert_ne!(request, response);
    for message_type in MessageType::REQUESTS {
        let method = match message_type {
            MessageType::Request(method) => method,
            _ => Method::Invite,
        };
        let of_request = of(StartLine::Request(method), method);
        assert_eq!((of_request.method(), of_request.is_response()), (method, false));
        let of_response = of(StartLine::Response(486), method);
        assert_eq!((of_response.method(), of_response.is_response()), (method, true));
    }
    assert_eq!(response.method(), Method::Other);
}

#[test]
fn links_for_which_there_is_no_room_share_a_row() {
    let mut cells = cells(0..Cells::MAX, &[BYE]);
    assert_eq!(others(&cells), []);
    assert!(cells.add(link(Cells::MAX), BYE, [1, 0]).is_none());
    assert!(cells.add(link(Cells::MAX + 1), BYE, [0, 1]).is_none());
    assert!(
        cells.add(link(7), CANCEL, [1, 0]).is_none(),
        "a new cell of a known link"
    );
    assert!(cells.add(link(7), BYE, [0, 1]).is_some(), "a known cell");
    assert_eq!(others(&cells), [(BYE, [1, 1]), (CANCEL, [1, 0])]);
    assert_eq!(count_links(&cells), Cells::MAX);
    assert_eq!(cells.printed_rows().count(), Cells::MAX + 1);
    assert_eq!(cells.messages(), Cells::MAX as u64 + 4);
}

#[test]
fn what_is_merged_takes_no_more_room_than_there_is() {
    let half = Cells::MAX / 2;
    let mut all = Cells::default();
    all.merge(cells(0..half, &[BYE]));
    all.merge(cells(0..half - 1, &[BYE, CANCEL]));
    assert_eq!((count_links(&all), others(&all)), (half, vec![]));
    // There is room for one cell more.
    all.merge(cells(half..half + 1, &[BYE, CANCEL]));
    assert_eq!((count_links(&all), others(&all)), (half + 1, vec![(CANCEL, [1, 0])]));
    all.merge(cells(0..2, &[BYE, CANCEL, OK]));
    assert_eq!(others(&all), [(CANCEL, [1, 0]), (OK, [2, 0])]);
    assert_eq!(all.messages(), (half + 2 * (half - 1) + 2 + 6) as u64);
    let mut sum = cells(0..1, &[OK]);
    sum.merge(all);
    // The cell that was there before takes the room of the last one; others stay others.
    assert_eq!(others(&sum), [(BYE, [1, 0]), (CANCEL, [1, 0]), (OK, [2, 0])]);
    assert_eq!(sum.len, Cells::MAX);
}

#[test]
fn a_cell_is_found_only_where_it_is() {
    let mut cells = cells(0..3, &[BYE, OK]);
    let index = cells.add(link(1), OK, [0, 5]).unwrap();
    assert_eq!(cells.at(index, &link(1), OK), Some(&mut [1, 5]));
    assert_eq!(cells.at(index, &link(2), OK), None);
    assert_eq!(cells.at(index, &link(1), BYE), None);
    assert_eq!(Cells::default().at(index, &link(1), OK), None);
}

#[test]
fn links_that_print_the_same_are_one_row() {
    let near_low = bye("20170427:084412");
    let mut cells = cells(0..2, &[BYE]);
    cells.add(Link::of(&near_low), BYE, [2, 0]);
    cells.add(Link::of(&went_out(near_low)), BYE, [0, 3]);
    cells.add(Link::of(&went_out(near_low)), OK, [4, 0]);
    assert_eq!(count_links(&cells), 4);
    let rows: Vec<String> = cells
        .printed_rows()
        .map(|(link, row)| format!("{} {:?}", link.unwrap(), row.cells().collect::<Vec<_>>()))
        .collect();
    assert_eq!(
        rows,
        [
            "10.0.0.0<-5060->10.0.0.1 [(Request(Bye), [1, 0])]",
            "10.0.0.1<-5060->10.0.0.1 [(Request(Bye), [1, 0])]",
            "10.1.1.1<-5070->10.2.2.2 [(Request(Bye), [2, 3]), (Response(200), [4, 0])]",
        ]
    );
}

#[test]
fn the_memory_that_is_told_is_about_what_is_taken() {
    let many: Vec<CellKey> = (200..264).map(|code| response(code, Method::Bye)).collect();
    let shapes = [
        (0, 1),
        (1, 1),
        (1, 64),
        (10, 3),
        (1000, 1),
        (1000, 3),
        (1000, 8),
        (400, 64),
    ];
    for (links, types) in shapes {
        let mut built = Cells::default();
        let measured = allocation_counter::measure(|| built = cells(0..links, &many[..types]));
        let taken = usize::try_from(measured.bytes_current).unwrap() + size_of::<Cells>();
        let told = built.bytes();
        assert!(
            2 * taken <= 3 * told && told <= 2 * taken,
            "{links} links, {types} types: {taken} bytes taken, {told} told"
        );
    }
}
