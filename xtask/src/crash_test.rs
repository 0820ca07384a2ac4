//! Kills `backup_ecs` at every system call and makes each fail, with the script in `tools/crash-test`.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::args::{self, Words};
use crate::build;
use crate::error::Error;

/// The script that does it, and what `backup_ecs` promises.
const SCRIPT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../tools/crash-test/crash-at-every-syscall.sh"
);
const PROMISES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tools/crash-test/backup_ecs.conf");

/// What the script does to the program.
const MODES: [&str; 4] = ["kill", "error", "sticky", "order"];

/// Where the program begins: with backups, one of them damaged, and without any.
const STARTS: [(&str, &str); 2] = [("some backups", "no"), ("no backups", "yes")];

/// Programs that are wrong on purpose, and what must find that out.
const WRONG_WAYS: [(&str, &str); 3] = [("straight", "kill"), ("straight", "error"), ("unflushed", "order")];

/// Runs the task.
pub(crate) fn run(mut words: Words) -> Result<ExitCode, Error> {
    if let Some(word) = words.next() {
        return Err(args::unexpected(&word));
    }
    let target = build::target_folder()?;
    let program = build::release(&target, &["--package", "backup_ecs"], "backup_ecs")?;
    let wrong = ["--package", "ecs-backup", "--example", "wrong_on_purpose"];
    let wrong = build::release(&target, &wrong, "examples/wrong_on_purpose")?;
    let folder = target.join("crash-test");
    let mut is_broken = false;
    for (start, is_fresh) in STARTS {
        for mode in MODES {
            args::note(&format!("backup_ecs, {start}: {mode}"));
            is_broken |= !holds(mode, &program, &folder, &[("FRESH", is_fresh)])?;
        }
    }
    for (way, mode) in WRONG_WAYS {
        args::note(&format!("wrong on purpose, `{way}`, which must be found out: {mode}"));
        is_broken |= holds(mode, &wrong, &folder, &[("FRESH", "yes"), ("WRONG", way)])?;
    }
    args::print(if is_broken { "broken\n" } else { "all as promised\n" })?;
    Ok(if is_broken {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// Whether all promises hold in `mode`. What the script finds goes to standard output.
fn holds(mode: &str, program: &Path, folder: &Path, variables: &[(&str, &str)]) -> Result<bool, Error> {
    std::fs::create_dir_all(folder).map_err(|cause| Error::at(folder, &cause))?;
    let mut command = Command::new("bash");
    command.args([OsStr::new(SCRIPT), OsStr::new(mode), OsStr::new(PROMISES)]);
    // With it the loader looks for libraries in many places, and each look would be one more point to kill at.
    command.env_remove("LD_LIBRARY_PATH");
    command
        .env("PROGRAM", program)
        .env("W0", folder)
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
