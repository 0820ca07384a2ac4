//! Nothing is allocated per record once the scanner has seen all processes.

use std::fs;
use std::path::Path;

use allocation_counter::measure;
use sip_scan::{Item, Scanner, Tail, Want};

use crate::lines::{first, further, record};

/// How often a scanner allocates for `log` when it has read it twice before: what the log leaves open at its end goes on
/// when it is read again.
fn allocations(log: &[u8], block: usize) -> u64 {
    let mut scanner = Scanner::new(Want::Head);
    scanner.resume(Tail::nothing());
    let mut items = 0;
    let mut sink = |_: Item<'_>| items += 1;
    let mut read = || {
        for block in log.chunks(block) {
            scanner.scan(block, &mut sink);
        }
    };
    let before = measure(&mut read).count_total;
    assert!(
        before > 0,
        "the first reading must allocate, or nothing is counted here"
    );
    read();
    let again = measure(&mut read).count_total;
    assert!(items > 2, "{items} items");
    again
}

#[test]
fn a_log_read_again_allocates_nothing() {
    let testdata = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata");
    let paths = [
        "readme/2017-0427-084428.log",
        "rules/interleaved/2017-0427-084412.log",
        "rules/hex/2017-0427-084412.log",
        "rules/damage-no-first/2017-0427-084412.log",
    ];
    for path in paths {
        let log = fs::read(testdata.join(path)).unwrap();
        for block in [usize::MAX, 128 << 10, 4096, 1000, 1] {
            assert_eq!(allocations(&log, block), 0, "{path} in blocks of {block}");
        }
    }
}

#[test]
fn long_headers_allocate_nothing() {
    let to = "x".repeat(7000);
    let bytes = record(&format!("INVITE a SIP/2.0\r\nTo: {to}\r\nCSeq: 1 INVITE\r\n\r\n"));
    let (head, tail) = bytes.split_at(64);
    let tail: String = tail.chunks(64).map(|bytes| further("p(1)", bytes)).collect();
    let log = (first("p(1)", bytes.len(), head) + &tail).repeat(3);
    assert_eq!(allocations(log.as_bytes(), 4096), 0);
}
