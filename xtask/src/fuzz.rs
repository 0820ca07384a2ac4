//! Tries random inputs on the fuzz targets, with cargo-fuzz, and renews the seed inputs in the repository.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use zip::ZipArchive;

use crate::args::{self, Words};
use crate::build;
use crate::child;
use crate::dist::{self, PackedFile};
use crate::error::Error;
use crate::files;

/// A fuzz target. Its seed inputs are in `fuzz/NAME_seed_corpus.zip` in the folder of its crate.
struct FuzzTarget {
    name: &'static str,
    of_crate: &'static str,
    /// The length of the longest input that is tried, in bytes.
    max_len: u32,
    /// Whether `fuzz/NAME.dict` has pieces of inputs for libFuzzer.
    has_dictionary: bool,
}

const TARGETS: [FuzzTarget; 3] = [
    FuzzTarget {
        name: "scan",
        of_crate: "sip-scan",
        max_len: 2048,
        has_dictionary: true,
    },
    FuzzTarget {
        name: "names",
        of_crate: "ecs-log",
        max_len: 64,
        has_dictionary: false,
    },
    FuzzTarget {
        name: "archives",
        of_crate: "log-archive",
        max_len: 6000,
        has_dictionary: false,
    },
];

/// Runs the task.
pub(crate) fn run(mut words: Words) -> Result<ExitCode, Error> {
    let (mut target, mut seconds, mut renews) = (None, 60, false);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--seconds" => seconds = words.number_of("--seconds", 1..=1_000_000)?,
            "--renew-seeds" => renews = true,
            _ if target.is_none() => target = TARGETS.iter().find(|target| target.name == word),
            _ => return Err(args::unexpected(&word)),
        }
    }
    let Some(target) = target else {
        let names = TARGETS.map(|target| target.name).join("`, `");
        return Err(Error::usage(format!("fuzz needs one of the targets `{names}`")));
    };
    let inputs = Inputs::of(target)?;
    if renews {
        renew_seeds(target, &inputs)?;
    } else {
        let mut command = target.command(&[&inputs.found, &inputs.seeds])?;
        child::run(command.arg(format!("-max_total_time={seconds}")))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The folders of inputs for a target.
struct Inputs {
    /// What was unpacked from the archive of seed inputs.
    seeds: PathBuf,
    /// What libFuzzer found in all runs on this machine.
    found: PathBuf,
    /// The few of both that are to be the new seed inputs.
    new_seeds: PathBuf,
}

impl Inputs {
    /// Unpacks the seed inputs, and makes the other folders.
    fn of(target: &FuzzTarget) -> Result<Inputs, Error> {
        let folder = build::target_folder()?.join("fuzz-inputs").join(target.name);
        let inputs = Inputs {
            seeds: folder.join("seeds"),
            found: folder.join("found"),
            new_seeds: folder.join("new-seeds"),
        };
        files::remove_folder(&inputs.seeds)?;
        files::remove_folder(&inputs.new_seeds)?;
        for folder in [&inputs.seeds, &inputs.found, &inputs.new_seeds] {
            files::create_folder(folder)?;
        }
        let archive = target.file("_seed_corpus.zip");
        let at = |cause: std::io::Error| Error::at(&archive, &cause);
        let mut zip = ZipArchive::new(File::open(&archive).map_err(at)?).map_err(|cause| at(cause.into()))?;
        zip.extract(&inputs.seeds).map_err(|cause| at(cause.into()))?;
        Ok(inputs)
    }
}

/// Packs the fewest inputs that reach all code which any input reaches.
fn renew_seeds(target: &FuzzTarget, inputs: &Inputs) -> Result<(), Error> {
    let mut command = target.command(&[&inputs.new_seeds, &inputs.found, &inputs.seeds])?;
    child::run(command.args(["-set_cover_merge=1", "-use_counters=0"]))?;
    let mut packed = Vec::new();
    for name in files::names_in(&inputs.new_seeds)? {
        let content = files::read(&inputs.new_seeds.join(&name))?;
        packed.push(PackedFile::text(name, content));
    }
    let archive = target.file("_seed_corpus.zip");
    let bytes = dist::zip(&packed).map_err(|cause| Error::at(&archive, &cause))?;
    files::write(&archive, &bytes)?;
    args::print(&format!("{}: {} inputs\n", archive.display(), packed.len())).map(drop)
}

impl FuzzTarget {
    /// The command that gives these folders of inputs to the target. Options of libFuzzer may follow.
    fn command(&self, inputs: &[&Path]) -> Result<Command, Error> {
        // There is no `unsafe`, so no sanitizer is needed.
        let mut command = build::cargo(&["fuzz", "run", "--sanitizer", "none"]);
        command.arg("--fuzz-dir").arg(self.folder());
        command.arg("--target-dir").arg(build::target_folder()?.join("fuzz"));
        command
            .arg(self.name)
            .args(inputs)
            .arg("--")
            .arg(format!("-max_len={}", self.max_len));
        if self.has_dictionary {
            command.arg(format!("-dict={}", self.file(".dict").display()));
        }
        // Lets the stable compiler do what cargo-fuzz asks of it.
        command.env("RUSTC_BOOTSTRAP", "1");
        Ok(command)
    }

    fn folder(&self) -> PathBuf {
        build::root().join("crates").join(self.of_crate).join("fuzz")
    }

    /// The file of this target whose name ends so.
    fn file(&self, end: &str) -> PathBuf {
        self.folder().join(format!("{}{end}", self.name))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::TARGETS;
    use crate::build;
    use crate::files;

    #[test]
    fn all_targets_are_known_with_their_files() {
        for target in &TARGETS {
            let code = target.folder().join("fuzz_targets").join(target.name);
            assert!(code.with_extension("rs").is_file(), "{}", target.name);
            assert!(target.file("_seed_corpus.zip").is_file(), "{}", target.name);
            assert_eq!(target.file(".dict").is_file(), target.has_dictionary, "{}", target.name);
        }
        let crates = fs::read_dir(build::root().join("crates")).unwrap();
        let folders = crates.map(|entry| entry.unwrap().path().join("fuzz/fuzz_targets"));
        let n_targets: usize = folders
            .map(|folder| files::names_in(&folder).map_or(0, |names| names.len()))
            .sum();
        assert_eq!(n_targets, TARGETS.len());
    }
}
