//! Copies of one log, and logs of two servers with the same name.

use super::*;

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_never_read_for_comparison() {
    let dir = folder();
    logs(&dir, &[A]);
    fs::create_dir(dir.path().join("x")).unwrap();
    // Read, it would be empty, and so a copy.
    let device = dir.path().join("x").join(A);
    std::os::unix::fs::symlink("/dev/null", &device).unwrap();
    let device = format!("x/{A}");
    check(&dir, &inputs(&dir, &[A, &device]), &[A, &device]);
}

#[test]
fn of_copies_the_one_that_holds_most_is_taken_and_of_two_servers_both() {
    let block = "x".repeat(64 << 10);
    let with = |end: &str| format!("1\n{block}{end}");
    for (name, first, second, expected) in [
        ("equal", "1\n2\n", "1\n2\n", "a"),
        ("the first is the beginning", "1\n2\n", "1\n2\n3\n", "b"),
        ("the second is the beginning", "1\n2\n3\n", "1\n2\n", "a"),
        ("only the first line is the same", "1\n2\n", "1\n3\n", "ab"),
        (
            "only the first line is the same, lengths differ",
            "1\n2\n",
            "1\n3\n4\n",
            "ab",
        ),
        ("two servers", "1\n", "2\n", "ab"),
        ("the first is empty", "", "1\n", "b"),
        ("the second is empty", "1\n", "", "a"),
        ("both are empty", "", "", "a"),
        ("the first is cut in its first line", "12", "123\n", "b"),
        ("the second is cut in its first line", "123\n", "12", "a"),
        ("cut, but another line", "13", "123\n", "ab"),
        ("a whole line is not cut", "12\n", "123\n", "ab"),
        ("long and equal", &with("a"), &with("a"), "a"),
        ("long, the first is the beginning", &with("a"), &with("ab"), "b"),
        ("long, the second is the beginning", &with("ab"), &with("a"), "a"),
        ("both end with the first block", &block, &block, "a"),
        (
            "the shorter one ends with the first block",
            &block,
            &format!("{block}a"),
            "b",
        ),
        (
            "other lengths and other content behind the first block",
            &with("a"),
            &with("bb"),
            "ab",
        ),
    ] {
        for (form, pack) in FORMS {
            let dir = folder();
            let path = |folder| format!("{folder}/{A}");
            write(&dir, &path('a'), pack[0](first));
            write(&dir, &path('b'), pack[1](second));
            let selection = select(&inputs(&dir, &["a", "b"]));
            let expected: Vec<String> = expected.chars().map(path).collect();
            assert_eq!(chosen(&dir, &selection), expected, "{name}, {form}");
        }
    }
}

#[test]
fn of_one_length_no_more_than_the_first_block_is_compared() {
    let block = "x".repeat(64 << 10);
    let (first, second) = (format!("{block}a"), format!("{block}b"));
    for (form, pack) in &FORMS[..3] {
        let dir = folder();
        write(&dir, &format!("a/{A}"), pack[0](&first));
        write(&dir, &format!("b/{A}"), pack[1](&second));
        let selection = select(&inputs(&dir, &["a", "b"]));
        assert_eq!(chosen(&dir, &selection), [format!("a/{A}")], "{form}");
    }
}

/// How a log lies on disk.
type Pack = fn(&str) -> Vec<u8>;

/// Each with the name of a plain log, so that the name prefers none.
const FORMS: [(&str, [Pack; 2]); 4] = [
    ("plain", [plain, plain]),
    ("gzip and plain", [packed, plain]),
    ("plain and gzip", [plain, packed]),
    ("gzip of two members", [members, members]),
];

fn plain(content: &str) -> Vec<u8> {
    content.as_bytes().to_vec()
}

fn packed(content: &str) -> Vec<u8> {
    gzip(content)
}

/// The trailer tells the length of the last member only.
fn members(content: &str) -> Vec<u8> {
    let (begin, end) = content.split_at(content.len() / 2);
    [gzip(begin), gzip(end)].concat()
}

/// Lines that gzip cannot make much shorter, so that a part of the packed bytes is a part of the lines.
fn lines(count: u32) -> String {
    (0..count)
        .map(|n| format!("{}\n", n.wrapping_mul(2_654_435_761)))
        .collect()
}

#[test]
fn a_cut_copy_is_dropped_beside_one_that_holds_more_whatever_their_forms_and_places() {
    let long = lines(30_000);
    let whole = gzip(&long);
    let cut = &whole[..whole.len() / 2];
    let early = long.split_at(20_000).0;
    for (name, short, full) in [
        (
            "cut gzip, plain",
            ("2017-0427-080000.log.gz", cut),
            (A, long.as_bytes()),
        ),
        (
            "cut gzip, gzip",
            ("2017-0427-080000.log.gz", cut),
            ("2017-0427-080000.log.gz", &whole),
        ),
        (
            "early, gzip",
            (A, early.as_bytes()),
            ("2017-0427-080000.log.gz", &whole),
        ),
        (
            "early, cut gzip",
            (A, early.as_bytes()),
            ("2017-0427-080000.log.gz", cut),
        ),
        ("early, plain", (A, early.as_bytes()), (A, long.as_bytes())),
    ] {
        let dir = folder();
        write(&dir, &format!("short/{}", short.0), short.1);
        write(&dir, &format!("full/{}", full.0), full.1);
        for order in [["short", "full"], ["full", "short"]] {
            let selection = check(&dir, &inputs(&dir, &order), &[&format!("full/{}", full.0)]);
            assert_eq!(selection.namesakes, [], "{name}");
        }
    }
}

#[test]
fn of_copies_that_hold_the_same_the_one_without_damage_is_taken() {
    let dir = folder();
    let whole = gzip(lines(10));
    // Without its trailer all bytes can be read, but whether they are right is not known.
    write(&dir, &format!("a/{A}"), &whole[..whole.len() - 8]);
    write(&dir, &format!("b/{A}"), &whole);
    let expected = format!("b/{A}");
    check(&dir, &inputs(&dir, &["a", "b"]), &[&expected]);
    check(&dir, &inputs(&dir, &["b", "a"]), &[&expected]);
}

#[test]
fn the_longest_of_several_copies_is_taken_and_the_others_are_no_namesakes() {
    let dir = folder();
    for (name, content) in [("a", "1\n"), ("b", "1\n2\n3\n"), ("c", "1\n2\n"), ("d", "2\n")] {
        write(&dir, &format!("{name}/{A}"), content);
    }
    for order in [["a", "b", "c", "d"], ["c", "a", "b", "d"], ["b", "c", "a", "d"]] {
        let selection = check(&dir, &inputs(&dir, &order), &[&format!("b/{A}"), &format!("d/{A}")]);
        assert_eq!(selection.namesakes.len(), 1);
    }
}

fn tar(content: &str) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(u64::try_from(content.len()).unwrap());
    tar.append_data(&mut header, A, content.as_bytes()).unwrap();
    tar.into_inner().unwrap()
}

/// Whether each chosen log lies in an archive, after all that come by were read.
fn chosen_in_archives(request: &Request) -> Vec<bool> {
    let mut inputs = crate::find::Inputs::new(request);
    while let Some(mut archive) = inputs.next_archive() {
        while let Some(mut log) = archive.next_log() {
            let _ = io::copy(&mut log, &mut io::sink());
        }
        inputs.add(archive);
    }
    let selection = inputs.select();
    counted(&selection).map(Log::is_in_archive).collect()
}

#[test]
fn a_copy_in_an_archive_counts_by_what_it_holds() {
    let long = lines(30_000);
    let early = long.split_at(200_000).0;
    for (name, archived, in_folder, expected) in [
        ("early in the archive", early, long.as_str(), &[false][..]),
        ("early in the folder", &long, early, &[true]),
        ("two servers", "1\n", "2\n", &[false, true]),
    ] {
        for (form, archive) in [("tar", tar(archived)), ("tgz", gzip(tar(archived)))] {
            let dir = folder();
            write(&dir, "logs", archive);
            write(&dir, &format!("ecs/{A}"), in_folder);
            let found = chosen_in_archives(&inputs(&dir, &["ecs", "logs"]));
            assert_eq!(found, expected, "{name}, {form}");
            let mut found = chosen_in_archives(&inputs(&dir, &["logs", "ecs"]));
            found.sort_unstable();
            assert_eq!(found, expected, "{name}, {form}, the archive first");
        }
    }
}

#[test]
fn a_copy_that_came_by_cut_is_dropped() {
    let dir = folder();
    let long = lines(30_000);
    let archive = gzip(tar(&long));
    write(&dir, "logs", &archive[..archive.len() / 2]);
    write(&dir, &format!("ecs/{A}"), &long);
    assert_eq!(chosen_in_archives(&inputs(&dir, &["logs", "ecs"])), [false]);
}

#[test]
fn of_equal_copies_plain_is_preferred_to_gzip_and_then_the_first_named() {
    let dir = folder();
    let long = lines(30_000);
    write(&dir, "a/2017-0427-080000.log.gz", gzip(&long));
    write(&dir, "b/2017-0427-080000.log.gz", gzip(&long));
    write(&dir, "c/2017-0427-080000.log", &long);
    write(&dir, "d/2017-0427-080000.log", &long);
    let (a, c, d) = (format!("a/{A}.gz"), format!("c/{A}"), format!("d/{A}"));
    check(&dir, &inputs(&dir, &["a", "b", "c", "d"]), &[&c]);
    check(&dir, &inputs(&dir, &["b", "d", "c"]), &[&d]);
    check(&dir, &inputs(&dir, &["a", "b"]), &[&a]);
}

#[test]
fn an_empty_log_beside_those_of_two_servers_is_dropped() {
    let dir = folder();
    for (folder, content) in [("a", "1\n"), ("b", ""), ("c", "2\n")] {
        write(&dir, &format!("{folder}/{A}"), content);
    }
    for order in [["a", "b", "c"], ["b", "a", "c"]] {
        check(&dir, &inputs(&dir, &order), &[&format!("a/{A}"), &format!("c/{A}")]);
    }
}

#[test]
fn what_cannot_be_compared_is_kept() {
    let dir = folder();
    // Nothing of it can be read.
    let damaged = gzip("1\n")[..10].to_vec();
    write(&dir, "a/2017-0427-080000.log", "1\n");
    write(&dir, "b/2017-0427-080000.log.gz", &damaged);
    write(&dir, "c/2017-0427-080000.log.gz", &damaged);
    let (a, b, c) = (format!("a/{A}"), format!("b/{A}.gz"), format!("c/{A}.gz"));
    check(&dir, &inputs(&dir, &["a", "b", "c"]), &[&a, &b, &c]);
}
