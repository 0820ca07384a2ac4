use std::io::{Cursor, Read};

use tar::{EntryType, Header};

use super::TarWalk;
use crate::entry::Entry;
use crate::source::read_past;

/// A header, its sum right, and the content padded.
fn entry(name: &[u8], kind: EntryType, content: &[u8], change: impl FnOnce(&mut Header)) -> Vec<u8> {
    let mut header = Header::new_gnu();
    header.as_old_mut().name[..name.len()].copy_from_slice(name);
    header.set_entry_type(kind);
    header.set_size(content.len() as u64);
    change(&mut header);
    header.set_cksum();
    let mut bytes = header.as_bytes().to_vec();
    bytes.extend(content);
    bytes.resize(bytes.len().next_multiple_of(512), 0);
    bytes
}

fn file(name: &str, content: &str) -> Vec<u8> {
    entry(name.as_bytes(), EntryType::Regular, content.as_bytes(), |_| {})
}

/// What the walk meets, a line each: an entry with its content, or what is wrong.
fn walk(parts: &[Vec<u8>]) -> String {
    let mut walk = TarWalk::new(Cursor::new(parts.concat()), read_past);
    let mut lines = Vec::new();
    while let Some(next) = walk.next() {
        lines.push(match next {
            Ok(Entry { name, place }) => {
                let mut content = Vec::new();
                let end = match walk.read_to_end(&mut content) {
                    Ok(_) => String::new(),
                    Err(error) => format!(" {error}"),
                };
                let length = match place {
                    Ok(place) => place.length.to_string(),
                    Err(damage) => format!("! {}", damage.to_string().split_once(',').unwrap().0),
                };
                let content = match content.len() {
                    0..40 => format!("`{}`", content.escape_ascii()),
                    n => format!("{n} bytes"),
                };
                format!("{} {length} {content}{end}", name.escape_ascii())
            }
            Err(error) => format!("! {error}"),
        });
        assert!(lines.len() < 100, "it goes on for ever");
    }
    assert!(walk.next().is_none());
    lines.join("\n")
}

fn end() -> Vec<u8> {
    vec![0; 1024]
}

#[test]
fn regular_files_come_and_nothing_else() {
    let kinds = [
        EntryType::Link,
        EntryType::Symlink,
        EntryType::Char,
        EntryType::Block,
        EntryType::Directory,
        EntryType::Fifo,
        EntryType::new(b'M'),
    ];
    let mut parts = vec![file("a", "one")];
    parts.extend(kinds.map(|kind| entry(b"other", kind, b"", |_| {})));
    parts.push(entry(b"contiguous", EntryType::Continuous, b"two", |_| {}));
    parts.push(entry(b"old", EntryType::new(0), b"three", |_| {}));
    parts.push(end());
    insta::assert_snapshot!(walk(&parts), @"
    a 3 `one`
    contiguous 3 `two`
    old 5 `three`
    ");
}

#[test]
fn names_stand_in_many_places() {
    let pax = |text: &str| entry(b"pax", EntryType::XHeader, text.as_bytes(), |_| {});
    let long = |name: &[u8]| entry(b"././@LongLink", EntryType::GNULongName, name, |_| {});
    let mut in_prefix = Header::new_ustar();
    in_prefix.set_path(format!("{}/b", "p".repeat(120))).unwrap();
    in_prefix.set_size(0);
    in_prefix.set_cksum();
    let said = walk(&[
        long(b"long/name\0"),
        file("short", "1"),
        in_prefix.as_bytes().to_vec(),
        pax("17 path=pax/name\n10 mtime=1\n"),
        file("short", "2"),
        // It holds for one entry only, as does a long name of a link.
        entry(b"link", EntryType::GNULongLink, b"far/away", |_| {}),
        file("short", "3"),
        entry(b"global", EntryType::XGlobalHeader, b"16 path=for all\n", |_| {}),
        file("short", "4"),
        pax("garbage\n"),
        file("short", "5"),
        file("../../etc/passwd", "6"),
        file("/abs\x1bolute", "7"),
        end(),
    ]);
    insta::assert_snapshot!(said.replace(&"p".repeat(120), "ppp"), @r"
    long/name 1 `1`
    ppp/b 0 ``
    pax/name 1 `2`
    short 1 `3`
    short 1 `4`
    short 1 `5`
    ../../etc/passwd 1 `6`
    /abs\x1bolute 1 `7`
    ");
}

#[test]
fn sparse_files_are_told_from_others() {
    let pax = |text: &str| entry(b"pax", EntryType::XHeader, text.as_bytes(), |_| {});
    let extended = |header: &mut Header| header.as_gnu_mut().unwrap().set_is_extended(true);
    let mut map = entry(b"old", EntryType::GNUSparse, b"", extended);
    for goes_on in [1, 0] {
        let mut block = vec![b'x'; 512];
        block[504] = goes_on;
        map.extend(block);
    }
    insta::assert_snapshot!(walk(&[
        entry(b"old", EntryType::GNUSparse, b"data", |_| {}),
        map,
        file("between", "1"),
        pax("22 GNU.sparse.major=1\n25 GNU.sparse.name=a/b.M\n"),
        file("GNUSparseFile.0/b.M", "map and data"),
        file("behind", "2"),
        end(),
    ]), @"
    old ! it is stored as a sparse file `data`
    old ! it is stored as a sparse file ``
    between 1 `1`
    a/b.M ! it is stored as a sparse file `map and data`
    behind 1 `2`
    ");
}

#[test]
fn what_is_damaged_is_passed_over_up_to_the_next_header() {
    let mut damaged = file("b", "two");
    damaged[0] ^= 1;
    let no_size = entry(b"b", EntryType::Regular, b"two", |header| {
        header.as_old_mut().size = *b"what is this";
    });
    for damaged in [damaged, no_size, vec![b'x'; 1024]] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(walk(&[file("a", "one"), damaged, file("c", "three"), end()]), @"
            a 3 `one`
            ! the header of an entry is damaged; that entry could not be read
            c 5 `three`
            ");
        }
    }
}

#[test]
fn behind_the_end_may_stand_anything() {
    insta::assert_snapshot!(
        walk(&[file("a", "one"), end(), vec![b'x'; 2048], file("b", "two"), end(), vec![b'x'; 512]]),
        @"
    a 3 `one`
    b 3 `two`
    "
    );
}

#[test]
fn what_is_cut_off_says_so() {
    let whole = [
        file("a", "one"),
        entry(b"b", EntryType::Regular, &[b'x'; 600], |_| {}),
        end(),
    ]
    .concat();
    let cut = |length: usize| walk(&[whole[..length].to_vec()]);
    insta::assert_snapshot!([0, 100, 512, 514, 1000, 1024, 1030, 2000, 2560, 2600, 3072].map(cut).join("\n--\n"), @"

    --
    ! the archive is cut off
    --
    a 3 `` the archive is cut off within it
    --
    a 3 `on` the archive is cut off within it
    --
    a 3 `one`
    ! the archive is cut off
    --
    a 3 `one`
    ! the archive is cut off, for its end mark is missing
    --
    a 3 `one`
    ! the archive is cut off
    --
    a 3 `one`
    b 600 464 bytes the archive is cut off within it
    --
    a 3 `one`
    b 600 600 bytes
    ! the archive is cut off, for its end mark is missing
    --
    a 3 `one`
    b 600 600 bytes
    ! the archive is cut off
    --
    a 3 `one`
    b 600 600 bytes
    ");
}

#[test]
fn sizes_that_no_archive_has_harm_nothing() {
    let size = |bytes: [u8; 12]| move |header: &mut Header| header.as_old_mut().size = bytes;
    let most = [0xff; 12];
    let mut eight_bytes = [0xff; 12];
    eight_bytes[..4].copy_from_slice(&[0x80, 0, 0, 0]);
    for bytes in [most, eight_bytes, *b"77777777777\0", *b"777777777777"] {
        for kind in [
            EntryType::Regular,
            EntryType::Directory,
            EntryType::GNULongName,
            EntryType::XHeader,
        ] {
            let said = walk(&[entry(b"a", kind, b"", size(bytes)), file("b", "two"), end()]);
            assert!(said.contains("the archive is cut off"), "{kind:?} {bytes:x?}: {said}");
        }
    }
    let said = walk(&[
        entry(b"pax", EntryType::XHeader, b"29 size=18446744073709551615\n", |_| {}),
        file("a", "one"),
        end(),
    ]);
    assert!(said.ends_with(" the archive is cut off within it"), "{said}");
}

#[test]
fn headers_that_are_too_long_are_not_kept() {
    for kind in [EntryType::GNULongName, EntryType::XHeader] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(walk(&[entry(b"long", kind, &[b'x'; 70_000], |_| {}), file("a", "one"), end()]), @"
            ! an entry has a header over 64 KiB; its name may be cut
            a 3 `one`
            ");
        }
    }
}
