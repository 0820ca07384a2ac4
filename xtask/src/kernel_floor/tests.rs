//! The tests of the libraries and programs, as if on an old kernel.

use std::path::Path;

use crate::build;
use crate::child;
use crate::dist::Target;
use crate::error::Error;

/// The kernels on which they are run: the oldest for each kind of machine.
pub(super) const IS_RUN_ON: [&str; 2] = ["el5", "el6"];

/// Runs them. What a test starts is on the old kernel as well.
///
/// On a kernel before 2.6.25 the frame in which tests run waits by computing, as std does: so it runs with the lowest
/// priority, as the programs do that it waits for.
pub(super) fn run(target: &Target, kernel: &str, oldk: &Path) -> Result<(), Error> {
    let triple = target.triple;
    let variable = format!("CARGO_TARGET_{}_RUNNER", triple.replace('-', "_").to_uppercase());
    let mut command = build::cargo(&["test", "--locked", "--quiet", "--workspace", "--target", triple]);
    // These are for people who work on the project, and run on their machines.
    command.args(["--exclude", "xtask", "--exclude", "pages", "--lib", "--bins", "--tests"]);
    command.env(variable, format!("nice -n 19 {} -q -k {kernel}", oldk.display()));
    // Else insta asks Cargo, which does not start there.
    command.env("INSTA_WORKSPACE_ROOT", build::root());
    child::run(&mut command)
}
