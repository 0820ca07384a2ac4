//! The source tree that is built: where it is, and when it was committed.

use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    folder.parent().map_or(folder.clone(), PathBuf::from)
}

/// A file of this task's own.
pub(super) fn tool(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("dist").join(name)
}

/// When the commit was made, in seconds of the Unix epoch; where git cannot tell, the first moment that a zip can hold.
pub(super) fn commit_time() -> u64 {
    const FIRST_OF_1980: u64 = 315_532_800;
    let mut command = Command::new("git");
    command.args(["log", "-1", "--no-show-signature", "--format=%ct"]);
    let output = command.current_dir(root()).stderr(Stdio::null()).output();
    let time = output.ok().filter(|output| output.status.success());
    let time = time.and_then(|output| String::from_utf8(output.stdout).ok()?.trim().parse().ok());
    time.unwrap_or(FIRST_OF_1980)
}
