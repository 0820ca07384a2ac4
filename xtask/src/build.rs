//! Builds the programs that a task runs.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::child;
use crate::error::Error;

/// Cargo's target folder: this program runs from `release` or `debug` in it.
pub(crate) fn target_folder() -> Result<PathBuf, Error> {
    let program = env::current_exe().map_err(|cause| Error::failed(format!("cannot find this program: {cause}")))?;
    match program.ancestors().nth(2) {
        Some(folder) => Ok(folder.to_owned()),
        None => Err(Error::failed(format!("{}: not in a target folder", program.display()))),
    }
}

/// Builds what `selection` selects, and gives the path of the `program` among it.
pub(crate) fn release(target: &Path, selection: &[&str], program: &str) -> Result<PathBuf, Error> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["build", "--quiet", "--release"])
        .args(selection)
        .arg("--target-dir");
    command.arg(target).current_dir(env!("CARGO_MANIFEST_DIR"));
    child::run(&mut command)?;
    Ok(target.join("release").join(program))
}
