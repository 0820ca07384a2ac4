//! Options, variables, and what is said of wrong ones.

use std::process::Command;

use crate::harness::{Server, gz, name};

fn bare() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_backup_ecs"));
    command.env_clear();
    command
}

#[test]
fn help_shows_the_values_in_force() {
    let output = bare()
        .env("MAXUSE", "80")
        .env("GZIP", "0")
        .env("FILES", "2017-*")
        .args(["--ratio", "9", "--max-use=70", "--help"])
        .output()
        .unwrap();
    assert!(output.status.success());
    insta::assert_snapshot!(String::from_utf8(output.stdout).unwrap(), @"
    Backs up the ECS logs of Avaya Communication Manager before the server deletes them

    Usage: backup_ecs [OPTIONS] [TASK]

    Tasks:
      status   Show how it stands: how far the backups reach, their size, what was lost, the last run
      hold     Keep the backups of a range of time, those still to be made included, where nothing
               deletes them
      release  End a hold: its backups go back to the others

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
          --verify             Read every backup to its end, and name those that are damaged
          --dry-run            Change nothing, print what would be done
      -v, --verbose            Print a line for each file, and one at the end
      -V, --version            Print version
      -h, --help               Print help, with the values in force

    Examples:
      */10 * * * * /var/home/admin/backup_ecs                 in a crontab: every ten minutes
      backup_ecs --dry-run                                    what would be done, and why
      backup_ecs --dry-run --verify                           reads all backups, changes nothing
      MAXUSE=80 RATIO=9 backup_ecs -v --dst /var/home/logs    other values
      backup_ecs status                                       how it stands
      backup_ecs hold 20170427:0200-20170427:0220 case-4711   keeps what was logged then

    Exit status: 0 all is saved; 1 something was not saved or is damaged; 2 usage;
    75 another run holds the lock.

    Values in force:
      SRCDIR=/var/log/ecs
      DSTDIR=/var/home/ftp/pub/ecsbkp
      FILES=2017-*
      MAXUSE=70
      GZIP=0
      RATIO=9
    ");
}

#[test]
fn version_tells_commit_and_target() {
    for option in ["--version", "-V"] {
        let output = bare().arg(option).output().unwrap();
        let expected = format!("backup_ecs {}\n", build_info::VERSION);
        assert_eq!(String::from_utf8(output.stdout).unwrap(), expected, "{option}");
    }
}

#[test]
fn a_wrong_value_is_an_error_that_says_what_is_allowed() {
    let mut lines = Vec::new();
    for (variable, value) in [
        ("MAXUSE", "0"),
        ("MAXUSE", "101"),
        ("MAXUSE", "90%"),
        ("GZIP", "yes"),
        ("RATIO", "10"),
        ("FILES", "20["),
        ("FILES", "/var/log/ecs/20*"),
    ] {
        let output = bare().env(variable, value).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{variable}={value}");
        lines.push(String::from_utf8(output.stderr).unwrap());
    }
    for args in [
        &["--wait=soon"][..],
        &["--keep-min=-1"],
        &["extra"],
        &["--no-such-option"],
        &["--files", "a\u{1b}["],
    ] {
        let output = bare().args(args).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        lines.push(String::from_utf8(output.stderr).unwrap());
    }
    insta::assert_snapshot!(lines.concat(), @r"
    backup_ecs: invalid value '0' for '--max-use <PERCENT>': a whole number from 1 to 100 is allowed; see --help
    backup_ecs: invalid value '101' for '--max-use <PERCENT>': a whole number from 1 to 100 is allowed; see --help
    backup_ecs: invalid value '90%' for '--max-use <PERCENT>': a whole number from 1 to 100 is allowed; see --help
    backup_ecs: invalid value 'yes' for 'GZIP': 0 or 1 is allowed; see --help
    backup_ecs: invalid value '10' for '--ratio <LEVEL>': a whole number from 0 to 9 is allowed; see --help
    backup_ecs: invalid value '20[' for '--files <PATTERN>': malformed pattern: unclosed character class; missing ']'; see --help
    backup_ecs: invalid value '/var/log/ecs/20*' for '--files <PATTERN>': malformed pattern: it is for names of files, such as 20*, without /; see --help
    backup_ecs: invalid value 'soon' for '--wait <SECONDS>': a whole number of seconds is allowed; see --help
    backup_ecs: invalid value '-1' for '--keep-min <N>': a whole number is allowed; see --help
    backup_ecs: unrecognized subcommand 'extra'; see --help
    backup_ecs: unexpected argument '--no-such-option' found; see --help
    backup_ecs: invalid value 'a\x1b[' for '--files <PATTERN>': malformed pattern: unclosed character class; missing ']'; see --help
    ");
}

#[test]
fn an_option_goes_before_a_variable_and_the_last_of_two_before_the_first() {
    for (gzip, args, expected) in [
        ("1", &["--no-gzip"][..], name(0)),
        ("0", &[], name(0)),
        ("-9", &[], gz(0)),
        ("--best -n", &["--no-gzip"], name(0)),
        ("0", &["--gzip"], gz(0)),
        ("1", &["--no-gzip", "--gzip"], gz(0)),
        ("1", &["--gzip", "--no-gzip"], name(0)),
    ] {
        let server = Server::with_logs(0..1);
        let status = server.command().env("GZIP", gzip).args(args).status().unwrap();
        assert!(status.success());
        assert_eq!(server.backups(), [expected], "GZIP={gzip} {args:?}");
    }
}

#[test]
fn folders_that_cannot_be_are_errors() {
    let server = Server::with_logs(0..2);
    let run = |src: &std::path::Path, dst: &std::path::Path| {
        let output = bare()
            .arg("--max-use=100")
            .arg("--src")
            .arg(src)
            .arg("--dst")
            .arg(dst)
            .output()
            .unwrap();
        let ran = crate::harness::Ran::from_output(&output, server.src().parent().unwrap());
        format!("{} {}", ran.code, ran.err)
    };
    let file = server.src().join(name(0));
    let lines = [
        run(&server.src(), &server.src()),
        run(&server.src().join("no"), &server.dst()),
        run(&file, &server.dst()),
        run(&server.src(), &file),
    ];
    insta::assert_snapshot!(lines.concat(), @r"
        2 backup_ecs: SRC: is the folder of the logs themselves; name another folder with --dst
        1 backup_ecs: SRC/no: cannot open: No such file or directory (os error 2); name the folder of the logs with --src
        1 backup_ecs: SRC/2017-0427-080000.log: cannot open: Not a directory (os error 20); name the folder of the logs with --src
        1 backup_ecs: SRC/2017-0427-080000.log: cannot open: Not a directory (os error 20); name a folder for the backups with --dst
        ");
}

#[test]
fn a_folder_that_everybody_may_write_to_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let server = Server::with_logs(0..2);
    std::fs::create_dir_all(server.dst()).unwrap();
    let set = |mode| std::fs::set_permissions(server.dst(), std::fs::Permissions::from_mode(mode)).unwrap();
    set(0o777);
    let ran = server.run(&[]);
    assert_eq!(ran.code, 2);
    insta::assert_snapshot!(ran.err, @"backup_ecs: DST: everybody may write to it; take write permission from others with chmod o-w");
    set(0o1777);
    server.run_well(&[]);
}
