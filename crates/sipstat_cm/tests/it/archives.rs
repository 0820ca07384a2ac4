//! Archives, whole and damaged: which logs of them count, and what a person is told.

use insta::{allow_duplicates, assert_snapshot};
use zip::CompressionMethod;

use crate::harness::{Said, TestDir, gzip, sipstat};
use crate::logs::{log, request};
use crate::memory::{bye, stamp};
use crate::tables::{total, windows};
use crate::wrap::{Named, tar, tar_gz, zip, zip_from_a_pipe};

/// `2017-0427-0844NN.log` with one BYE of its second.
fn second(n: usize) -> Named {
    let content = request("BYE").at(&format!("20170427:0844{n:02}")).log();
    (format!("2017-0427-0844{n:02}.log"), content.into_bytes())
}

fn seconds(numbers: impl IntoIterator<Item = usize>) -> Vec<Named> {
    numbers.into_iter().map(second).collect()
}

/// The same in a folder.
fn below(folder: &str, logs: &[Named]) -> Vec<Named> {
    let moved = |(name, content): &Named| (format!("{folder}/{name}"), content.clone());
    logs.iter().map(moved).collect()
}

/// What it says to one file, which it must not read whole; how many BYEs count.
fn told(content: Vec<u8>, status: i32) -> (u64, String) {
    let dir = TestDir::new();
    let Said { stdout, stderr } = sipstat().arg(dir.file("file", content)).exits(status);
    (total(&stdout), stderr)
}

#[test]
fn each_log_counts_once_over_all_that_is_given() {
    let dir = TestDir::new();
    for (name, content) in seconds(0..3) {
        dir.file(format!("ecs/{name}"), content);
    }
    let inputs = [
        dir.path().join("ecs"),
        dir.file("a.tar", tar(&below("a", &seconds([5, 2, 3])))),
        dir.file("b.tgz", tar_gz(&below("b", &seconds([3, 7, 1])))),
        dir.file("c.zip", zip(&below("c/d", &seconds([7, 9, 0])))),
    ];
    let run = || sipstat().arg("-iSEC").args(&inputs);
    let said = run().success();
    let expected = [0, 1, 2, 3, 5, 7, 9].map(|n| format!("20170427:0844{n:02}"));
    assert_eq!(windows(&said.stdout), expected);
    assert_eq!((total(&said.stdout), said.stderr.as_str()), (7, ""));
    let last = run().arg("-n3").success();
    assert_eq!(windows(&last.stdout), expected[4..]);
    let range = run().arg("-t20170427:084402-20170427:084405").success();
    assert_eq!(windows(&range.stdout), expected[2..5]);
    let both = run().args(["-n2", "-t20170427:084402-20170427:084405"]).success();
    assert_eq!(windows(&both.stdout), expected[3..5]);
}

#[test]
fn a_record_goes_on_from_one_archive_to_the_next_and_into_a_folder() {
    let lines = request("BYE").per_line(24).lines();
    let parts: Vec<Named> = lines
        .chunks(2)
        .enumerate()
        .map(|(n, lines)| (second(n).0, lines.concat().into_bytes()))
        .collect();
    let (first, rest) = parts.split_first().unwrap();
    assert!((2..5).contains(&rest.len()), "{}", rest.len());
    for wraps in [[tar, tar_gz, zip], [tar_gz, zip, tar], [zip, tar, tar_gz]] {
        let dir = TestDir::new();
        let run = sipstat()
            .arg(dir.file("z", wraps[0](&rest[1..])))
            .arg(dir.file("a", wraps[1](&rest[..1])))
            .arg(dir.file(&first.0, &first.1));
        let said = run.success();
        assert_eq!((total(&said.stdout), said.stderr.as_str()), (1, ""));
    }
}

#[test]
fn the_logs_of_two_servers_both_count_and_a_note_says_so() {
    let other = |n: usize| {
        let message = request("BYE").ends("10.9.9.9:1>10.1.1.1:5070");
        (
            second(n).0,
            message.at(&format!("20170427:0844{n:02}")).log().into_bytes(),
        )
    };
    allow_duplicates! {
    for wrap in [tar, tar_gz, zip] {
        let dir = TestDir::new();
        let a = dir.file("a", wrap(&below("ecs", &seconds(0..4))));
        let b = dir.file("b", wrap(&below("ecs", &[other(1), other(2), other(5)])));
        let said = sipstat().arg(a).arg(b).success();
        assert_eq!(total(&said.stdout), 7);
        assert_snapshot!(said.stderr, @"sipstat_cm: note: 2 logs of the same names but other content in [DIR]/a/ecs/ and [DIR]/b/ecs/: both counted, as of two servers");
    }
    }
    let dir = TestDir::new();
    let (name, content) = other(3);
    dir.file(format!("one/{name}"), content);
    dir.file(format!("two/{name}"), second(3).1);
    dir.file(format!("two/{name}.gz"), gzip(second(3).1));
    let run = sipstat().current_dir(dir.path()).args(["one", "two"]);
    assert_snapshot!(run.success().stderr, @"sipstat_cm: note: 1 log of the same name but other content in one and two: both counted, as of two servers");
}

#[test]
fn what_is_no_log_in_an_archive_is_passed_over_and_archives_in_it_are_read() {
    let mut files = seconds([1]);
    files.push(("messages".to_owned(), second(2).1));
    files.push(("inner.tar".to_owned(), tar(&seconds([4]))));
    files.push(("inner.zip".to_owned(), zip(&seconds([5]))));
    files.push(("inner.tgz".to_owned(), tar_gz(&seconds([6, 7]))));
    for wrap in [tar, tar_gz, zip] {
        assert_eq!(told(wrap(&files), 0), (5, String::new()));
    }
    files.push(("2017-0427-240000.log".to_owned(), second(3).1));
    for wrap in [tar, tar_gz, zip] {
        let (count, said) = told(wrap(&files), 1);
        assert_eq!(count, 5);
        assert!(
            said.contains(": 2017-0427-240000.log is not read, as its name is not that of an ECS log"),
            "{said}"
        );
    }
}

#[test]
fn an_archive_without_logs_is_told() {
    let files = [("messages".to_owned(), second(2).1)];
    allow_duplicates! {
    for content in [tar(&files), tar_gz(&files), zip(&files), zip(&[])] {
        let (_, said) = told(content, 2);
        assert_snapshot!(said, @"sipstat_cm: [DIR]/file: holds no ECS logs, such as 2017-0427-084412.log");
    }
    }
    let dir = TestDir::new();
    let empty = dir.file("empty.zip", zip(&[]));
    let said = sipstat().arg(empty).arg(dir.file(second(1).0, second(1).1)).exits(1);
    assert_eq!(total(&said.stdout), 1);
    assert_snapshot!(said.stderr, @"
    sipstat_cm: [DIR]/empty.zip: holds no ECS logs, such as 2017-0427-084412.log
    sipstat_cm: 1 of 2 inputs could not be read, or not to the end
    ");
    let said = sipstat().arg("-").stdin(zip(&[])).exits(2);
    assert_snapshot!(said.stderr, @"sipstat_cm: standard input: holds no ECS logs, such as 2017-0427-084412.log");
}

/// An archive that ends within the last record that lies in it as it is.
fn cut(mut whole: Vec<u8>) -> Vec<u8> {
    let end = b"0d 0a 0d 0a]";
    let place = whole.windows(end.len()).rposition(|bytes| bytes == end).unwrap();
    whole.truncate(place);
    whole
}

#[test]
fn of_an_archive_that_is_cut_off_all_before_counts() {
    let dir = TestDir::new();
    let said = |expected: u64, input: Vec<u8>| {
        let from_file = sipstat().arg(dir.file("file", &input)).exits(1);
        let from_pipe = sipstat().arg("-").stdin(input).exits(1);
        assert_eq!(total(&from_file.stdout), expected);
        assert_eq!(from_file.stdout, from_pipe.stdout);
        (from_file.stderr, from_pipe.stderr)
    };
    let (from_file, from_pipe) = said(3, cut(tar(&seconds(1..4))));
    assert_snapshot!(from_file, @"
    sipstat_cm: [DIR]/file: the archive is cut off; what came before is counted
    sipstat_cm: [DIR]/file: 2017-0427-084403.log: the archive is cut off within it; what came before is counted
    sipstat_cm: 1 of 3 records damaged: 1 shorter than its SIZE (1 of them counted); 2 of 4 inputs could not be read, or not to the end
    ");
    assert_snapshot!(from_pipe, @"
    sipstat_cm: standard input: 2017-0427-084403.log: the archive is cut off within it; what came before is counted
    sipstat_cm: 1 of 3 records damaged: 1 shorter than its SIZE (1 of them counted); 1 of 3 inputs could not be read, or not to the end
    ");
    let (from_file, from_pipe) = said(3, gzip(cut(tar(&seconds(1..4)))));
    assert_snapshot!(from_file, @"
    sipstat_cm: [DIR]/file: 2017-0427-084403.log: the archive is cut off within it; what came before is counted
    sipstat_cm: 1 of 3 records damaged: 1 shorter than its SIZE (1 of them counted); 1 of 3 inputs could not be read, or not to the end
    ");
    assert_snapshot!(from_pipe, @"
    sipstat_cm: standard input: 2017-0427-084403.log: the archive is cut off within it; what came before is counted
    sipstat_cm: 1 of 3 records damaged: 1 shorter than its SIZE (1 of them counted); 1 of 3 inputs could not be read, or not to the end
    ");
    // The second is stored, the others are deflated.
    let (from_file, from_pipe) = said(2, cut(zip(&seconds(1..4))));
    assert_snapshot!(from_file, @"
    sipstat_cm: [DIR]/file: the zip has no readable directory at its end; what its start holds is read
    sipstat_cm: [DIR]/file: 2017-0427-084402.log: the archive is cut off within it; what came before is counted
    sipstat_cm: 1 of 2 records damaged: 1 shorter than its SIZE (1 of them counted); 2 of 3 inputs could not be read, or not to the end
    ");
    assert_snapshot!(from_pipe, @"
    sipstat_cm: standard input: 2017-0427-084402.log: the archive is cut off within it; what came before is counted
    sipstat_cm: 1 of 2 records damaged: 1 shorter than its SIZE (1 of them counted); 1 of 2 inputs could not be read, or not to the end
    ");
}

#[test]
fn a_zip_without_its_directory_is_read_from_its_start() {
    let whole = zip(&seconds(1..4));
    let directory = places(&whole, b"PK\x01\x02")[0];
    let (count, said) = told(whole[..directory + 10].to_vec(), 1);
    assert_eq!(count, 3);
    assert_snapshot!(said, @"
    sipstat_cm: [DIR]/file: the zip has no readable directory at its end; what its start holds is read
    sipstat_cm: 1 of 4 inputs could not be read, or not to the end
    ");
    let (count, said) = told(whole[..directory].to_vec(), 1);
    assert_eq!(count, 3);
    assert_snapshot!(said, @"
    sipstat_cm: [DIR]/file: the zip has no readable directory at its end; what its start holds is read
    sipstat_cm: [DIR]/file: the archive is cut off; what came before is counted
    sipstat_cm: 2 of 5 inputs could not be read, or not to the end
    ");
}

#[test]
fn a_gzip_around_a_tar_that_is_cut_off() {
    let mut packed = gzip(tar(&seconds(1..60)));
    packed.truncate(packed.len() * 3 / 4);
    let (count, said) = told(packed, 1);
    assert!((20..60).contains(&count), "{count}");
    let said = said
        .replace(&format!("0844{count:02}"), "0844NN")
        .replace(&format!("0844{:02}", count + 1), "0844NN");
    assert_snapshot!(said, @"
    sipstat_cm: [DIR]/file: damaged gzip: it is cut off; what came before is counted
    sipstat_cm: 1 of 44 inputs could not be read, or not to the end
    ");
    // The sum at its end does not fit.
    let mut packed = gzip(tar(&seconds(1..3)));
    let place = packed.len() - 8;
    packed[place] ^= 1;
    let (count, said) = told(packed, 1);
    assert_eq!(count, 2);
    assert_snapshot!(said, @"
    sipstat_cm: [DIR]/file: damaged gzip: corrupt gzip stream does not have a matching checksum; what came before is counted
    sipstat_cm: 1 of 3 inputs could not be read, or not to the end
    ");
}

#[test]
fn a_header_of_a_tar_that_is_damaged_costs_one_log() {
    let mut bytes = tar(&seconds(1..4));
    let magic = places(&bytes, b"usta")[1];
    bytes[magic - 257] ^= 1;
    allow_duplicates! {
    for content in [bytes.clone(), gzip(bytes)] {
        let (count, said) = told(content, 1);
        assert_eq!(count, 2);
        assert_snapshot!(said, @"
        sipstat_cm: [DIR]/file: the header of an entry is damaged; that entry could not be read
        sipstat_cm: 1 of 3 inputs could not be read, or not to the end
        ");
    }
    }
}

#[test]
fn entries_of_a_zip_that_cannot_be_read_are_named() {
    let whole = zip(&below("ecs", &seconds(1..5)));
    let local = |n: usize| {
        whole
            .windows(4)
            .enumerate()
            .filter(|(_, mark)| *mark == b"PK\x03\x04")
            .nth(n)
            .unwrap()
            .0
    };
    let central = |n: usize| {
        whole
            .windows(4)
            .enumerate()
            .filter(|(_, mark)| *mark == b"PK\x01\x02")
            .nth(n)
            .unwrap()
            .0
    };
    let mut bytes = whole.clone();
    // The first is encrypted, the second packed by bzip2, and the third's sum is wrong.
    for (n, local_place, central_place, value) in [(0, 6, 8, 1), (1, 8, 10, 12), (2, 14, 16, 0)] {
        bytes[local(n) + local_place] = value;
        bytes[central(n) + central_place] = value;
    }
    let (count, said) = told(bytes.clone(), 1);
    assert_eq!(count, 2);
    assert_snapshot!(said, @"
    sipstat_cm: [DIR]/file: ecs/2017-0427-084401.log: it is encrypted; unpack it, and name what was unpacked
    sipstat_cm: [DIR]/file: ecs/2017-0427-084402.log: it is compressed by method 12 (BZIP2), which is not read; unpack it, and name what was unpacked
    sipstat_cm: [DIR]/file: ecs/2017-0427-084403.log: damaged: its checksum does not fit; what came before is counted
    sipstat_cm: 3 of 4 inputs could not be read, or not to the end
    ");
    let said = sipstat().arg("-").stdin(bytes).exits(1);
    assert_eq!(total(&said.stdout), 2);
    assert_snapshot!(said.stderr, @"
    sipstat_cm: standard input: ecs/2017-0427-084401.log: it is encrypted; unpack it, and name what was unpacked
    sipstat_cm: standard input: ecs/2017-0427-084402.log: it is compressed by method 12 (BZIP2), which is not read; unpack it, and name what was unpacked
    sipstat_cm: standard input: ecs/2017-0427-084403.log: damaged: its checksum does not fit; what came before is counted
    sipstat_cm: 3 of 4 inputs could not be read, or not to the end
    ");
}

#[test]
fn entries_that_share_bytes_count_once() {
    let mut bytes = zip(&seconds(1..4));
    let locals: Vec<usize> = places(&bytes, b"PK\x03\x04");
    let centrals = places(&bytes, b"PK\x01\x02");
    // The third's header is said to be where the first's is.
    bytes[centrals[2] + 42..centrals[2] + 46].copy_from_slice(&u32::try_from(locals[0]).unwrap().to_le_bytes());
    let (count, said) = told(bytes, 1);
    assert_eq!(count, 2);
    assert_snapshot!(said, @"
    sipstat_cm: [DIR]/file: 2017-0427-084403.log: it shares bytes with another entry; not read
    sipstat_cm: 1 of 3 inputs could not be read, or not to the end
    ");
}

fn places(bytes: &[u8], mark: &[u8; 4]) -> Vec<usize> {
    let found = bytes.windows(4).enumerate().filter(|(_, found)| found == mark);
    found.map(|(place, _)| place).collect()
}

#[test]
fn a_zip_that_was_stored_into_a_pipe_must_be_named() {
    let logs = seconds(1..4);
    let bytes = zip_from_a_pipe(&logs, CompressionMethod::Stored);
    assert_eq!(told(bytes.clone(), 0), (3, String::new()));
    let said = sipstat().arg("-").stdin(bytes).exits(2);
    assert_snapshot!(said.stderr, @"sipstat_cm: standard input: 2017-0427-084401.log: where it ends is not known in a pipe, so the rest could not be read; name the file instead");
}

#[test]
fn a_log_in_an_archive_may_be_damaged_itself() {
    let mut logs = seconds(1..4);
    let packed = gzip(&logs[1].1);
    logs[1] = (format!("{}.gz", logs[1].0), packed[..packed.len() - 4].to_vec());
    allow_duplicates! {
    for wrap in [tar, tar_gz, zip] {
        let (count, said) = told(wrap(&logs), 1);
        assert_eq!(count, 3);
        assert_snapshot!(said, @"
        sipstat_cm: [DIR]/file: 2017-0427-084402.log.gz: damaged gzip: it is cut off; what came before is counted
        sipstat_cm: 1 of 3 inputs could not be read, or not to the end
        ");
    }
    }
}

#[test]
fn names_in_archives_are_shown_escaped_and_lead_nowhere() {
    let bad = gzip(second(1).1)[..30].to_vec();
    let names = ["../../../tmp/", "/etc/", "\u{1b}[2J\n/", "\u{202e}/"];
    let logs = names.map(|folder| (format!("{folder}{}", second(1).0), bad.clone()));
    let dir = TestDir::new();
    let mut builder = ::tar::Builder::new(Vec::new());
    for (name, content) in &logs {
        let mut header = ::tar::Header::new_gnu();
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(content.len() as u64);
        header.set_cksum();
        builder.append(&header, content.as_slice()).unwrap();
    }
    let path = dir.file("file", builder.into_inner().unwrap());
    let said = sipstat().current_dir(dir.path()).arg("file").exits(1);
    assert_snapshot!(said.stderr, @r"
    sipstat_cm: file: ../../../tmp/2017-0427-084401.log: damaged gzip: it is cut off; what came before is counted
    sipstat_cm: file: /etc/2017-0427-084401.log: damaged gzip: it is cut off; what came before is counted
    sipstat_cm: file: \x1b[2J\x0a/2017-0427-084401.log: damaged gzip: it is cut off; what came before is counted
    sipstat_cm: file: \u{202e}/2017-0427-084401.log: damaged gzip: it is cut off; what came before is counted
    sipstat_cm: 4 of 4 inputs could not be read, or not to the end
    ");
    let files = std::fs::read_dir(dir.path()).unwrap().count();
    assert_eq!(files, 1, "{}", path.display());
}

#[test]
fn raw_messages_in_an_archive_are_read() {
    let raw = std::fs::read(crate::harness::testdata("rules/raw/0844_0845.M")).unwrap();
    let dir = TestDir::new();
    let expected = sipstat().arg(dir.file("0844_0845.M", &raw)).success();
    assert!(total(&expected.stdout) > 0);
    for wrap in [tar, tar_gz, zip] {
        let archive = wrap(&[("traces/0844_0845.M".to_owned(), raw.clone())]);
        assert_eq!(sipstat().arg(dir.file("archive", archive)).success(), expected);
    }
}

#[test]
fn each_of_many_archives_is_read() {
    let dir = TestDir::new();
    for n in 0..60 {
        let wrap = [tar, tar_gz, zip][n % 3];
        dir.file(format!("{n}.archive"), wrap(&seconds([n])));
    }
    let said = sipstat().arg(dir.path().join("*.archive")).arg("-iSEC").success();
    assert_eq!(windows(&said.stdout).len(), 60);
    assert_eq!(
        said.stdout,
        sipstat()
            .arg("-iSEC")
            .arg("-")
            .stdin(log_of_a_minute())
            .success()
            .stdout
    );
}

fn log_of_a_minute() -> Vec<u8> {
    let messages: Vec<_> = (0..60)
        .map(|n| request("BYE").at(&format!("20170427:0844{n:02}")))
        .collect();
    log(&messages).into_bytes()
}

/// More counts than can be held until the order of all logs is known.
#[test]
fn what_had_to_be_reported_early_counts_once() {
    let dir = TestDir::new();
    let logs: Vec<Named> = (0..24)
        .map(|n| {
            let seconds = n * 600..(n + 1) * 600;
            let content: String = seconds.map(|n| bye(&stamp(n), [10, 2, 2, 2])).collect();
            (
                format!("2017-0101-{:02}{:02}00.log", n / 6, n % 6 * 10),
                content.into_bytes(),
            )
        })
        .collect();
    for (name, content) in &logs {
        dir.file(format!("ecs/{name}"), content);
    }
    let ecs = dir.path().join("ecs");
    let expected = sipstat().arg("-iSEC").arg(&ecs).success();
    assert_eq!(total(&expected.stdout), 14_400);
    let archive = dir.file("logs.tgz", tar_gz(&logs));
    let both = sipstat().arg("-iSEC").arg(&archive).arg(&ecs).success();
    assert_eq!(both.stderr, "");
    assert!(both.stdout == expected.stdout);
    let copy = dir.file("copy.tgz", tar_gz(&logs));
    let twice = sipstat().arg("-iSEC").arg(&archive).arg(copy).success();
    assert!(twice.stdout == expected.stdout);
}
