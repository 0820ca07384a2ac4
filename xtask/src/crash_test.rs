//! Kills `backup_ecs` at every system call and makes each fail, with the script in `xtask/crash-test`.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::args::{self, Words};
use crate::build;
use crate::error::Error;

/// The script that does it, and what `backup_ecs` promises.
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/crash-test/crash-at-every-syscall.sh");
const PROMISES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/crash-test/backup_ecs.conf");

/// What the script does to the program.
const MODES: [&str; 4] = ["kill", "error", "sticky", "order"];

/// Where the program begins: with backups, one of them damaged; without any; and where some must go to make room.
const STARTS: [&str; 3] = ["some", "none", ROOM];

/// The start that takes a small file system of its own.
const ROOM: &str = "room";

/// What `--quick` leaves out: calls that fail for good, and those that fail once from all starts but this one.
const LEFT_OUT: &str = "sticky";
const QUICK_START: &str = "some";

/// Ways to a place where a small file system may be mounted, which is gone with the script.
const MOUNTING: [&[&str]; 2] = [
    &["unshare", "--mount"],
    &["unshare", "--user", "--map-root-user", "--mount"],
];

/// Programs that are wrong on purpose, and what must find that out: from where, in which mode.
const WRONG_WAYS: [(&str, &str, &str); 4] = [
    ("straight", "none", "kill"),
    ("straight", "none", "error"),
    ("unflushed", "none", "order"),
    ("greedy", ROOM, "error"),
];

/// Runs the task.
pub(crate) fn run(mut words: Words) -> Result<ExitCode, Error> {
    let mut is_quick = false;
    while let Some(word) = words.next() {
        match word.as_str() {
            "--quick" => is_quick = true,
            _ => return Err(args::unexpected(&word)),
        }
    }
    let target = build::target_folder()?;
    let program = build::release(&target, &["--package", "backup_ecs"], "backup_ecs")?;
    let wrong = ["--package", "ecs-backup", "--example", "wrong_on_purpose"];
    let wrong = build::release(&target, &wrong, "examples/wrong_on_purpose")?;
    let test = Test {
        folder: target.join("crash-test"),
        is_quick,
        mounting: mounting(),
    };
    let (mut is_broken, mut left_out) = (false, Vec::new());
    for start in STARTS {
        for mode in MODES {
            let is_left_out = is_quick && (mode == LEFT_OUT || mode == "error" && start != QUICK_START);
            if is_left_out || start == ROOM && test.mounting.is_none() {
                left_out.push(format!("{mode} from `{start}`"));
                continue;
            }
            args::note(&format!("backup_ecs, from `{start}`: {mode}"));
            is_broken |= !test.holds(mode, start, &program, &[])?;
        }
    }
    for (way, start, mode) in WRONG_WAYS {
        if start == ROOM && test.mounting.is_none() {
            continue;
        }
        args::note(&format!("wrong on purpose, `{way}`, which must be found out: {mode}"));
        is_broken |= test.holds(mode, start, &wrong, &[("WRONG", way), ("FIRST", "yes")])?;
    }
    if test.mounting.is_none() {
        args::note("no small file system may be mounted here, so nothing was tried where room must be made");
    }
    if is_quick {
        args::note("of each call's errors the first only");
    }
    if !left_out.is_empty() {
        args::note(&format!("left out: {}", left_out.join(", ")));
    }
    args::print(if is_broken { "broken\n" } else { "all as promised\n" })?;
    Ok(if is_broken {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// The first way that works here.
fn mounting() -> Option<&'static [&'static str]> {
    let is_possible = |way: &&[&str]| {
        let mount = ["mount", "-t", "tmpfs", "crash-test", "/mnt"];
        let mut words = way.iter().chain(&mount);
        let Some(program) = words.next() else { return false };
        let output = Command::new(program).args(words).output();
        output.is_ok_and(|output| output.status.success())
    };
    MOUNTING.into_iter().find(is_possible)
}

/// Where it is tried, and how thoroughly.
#[derive(Debug)]
struct Test {
    folder: PathBuf,
    is_quick: bool,
    mounting: Option<&'static [&'static str]>,
}

impl Test {
    /// Whether all promises hold in `mode`. What the script finds goes to standard output.
    fn holds(&self, mode: &str, start: &str, program: &Path, variables: &[(&str, &str)]) -> Result<bool, Error> {
        let folder = &self.folder;
        std::fs::create_dir_all(folder).map_err(|cause| Error::at(folder, &cause))?;
        let way = self.mounting.filter(|_| start == ROOM).unwrap_or_default();
        let mut words = way.iter().chain(&["bash"]).map(OsStr::new);
        let mut command = Command::new(words.next().unwrap_or_default());
        command
            .args(words)
            .args([OsStr::new(SCRIPT), OsStr::new(mode), OsStr::new(PROMISES)]);
        // With it the loader looks for libraries in many places, and each look would be one more point to kill at.
        command.env_remove("LD_LIBRARY_PATH");
        command
            .env("PROGRAM", program)
            .env("W0", folder)
            .env("START", start)
            .env("QUICK", if self.is_quick { "yes" } else { "no" })
            .envs(variables.iter().copied());
        let status = command.status().map_err(|cause| Error::at(Path::new("bash"), &cause))?;
        std::fs::remove_dir_all(folder).map_err(|cause| Error::at(folder, &cause))?;
        match status.code() {
            Some(0) => Ok(true),
            Some(1) => Ok(false),
            _ => Err(Error::failed(format!(
                "{}: {status}; is strace there?",
                PathBuf::from(SCRIPT).display()
            ))),
        }
    }
}
