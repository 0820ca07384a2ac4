//! Kills `backup_ecs` at every system call and makes each call fail, with the script in `xtask/crash-test`.

use std::ffi::OsStr;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::args::{self, Words};
use crate::build::{self, Profile};
use crate::error::Error;
use crate::files;

/// What the script does to the program.
const MODES: [&str; 4] = ["kill", "error", STICKY, "order"];

/// The mode in which a call fails for good.
const STICKY: &str = "sticky";

/// What the program begins with: backups, one of them damaged; no backups; too little room on a file system of its own; the state
/// of an earlier run; the same with a hold, of which one backup is yet to be moved; the same before such a hold.
const STARTS: [&str; 6] = [SOME, "none", ROOM, "known", "hold", HOLDING];
const SOME: &str = "some";
const ROOM: &str = "room";
const HOLDING: &str = "holding";

/// Programs that are wrong on purpose, and in which mode from which start the script must find that out.
const WRONG_ON_PURPOSE: [Attempt; 4] = [
    Attempt::of_wrong("straight", "none", "kill"),
    Attempt::of_wrong("straight", "none", "error"),
    Attempt::of_wrong("unflushed", "none", "order"),
    Attempt::of_wrong("greedy", ROOM, "error"),
];

/// Commands before which a small file system may be mounted, that is gone when the command ends.
const MOUNTING: [&[&str]; 2] = [
    &["unshare", "--mount"],
    &["unshare", "--user", "--map-root-user", "--mount"],
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
    let test = CrashTest::prepare(is_quick)?;
    let ours = STARTS
        .into_iter()
        .flat_map(|start| MODES.map(|mode| Attempt::of_ours(start, mode)));
    let (tried, left_out): (Vec<_>, Vec<_>) = ours.chain(WRONG_ON_PURPOSE).partition(|attempt| test.tries(attempt));
    let is_broken = !test.hold(&tried)?;
    if test.mounting.is_none() {
        args::note("no small file system may be mounted here, so nothing was tried where room must be made");
    }
    if is_quick {
        args::note("of each call's errors only the first was tried");
    }
    for attempt in left_out {
        args::note(&format!("left out: {}", attempt.name()));
    }
    args::print(if is_broken { "broken\n" } else { "all as promised\n" })?;
    Ok(if is_broken {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// One run of the script.
struct Attempt {
    start: &'static str,
    mode: &'static str,
    /// In which way the program is wrong on purpose, if it is not ours.
    wrong: Option<&'static str>,
}

impl Attempt {
    const fn of_ours(start: &'static str, mode: &'static str) -> Attempt {
        let wrong = None;
        Attempt { start, mode, wrong }
    }

    const fn of_wrong(way: &'static str, start: &'static str, mode: &'static str) -> Attempt {
        let wrong = Some(way);
        Attempt { start, mode, wrong }
    }

    fn name(&self) -> String {
        let Attempt { start, mode, wrong } = self;
        match wrong {
            Some(way) => format!("wrong on purpose, `{way}`, which must be found out, from `{start}`: {mode}"),
            None => format!("backup_ecs, from `{start}`: {mode}"),
        }
    }
}

/// The programs, and what this machine and the arguments allow to try.
struct CrashTest {
    backup_ecs: PathBuf,
    wrong_on_purpose: PathBuf,
    folder: PathBuf,
    is_quick: bool,
    mounting: Option<&'static [&'static str]>,
}

impl CrashTest {
    fn prepare(is_quick: bool) -> Result<CrashTest, Error> {
        let target = build::target_folder()?;
        let wrong_on_purpose = ["--package", "ecs-backup", "--example", "wrong_on_purpose"];
        // Either build makes the same system calls.
        let profile = if is_quick { Profile::Dev } else { Profile::Release };
        Ok(CrashTest {
            backup_ecs: build::program(profile, &["--package", "backup_ecs"], "backup_ecs")?,
            wrong_on_purpose: build::program(profile, &wrong_on_purpose, "examples/wrong_on_purpose")?,
            folder: target.join("crash-test"),
            is_quick,
            mounting: mounting(),
        })
    }

    /// Whether the attempt is possible here, and not left out because the test is to be quick.
    fn tries(&self, attempt: &Attempt) -> bool {
        let is_long =
            attempt.mode == STICKY || attempt.start == HOLDING || attempt.mode == "error" && attempt.start != SOME;
        let is_left_out = self.is_quick && attempt.wrong.is_none() && is_long;
        !is_left_out && (attempt.start != ROOM || self.mounting.is_some())
    }

    /// Whether all promises hold in all attempts. Each processor makes one attempt at a time.
    fn hold(&self, attempts: &[Attempt]) -> Result<bool, Error> {
        let jobs = thread::available_parallelism().map_or(1, usize::from);
        let waiting = Mutex::new(attempts.iter());
        let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
        let work = &|folder: PathBuf| {
            let mut all_hold = true;
            while let Some(attempt) = next() {
                all_hold &= self.holds(attempt, &folder)?;
            }
            Ok(all_hold)
        };
        thread::scope(|scope| {
            let workers: Vec<_> = (0..jobs)
                .map(|job| self.folder.join(job.to_string()))
                .map(|folder| scope.spawn(move || work(folder)))
                .collect();
            let mut all_hold = true;
            for worker in workers {
                all_hold &= worker.join().unwrap_or_else(|panic| resume_unwind(panic))?;
            }
            Ok(all_hold)
        })
    }

    /// Whether all promises hold. What the script finds goes to standard output when it has ended.
    fn holds(&self, attempt: &Attempt, folder: &Path) -> Result<bool, Error> {
        files::create_folder(folder)?;
        let script = build::tool("crash-test/crash-at-every-syscall.sh");
        let promises = build::tool("crash-test/backup_ecs.conf");
        let before = self.mounting.filter(|_| attempt.start == ROOM).unwrap_or_default();
        let mut words = before.iter().chain(&["bash"]).map(OsStr::new);
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words).args([&script, Path::new(attempt.mode), &promises]);
        // With it the loader looks for libraries in many places, and the script would kill at each of these looks.
        command.env_remove("LD_LIBRARY_PATH");
        command.env("W0", folder).env("START", attempt.start);
        command.env("QUICK", if self.is_quick { "yes" } else { "no" });
        match attempt.wrong {
            Some(way) => command
                .env("PROGRAM", &self.wrong_on_purpose)
                .env("WRONG", way)
                .env("FIRST", "yes"),
            None => command.env("PROGRAM", &self.backup_ecs),
        };
        command.stderr(Stdio::inherit());
        let Output { status, stdout, .. } = command.output().map_err(|cause| Error::at(Path::new("bash"), &cause))?;
        files::remove_folder(folder)?;
        args::print(&format!("{}:\n{}", attempt.name(), String::from_utf8_lossy(&stdout)))?;
        let is_broken = match status.code() {
            Some(0) => false,
            Some(1) => true,
            _ => {
                return Err(Error::failed(format!(
                    "{}: {status}; is strace there?",
                    script.display()
                )));
            }
        };
        Ok(is_broken == attempt.wrong.is_some())
    }
}

/// The first way to mount a small file system that works here.
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
