//! The lines that people read.

use std::error::Error as _;
use std::io;

use super::{Error, Operation};
use crate::room::DiskUse;

#[test]
fn each_says_where_and_what_in_one_line() {
    let disk = DiskUse {
        block_bytes: 4096,
        blocks: 1000,
        free: 30,
        available: 20,
        can_make_file: true,
    };
    let errors = [
        Error::io("/dst/a\n".into(), Operation::Write, io::ErrorKind::StorageFull.into()),
        Error::not_regular("/src/a".into()),
        Error::same_folder("/dst".into()),
        Error::open_to_all("/dst".into()),
        Error::keeps_changing("/src/a".into()),
        Error::no_room("/dst".into(), disk, 12_345),
        Error::never_fits("/dst/a".into(), disk, 50_000_000),
    ];
    let lines: Vec<String> = errors
        .iter()
        .map(|error| match error.source() {
            Some(cause) => format!("{error}: {cause}"),
            None => error.to_string(),
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    /dst/a\x0a: cannot write: no storage space
    /src/a: is no regular file
    /dst: is the folder of the logs themselves
    /dst: everybody may write to it
    /src/a: changed each time while it was read
    /dst: no room left to make: the partition is 98 % full, 12 kB of it are backups that may go no further, 3960 kB are not ours
    /dst/a: no room can be made for it: it takes about 50 MB, of which 81 kB are free, and deleting backups would not do
    ");
}
