//! Makes what people copy to a server or a laptop: programs that need nothing there, and archives of them.

mod archive;
mod check;
mod compile;
mod extras;
mod folder;
mod links;
mod target;

use std::path::PathBuf;
use std::process::ExitCode;

use crate::args::{self, Words};
use crate::build;
use crate::error::Error;

pub(crate) use crate::dist::archive::{PackedFile, tar, tar_gz, zip};
pub(crate) use crate::dist::compile::Programs;
use crate::dist::folder::Folder;
use crate::dist::target::TARGETS;
pub(crate) use crate::dist::target::{LINUX_32, LINUX_64, Target, WINDOWS};

/// Runs the task.
pub(crate) fn run(mut words: Words) -> Result<ExitCode, Error> {
    let mut out = None;
    let mut only_programs = false;
    while let Some(word) = words.next() {
        match word.as_str() {
            "--out" => out = Some(PathBuf::from(words.value_of("--out")?)),
            "--programs" => only_programs = true,
            _ => return Err(args::unexpected(&word)),
        }
    }
    let out = match out {
        Some(out) => out,
        None => build::target_folder()?.join("dist"),
    };
    let (targets, left_out) = possible();
    let mut said: Vec<String> = Vec::new();
    let folder = Folder::make_empty(&out)?;
    for target in &targets {
        let programs = Programs::build(target)?;
        for program in programs.all() {
            said.push(check::program(target, &program)?);
            folder.copy(&program, &target.folder_of(&program))?;
        }
    }
    if !only_programs {
        extras::write_archives(&targets, &folder)?;
    }
    folder.write_sums()?;
    said.extend(left_out);
    args::print(&format!("{}\n{}\n", said.join("\n"), folder.path().display()))
}

/// The targets that can be built here, and a line for each that cannot.
fn possible() -> (Vec<&'static Target>, Vec<String>) {
    let (can, cannot): (Vec<&Target>, Vec<&Target>) = TARGETS.iter().partition(|target| target.has_linker());
    let left_out = cannot.iter().map(|target| {
        let linker = target.linker.unwrap_or_default();
        format!("{}: left out, since there is no {linker}", target.triple)
    });
    (can, left_out.collect())
}
