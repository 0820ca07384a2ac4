//! The ways in which the programs are run.

/// A way to run a program.
#[derive(Debug)]
pub(super) struct Mode {
    pub(super) name: &'static str,
    pub(super) program: &'static str,
    /// Words of capitals stand for a path of the [stage](super::stage::Stage).
    pub(super) args: &'static [&'static str],
    pub(super) start: Start,
}

/// What is in the folder of backups when a run begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Start {
    /// There is none.
    Nothing,
    /// Backups of all logs but the last ones.
    Behind,
    /// Backups that are cut short, and a temporary file.
    Damaged,
    /// Another process has the lock.
    Locked,
    /// All backups are held.
    Held,
}

const fn count(name: &'static str, args: &'static [&'static str]) -> Mode {
    Mode {
        name,
        program: "sipstat_cm",
        args,
        start: Start::Nothing,
    }
}

const fn backup(name: &'static str, args: &'static [&'static str], start: Start) -> Mode {
    Mode {
        name,
        program: "backup_ecs",
        args,
        start,
    }
}

/// All modes.
pub(super) const MODES: [Mode; 18] = [
    count("one job", &["--requests=ALL", "--responses=ALL", "-j1", "LOGS"]),
    count("two jobs", &["--requests=ALL", "--responses=ALL", "-j2", "LOGS"]),
    count("gzip, one job", &["--requests=ALL", "-iHOUR", "-j1", "GZIP"]),
    count("gzip, two jobs", &["--requests=ALL", "-iHOUR", "-j2", "GZIP"]),
    count("tar in gzip", &["--requests=ALL", "-iHOUR", "-j2", "LOGS.tgz"]),
    count("zip, two jobs", &["--requests=ALL", "-iHOUR", "-j2", "LOGS.zip"]),
    // The worker that ends early waits for the other.
    count(
        "two jobs, one with far more to do",
        &["--requests=ALL", "-iHOUR", "-j2", "UNEVEN"],
    ),
    count("the last five logs", &["-n5", "-d", "LOGS"]),
    // Reads all logs, and then waits some seconds for more, until the range is over.
    count("live", &["-f", "-iSEC", "-t2026-20260312:080154", "-d", "LOGS"]),
    count(
        "a file that is not there",
        &["-j2", "LOGS", "LOGS/2017-0427-000000.log"],
    ),
    backup(
        "first backup",
        &["--src", "SRC", "--dst", "DST", "--max-use=100"],
        Start::Nothing,
    ),
    backup(
        "prune",
        &["--src", "SRC", "--dst", "DST", "--max-use=1", "--keep-min=4"],
        Start::Behind,
    ),
    backup(
        "heal",
        &["--src", "SRC", "--dst", "DST", "--max-use=100"],
        Start::Damaged,
    ),
    backup(
        "verify",
        &["--src", "SRC", "--dst", "DST", "--max-use=100", "--verify"],
        Start::Damaged,
    ),
    backup(
        "wait for another run",
        &["--src", "SRC", "--dst", "DST", "--max-use=100", "--wait=1"],
        Start::Locked,
    ),
    backup(
        "hold",
        &["--src", "SRC", "--dst", "DST", "--max-use=100", "hold", "2026", "case"],
        Start::Behind,
    ),
    backup(
        "release",
        &["--src", "SRC", "--dst", "DST", "release", "case"],
        Start::Held,
    ),
    // Of other folders it tells how full the disk is.
    backup("status of nothing", &["--dst", "DST", "status"], Start::Nothing),
];
