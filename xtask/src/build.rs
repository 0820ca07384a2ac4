//! Where the source tree is, and how Cargo builds the programs that a task runs.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::child;
use crate::error::Error;

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    folder.parent().map_or(folder.clone(), PathBuf::from)
}

/// A file that a task needs, by its path in the folder of xtask.
pub(crate) fn tool(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Cargo's target folder: this program runs from `release` or `debug` in it.
pub(crate) fn target_folder() -> Result<PathBuf, Error> {
    let program = env::current_exe().map_err(|cause| Error::failed(format!("cannot find this program: {cause}")))?;
    match program.ancestors().nth(2) {
        Some(folder) => Ok(folder.to_owned()),
        None => Err(Error::failed(format!(
            "{}: is not in a target folder",
            program.display()
        ))),
    }
}

/// Cargo, in the folder of the workspace.
pub(crate) fn cargo(args: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(args).current_dir(root());
    command
}

/// Which of Cargo's profiles a program is built in.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Profile {
    /// Built with all that tests need: where these have run, nothing is left to build.
    Dev,
    /// As fast as what is shipped.
    Release,
}

/// Builds what `selection` selects, and gives the path of the `program` among it.
pub(crate) fn program(profile: Profile, selection: &[&str], program: &str) -> Result<PathBuf, Error> {
    // A crate that is built for fewer others may have fewer features, and is another one then.
    let (folder, selection): (_, &[&str]) = match profile {
        Profile::Dev => ("debug", &["--workspace", "--all-targets"]),
        Profile::Release => ("release", &[&["--release"], selection].concat()),
    };
    let target = target_folder()?;
    let mut command = cargo(&["build", "--quiet"]);
    child::run(command.args(selection).arg("--target-dir").arg(&target))?;
    Ok(target.join(folder).join(program))
}
