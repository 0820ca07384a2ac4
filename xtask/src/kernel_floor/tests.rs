//! The tests of the libraries and programs, as if on an old kernel.

use std::path::Path;

use crate::build;
use crate::child;
use crate::dist::Target;
use crate::error::Error;

/// Runs the tests. The programs that a test starts run as if on the old kernel, too.
///
/// On a kernel before 2.6.25 std waits for threads by looking again and again, and so does the program that runs the tests. It has
/// the lowest priority, like the programs that it waits for, so that it does not keep the processor from them.
pub(super) fn run(target: &Target, kernel: &str, oldk: &Path) -> Result<(), Error> {
    let triple = target.triple;
    let variable = format!("CARGO_TARGET_{}_RUNNER", triple.replace('-', "_").to_uppercase());
    let mut command = build::cargo(&["test", "--locked", "--quiet", "--workspace", "--target", triple]);
    // These two never run on a server.
    command.args(["--exclude", "xtask", "--exclude", "pages", "--lib", "--bins", "--tests"]);
    command.env(variable, format!("nice -n 19 {} -q -k {kernel}", oldk.display()));
    // Without this insta would ask Cargo, which does not start on an old kernel.
    command.env("INSTA_WORKSPACE_ROOT", build::root());
    child::run(&mut command)
}
