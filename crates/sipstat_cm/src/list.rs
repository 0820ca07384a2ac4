//! The paths of the logs that are chosen, for other programs.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use ecs_log::{Inputs, Request, escape_path};
use ecs_trace::Unheld;

use crate::messages::{self, INCOMPLETE};

/// Writes the path of each log that is needed to count what is chosen. The exit status.
pub(crate) fn list(request: &Request, stdout: &mut impl Write, stderr: &mut impl Write) -> io::Result<u8> {
    let selection = Inputs::listed(request).select();
    let problems = messages::say_of_choice(stderr, &selection, Unheld::default());
    let mut needed = selection.needed().peekable();
    if needed.peek().is_none() {
        return Ok(messages::say_nothing(stderr, &problems, request));
    }
    needed.try_for_each(|path| write_path(stdout, path))?;
    messages::say_all(stderr, &problems);
    Ok(if problems.is_empty() { 0 } else { INCOMPLETE })
}

/// Another program gets the path as it is; a person gets it without what would steer a terminal.
fn write_path(stdout: &mut impl Write, path: &Path) -> io::Result<()> {
    if io::stdout().is_terminal() {
        return writeln!(stdout, "{}", escape_path(path));
    }
    stdout.write_all(path.as_os_str().as_encoded_bytes())?;
    stdout.write_all(b"\n")
}
