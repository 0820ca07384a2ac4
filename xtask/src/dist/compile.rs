//! Compiles the programs for a target. The bytes are the same on every machine that does it.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::target::Target;
use crate::build;
use crate::child;
use crate::error::Error;

/// The programs for one target.
#[derive(Debug)]
pub(crate) struct Programs {
    folder: PathBuf,
    files: Vec<String>,
}

impl Programs {
    /// Builds them, after installing what rustc lacks for the target.
    pub(crate) fn build(target: &Target) -> Result<Programs, Error> {
        let triple = target.triple;
        install(triple)?;
        // `remapping` looks at the folders into which this unpacks crates.
        child::run(&mut build::cargo(&["fetch", "--locked", "--target", triple]))?;
        let build_folder = build::target_folder()?.join("dist-build");
        let mut command = build::cargo(&["build", "--locked", "--quiet", "--profile", "dist", "--target", triple]);
        for program in target.programs {
            command.args(["--package", program]);
        }
        command.arg("--target-dir").arg(&build_folder);
        let flags = target.flags.iter().map(OsString::from).chain(remapping(&build_folder)?);
        // Unlike in `RUSTFLAGS`, a flag may have blanks in it.
        command.env("CARGO_ENCODED_RUSTFLAGS", join(flags, "\x1f"));
        child::run(&mut command)?;
        Ok(Programs {
            folder: build_folder.join(triple).join("dist"),
            files: target.programs.iter().map(|program| target.file_of(program)).collect(),
        })
    }

    /// Compiles a program of one file that needs no crates.
    pub(crate) fn compile_file(target: &Target, file: &Path, program: &Path) -> Result<(), Error> {
        install(target.triple)?;
        let mut command = rustc();
        command
            .args(["--edition=2024", "-O", "--target", target.triple])
            .arg(file)
            .arg("-o")
            .arg(program);
        child::run(command.args(target.flags))
    }

    /// The paths of all programs.
    pub(crate) fn all(&self) -> impl Iterator<Item = PathBuf> {
        self.files.iter().map(|file| self.folder.join(file))
    }

    /// The path of the program with that name.
    pub(crate) fn named(&self, file: &str) -> PathBuf {
        self.folder.join(file)
    }
}

/// Has rustup install the standard library for the target, unless it is there.
fn install(triple: &str) -> Result<(), Error> {
    let folder = ask(&["--print", "target-libdir", "--target", triple])?;
    if Path::new(&folder).is_dir() {
        return Ok(());
    }
    let mut command = Command::new("rustup");
    command.args(["target", "add", triple]).current_dir(build::root());
    child::run(&mut command).map_err(|error| Error::failed(format!("no Rust for {triple}: {error}")))
}

/// Flags that replace the paths of this machine by paths that are the same everywhere. A program has the paths of the source
/// files in which it may panic. Where two flags fit, rustc takes the later one.
fn remapping(build_folder: &Path) -> Result<Vec<OsString>, Error> {
    let mut pairs = vec![
        (build::root(), ".".to_owned()),
        (build_folder.to_owned(), "target".to_owned()),
    ];
    let sysroot = PathBuf::from(sysroot()?);
    let version = ask(&["--version", "--verbose"])?;
    let hash = version.lines().find_map(|line| line.strip_prefix("commit-hash: "));
    // rustc itself writes this where the sources of the standard library are not installed.
    let library = format!("/rustc/{}", hash.unwrap_or("unknown"));
    pairs.push((sysroot.join("lib/rustlib/src/rust"), library));
    for folder in registries()? {
        pairs.push((folder, "registry".to_owned()));
    }
    Ok(pairs
        .into_iter()
        .map(|(from, to)| {
            let mut flag = OsString::from("--remap-path-prefix=");
            flag.push(from);
            flag.push("=");
            flag.push(to);
            flag
        })
        .collect())
}

/// The folder of the toolchain.
pub(super) fn sysroot() -> Result<String, Error> {
    ask(&["--print", "sysroot"])
}

/// The folders into which Cargo unpacks crates. There is one for each registry.
fn registries() -> Result<Vec<PathBuf>, Error> {
    let home = match (env::var_os("CARGO_HOME"), env::home_dir()) {
        (Some(home), _) => PathBuf::from(home),
        (None, Some(home)) => home.join(".cargo"),
        (None, None) => return Err(Error::failed("no home folder, and no CARGO_HOME".to_owned())),
    };
    let folder = home.join("registry/src");
    let entries = fs::read_dir(&folder).map_err(|cause| Error::at(&folder, &cause))?;
    let mut folders: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    folders.sort();
    Ok(folders)
}

fn rustc() -> Command {
    let mut command = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    command.current_dir(build::root());
    command
}

/// What rustc says.
fn ask(args: &[&str]) -> Result<String, Error> {
    let output = child::output(rustc().args(args))?;
    Ok(String::from_utf8_lossy(&output).trim_end().to_owned())
}

fn join(parts: impl IntoIterator<Item = OsString>, between: &str) -> OsString {
    let mut all = OsString::new();
    for (place, part) in parts.into_iter().enumerate() {
        if place > 0 {
            all.push(between);
        }
        all.push(part);
    }
    all
}
