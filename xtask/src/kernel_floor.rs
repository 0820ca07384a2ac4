//! Runs the programs that `dist` builds as if on the kernels of old servers, with what lies in `xtask/kernel-floor`, and compares
//! each run with an ordinary one.

mod modes;
mod stage;
mod tests;
mod trial;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::args::{self, Words};
use crate::build;
use crate::child;
use crate::dist::{LINUX_32, LINUX_64, Programs, Target};
use crate::error::Error;
use crate::kernel_floor::modes::MODES;
use crate::kernel_floor::stage::Stage;
use crate::kernel_floor::trial::Trial;

/// An old kernel, by the name that the tools know, and the programs that run on it.
#[derive(Clone, Copy, Debug)]
struct Floor {
    kernel: &'static str,
    target: &'static Target,
}

const fn floor(kernel: &'static str, target: &'static Target) -> Floor {
    Floor { kernel, target }
}

/// Communication Manager 6 has RHEL 5, 7 has RHEL 6, 8 has RHEL 7, and 10 has RHEL 8. Plain 2.6.18 has the fewest system calls.
const FLOORS: [Floor; 5] = [
    floor("2.6.18", &LINUX_32),
    floor("el5", &LINUX_32),
    floor("el6", &LINUX_64),
    floor("el7", &LINUX_64),
    floor("el8", &LINUX_64),
];

/// The oldest of each kind of machine. They find most of what there is to find.
const OLDEST: [Floor; 2] = [FLOORS[1], FLOORS[2]];

/// Runs the task.
pub(crate) fn run(mut words: Words) -> Result<ExitCode, Error> {
    let (mut runs_tests, mut floors) = (true, FLOORS.as_slice());
    while let Some(word) = words.next() {
        match word.as_str() {
            "--no-tests" => runs_tests = false,
            "--quick" => (runs_tests, floors) = (false, &OLDEST),
            _ => return Err(args::unexpected(&word)),
        }
    }
    let folder = build::target_folder()?.join("kernel-floor");
    let stage = Stage::make(&folder)?;
    let oldk = compile_oldk(&folder)?;
    let mut all_well = finds_a_spinning_wait(&folder, &oldk)?;
    for floor in floors {
        all_well &= try_all_modes(floor, &stage, &oldk)?;
    }
    for floor in OLDEST.iter().filter(|_| runs_tests) {
        tests::run(floor.target, floor.kernel, &oldk)?;
    }
    stage.remove()?;
    args::print(if all_well {
        "all as on this kernel\n"
    } else {
        "not as on this kernel\n"
    })?;
    Ok(if all_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Whether the programs do in each mode what they do here.
fn try_all_modes(floor: &Floor, stage: &Stage, oldk: &Path) -> Result<bool, Error> {
    let programs = Programs::build(floor.target)?;
    let mut all_well = true;
    for mode in &MODES {
        let trial = Trial {
            kernel: floor.kernel,
            program: programs.named(mode.program),
            mode,
            stage,
            oldk,
        };
        let line = format!("{} {}: {}", floor.kernel, floor.target.triple, mode.name);
        all_well &= tell(&line, trial.run()?)?;
    }
    Ok(all_well)
}

/// Prints how a trial went: well, or not well, and what there is to say. Returns true if and only if it went well.
fn tell(what: &str, went: Result<String, String>) -> Result<bool, Error> {
    let (text, is_well) = match went {
        Ok(text) => (text, true),
        Err(text) => (format!("FAILED, {text}"), false),
    };
    args::print(&format!("{what}: {text}\n"))?;
    Ok(is_well)
}

/// The program that makes this kernel behave like an old one.
fn compile_oldk(folder: &Path) -> Result<PathBuf, Error> {
    let oldk = folder.join("oldk");
    let mut command = Command::new("cc");
    command
        .args(["-O2", "-o"])
        .arg(&oldk)
        .arg(build::tool("kernel-floor/oldk.c"));
    child::run(&mut command)?;
    Ok(oldk)
}

/// Whether a wait that is known to spin is found out. If it is not, the other results mean nothing.
fn finds_a_spinning_wait(folder: &Path, oldk: &Path) -> Result<bool, Error> {
    let program = folder.join("spinning_wait");
    Programs::compile_file(&LINUX_32, &build::tool("kernel-floor/spinning_wait.rs"), &program)?;
    let went = match trial::spins("el5", oldk, &program)? {
        Some(text) => Ok(format!("found out, {text}")),
        None => Err("not found out; is the machine too busy?".to_owned()),
    };
    tell("el5: a wait that spins", went)
}
