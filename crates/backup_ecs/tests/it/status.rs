//! `backup_ecs status`.

use std::fs::{self, File};

use crate::harness::{Ran, Server, name};

/// What `status` prints, with what differs from one machine and one moment to the next as `N`.
fn status(server: &Server) -> String {
    let Ran { code, out, err, .. } = server.run(&["status"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let lines = out.lines().map(|line| match line.get(..8).map(str::trim) {
        Some("size" | "outlook") => without_numbers(line),
        Some("last run") => line.replace(" 0 s ago", " N s ago").replace(" 1 s ago", " N s ago"),
        _ => line.to_owned(),
    });
    Vec::from_iter(lines).join("\n")
}

fn without_numbers(line: &str) -> String {
    let mut line = line.replace(|c: char| c.is_ascii_digit(), "N");
    while line.contains("NN") {
        line = line.replace("NN", "N");
    }
    ["kB", "MB", "GB"]
        .iter()
        .fold(line, |line, unit| line.replace(unit, "bytes"))
}

#[test]
fn it_says_on_one_screen_how_it_stands() {
    let server = Server::with_logs([0, 1, 5]);
    let missing = server.run(&["status"]);
    assert_eq!((missing.code, missing.out.as_str()), (1, ""));
    insta::assert_snapshot!(missing.err, @"backup_ecs: DST: cannot open: No such file or directory (os error 2); name the folder of the backups with --dst");
    fs::create_dir(server.dst()).unwrap();
    insta::assert_snapshot!(status(&server), @"
    backups   DST
    reach     there are none
    number    0
    size      N bytes, N % of the partition, which is N % full; the limit is N %
    outlook   no log of the last day is saved: none is deleted
    held      nothing
    lost      nothing that is known
    last run  there was none that is known
    ");

    server.run_well(&[]);
    insta::assert_snapshot!(status(&server), @"
    backups   DST
    reach     from 2017-04-27 08:00:00 to 2017-04-27 08:00:05
    number    3
    size      N bytes, N % of the partition, which is N % full; the limit is N %
    outlook   no log of the last day is saved: none is deleted
    held      nothing
    lost      nothing that is known
    last run  began N s ago; 3 logs saved, 0 backups deleted to make room, 0 failures
    ");

    // One log is lost: a folder stood under the name of its backup.
    server.log(7);
    let in_the_way = server.dst().join(format!("{}.gz", name(7)));
    fs::create_dir_all(in_the_way.join("x")).unwrap();
    assert_eq!(server.run(&[]).code, 1);
    fs::remove_dir_all(in_the_way).unwrap();
    fs::remove_file(server.src().join(name(7))).unwrap();
    server.log(9);
    // This one is of today.
    fs::write(server.src().join(name(10)), "log").unwrap();
    assert_eq!(server.run(&[]).code, 1);
    insta::assert_snapshot!(status(&server), @"
    backups   DST
    reach     from 2017-04-27 08:00:00 to 2017-04-27 08:00:10
    number    5
    size      N bytes, N % of the partition, which is N % full; the limit is N %
    outlook   about N bytes of backups a day: the oldest is deleted in N days
    held      nothing
    lost      logs from 2017-04-27 08:00:07 to 2017-04-27 08:00:09
    last run  began N s ago; 2 logs saved, 0 backups deleted to make room, 0 failures
    ");
}

#[test]
fn it_changes_nothing_and_does_not_wait_for_a_run() {
    let server = Server::with_logs([0]);
    server.run_well(&[]);
    let contents = || {
        let names = server.all_in_dst();
        Vec::from_iter(
            names
                .into_iter()
                .map(|name| (fs::read(server.dst().join(&name)).unwrap(), name)),
        )
    };
    let before = contents();
    let lock = File::open(server.dst().join(".backup_ecs.lock")).unwrap();
    lock.lock().unwrap();
    // Of the server's folder nothing is needed.
    fs::remove_dir_all(server.src()).unwrap();
    assert!(status(&server).contains("number    1\n"));
    assert_eq!(contents(), before);
}

#[test]
fn an_unknown_task_and_options_that_are_for_a_run_are_refused() {
    let server = Server::with_logs([0]);
    let mut lines = String::new();
    for args in [
        &["statsu"][..],
        &["status", "--verify"],
        &["--verify", "status"],
        &["status", "extra"],
    ] {
        let ran = server.run(args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}");
        lines.push_str(&ran.err);
    }
    insta::assert_snapshot!(lines, @"
    backup_ecs: unrecognized subcommand 'statsu'; see --help
    backup_ecs: unexpected argument '--verify' found; see --help
    backup_ecs: --verify does not go with status; see --help
    backup_ecs: unexpected argument 'extra' found; see --help
    ");
    let help = server.run(&["status", "--help"]);
    assert_eq!(help.code, 0);
    insta::assert_snapshot!(help.out, @"
    Show how it stands: how far the backups reach, their size, what was lost, the last run

    Usage: backup_ecs status [OPTIONS]

    Options:
          --src <DIR>          Where the logs are [env: SRCDIR] [default: /var/log/ecs]
          --dst <DIR>          Where the backups are put; made if it is missing [env: DSTDIR] [default:
                               /var/home/ftp/pub/ecsbkp]
          --files <PATTERN>    Which logs: a shell pattern for their names [env: FILES] [default: 20*]
          --max-use <PERCENT>  Use of the partition of the backups, in per cent as df shows it, at which
                               the oldest backups are deleted: 1 to 100 [env: MAXUSE] [default: 90]
          --gzip               Compress the backups, which GZIP=0 says not to [env: GZIP] [default: 1]
          --no-gzip            Do not compress the backups
          --ratio <LEVEL>      How hard to compress: 0, not at all, to 9, the slowest [env: RATIO]
                               [default: 4]
          --keep-min <N>       Keep at least so many backups, however full the partition is [default: 1]
          --wait <SECONDS>     Where another run is at work, wait so long for it to end [default: 0]
          --dry-run            Change nothing, print what would be done
      -v, --verbose            Print a line for each file, and one at the end
      -h, --help               Print help, with the values in force

    Values in force:
      SRCDIR=SRC
      DSTDIR=DST
      FILES=20*
      MAXUSE=100
      GZIP=1
      RATIO=4
    ");
}

#[test]
fn a_state_that_cannot_be_read_is_not_taken_for_one_in_which_nothing_is_lost() {
    let server = Server::with_logs([0]);
    server.run_well(&[]);
    let states = [1, 2].map(|n| server.dst().join(format!(".backup_ecs.state.{n}")));
    let texts = states.each_ref().map(|path| fs::read(path).unwrap());
    let say = || {
        let Ran { code, out, err, .. } = server.run(&["status"]);
        assert_eq!(code, 1);
        Vec::from_iter(out.lines().filter(|line| line.contains("not known:"))).join("\n") + "\n" + &err
    };
    fs::write(&states[0], "backup_ecs state 1\n").unwrap();
    assert_eq!(server.run(&["status"]).code, 0, "the other one is valid");
    fs::write(&states[1], "backup_ecs state 1\n").unwrap();
    insta::assert_snapshot!(say(), @"
    lost      not known: the state cannot be read
    last run  not known: the state cannot be read
    backup_ecs: DST/.backup_ecs.state.2: cannot read: it is damaged; the next run makes it anew
    ");
    fs::write(&states[0], &texts[0]).unwrap();
    fs::remove_file(&states[1]).unwrap();
    fs::create_dir(&states[1]).unwrap();
    insta::assert_snapshot!(say(), @"
    lost      not known: the state cannot be read
    last run  not known: the state cannot be read
    backup_ecs: DST/.backup_ecs.state.2: is no regular file; move what has this name out of the way
    ");
}
