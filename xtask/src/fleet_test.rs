//! Counts the logs of many servers in the ways of `docs/fleet.md`, and compares with plain runs.

mod logs;
mod spark;
mod ssh;
mod stage;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::args::{self, Words};
use crate::build::{self, Profile};
use crate::error::Error;
use crate::files;
use crate::fleet_test::logs::{SERVERS, server};
use crate::fleet_test::spark::Spark;
use crate::fleet_test::ssh::Sshd;
use crate::fleet_test::stage::{Stage, quiet};

/// MiB of logs of each server.
const MEBIBYTES: u64 = 12;

/// Runs the task.
pub(crate) fn run(mut words: Words) -> Result<ExitCode, Error> {
    let (mut mebibytes, mut program, mut python) = (MEBIBYTES, None, PathBuf::from("/usr/bin"));
    while let Some(word) = words.next() {
        match word.as_str() {
            "--mb" => mebibytes = words.number_of("--mb", 1..=1024)?,
            "--bin" => program = Some(PathBuf::from(words.value_of("--bin")?)),
            "--python" => python = words.value_of("--python")?.into(),
            _ => return Err(args::unexpected(&word)),
        }
    }
    let program = match program {
        Some(program) => program,
        None => build::program(Profile::Release, &["--package", "sipstat_cm"], "sipstat_cm")?,
    };
    let folder = build::target_folder()?.join("fleet-test");
    files::create_folder(&folder)?;
    // It is shipped under its own name.
    let own = folder.join("sipstat_cm");
    fs::copy(&program, &own).map_err(|cause| Error::at(&program, &cause))?;
    let stage = Stage {
        folder,
        program: own,
        python,
    };
    args::note("writing the logs");
    let n_bytes = logs::write(&stage.logs(), mebibytes)?;
    let seconds = stage.plain()?;
    args::print(&format!(
        "logs of {SERVERS} servers, three hours each: {} MB\n",
        n_bytes / 1_000_000
    ))?;
    tell("one plain run", n_bytes, seconds)?;
    ways_of_the_page(&stage)?;
    let spark = Spark::new(&stage)?;
    spark.kill_a_task()?;
    for workers in [1, 2] {
        let name = format!("Spark, workers: {workers}");
        tell(&name, n_bytes, spark.seconds(workers)?)?;
    }
    args::print("all ways count the same\n")
}

fn tell(what: &str, n_bytes: u64, seconds: f64) -> Result<ExitCode, Error> {
    let speed = n_bytes as f64 / 1e6 / seconds;
    args::print(&format!("{what}: {seconds:.1} s, {speed:.0} MB/s\n"))
}

/// Runs the commands of the page but for the last, which is that of Spark: those that count leave a file of rows for each server.
fn ways_of_the_page(stage: &Stage) -> Result<(), Error> {
    let folder = stage.folder.join("ways");
    files::remove_folder(&folder)?;
    files::create_folder(&folder)?;
    let names: Vec<String> = (1..=SERVERS).map(|number| server(number) + "\n").collect();
    files::write(&folder.join("servers"), names.concat().as_bytes())?;
    std::os::unix::fs::symlink(stage.logs(), folder.join("logs")).map_err(|cause| Error::at(&folder, &cause))?;
    let sshd = Sshd::start(&stage.folder, &stage.program)?;
    for (number, command) in commands(&build::root().join("docs/fleet.md"))?.iter().enumerate() {
        args::note(&format!("running command {} of docs/fleet.md", number + 1));
        let mut shell = Command::new("sh");
        shell.args(["-e", "-c", command]).current_dir(&folder);
        shell.env("PATH", sshd.path_with(&[&stage.python, &sshd.programs()])?);
        let printed = quiet(&mut shell)?;
        files::write(&folder.join(format!("printed-{}", number + 1)), &printed)?;
    }
    for way in ["ssh", "parallel"] {
        stage.compare(&folder.join(way))?;
    }
    Ok(())
}

/// The commands in a page: what stands in blocks of shell.
fn commands(page: &Path) -> Result<Vec<String>, Error> {
    let text = String::from_utf8_lossy(&files::read(page)?).into_owned();
    let blocks = text.split("```sh\n").skip(1);
    Ok(blocks
        .filter_map(|block| Some(block.split("```").next()?.to_owned()))
        .collect())
}
