//! Stamps that do not exist, on any line, whichever way it is read.

use crate::items::scan;
use crate::lines::{BYE, STAMP, first, further, record};
use crate::{items::Owned, reference};

/// Three records of four lines, of 64 bytes each: from the second line of the first one on, lines look like those before.
fn lines() -> Vec<String> {
    let text = format!("{BYE}Subject: {}\r\n\r\n", "x".repeat(256 - 17 - BYE.len() - 13));
    let bytes = record(&text);
    let mut chunks = bytes.chunks(64);
    let mut lines = vec![first("p(1)", bytes.len(), chunks.next().unwrap())];
    lines.extend(chunks.map(|chunk| further("p(1)", chunk)));
    [lines.as_slice(); 3].concat()
}

#[test]
fn a_stamp_that_does_not_exist_is_seen_on_every_line() {
    let lines = lines();
    let whole = scan([lines.concat().as_bytes()]);
    assert_eq!(whole.len(), 3);
    assert!(
        whole
            .iter()
            .all(|item| matches!(item, Owned::Message { damage: None, .. }))
    );
    for stamp in [
        "20171327:084412345",
        "20170431:084412345",
        "20170427:244412345",
        "20170427:086012345",
        "20170427:084460345",
        "2017x427:084412345",
        "20170427:0844123x5",
        // These exist.
        "20170428:084412345",
        "20170427:235959999",
        "20170427:084412346",
    ] {
        for at in 0..lines.len() {
            let mut lines = lines.clone();
            lines[at] = lines[at].replace(STAMP, stamp);
            let log = lines.concat();
            assert_eq!(
                scan([log.as_bytes()]),
                reference::read(log.as_bytes()).items,
                "{stamp} in line {at}"
            );
        }
    }
}
