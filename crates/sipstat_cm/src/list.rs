//! The paths of the logs that are chosen, for other programs.

use std::collections::HashSet;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use ecs_log::{Chosen, Inputs, Request, Role, escape_path};

use crate::messages::{self, INCOMPLETE};

/// Writes the path of each log that is chosen, and of the one after the last of each source, which may finish a record. An archive
/// is listed once. The exit status.
pub(crate) fn list(request: &Request, stdout: &mut impl Write, stderr: &mut impl Write) -> io::Result<u8> {
    let mut inputs = Inputs::new(request);
    inputs.leave_pipes();
    while let Some(mut archive) = inputs.next_archive() {
        while let Some(mut log) = archive.next_log() {
            // What cannot be read is told by who reads it.
            let _ = io::copy(&mut log, &mut io::sink());
        }
        inputs.add(archive);
    }
    let selection = inputs.select();
    let problems = messages::say_of_choice(stderr, &selection, 0, 0);
    let mut seen = HashSet::new();
    for chosen in needed(&selection.logs) {
        if let Some(path) = chosen.log.path().filter(|path| seen.insert(*path)) {
            write_path(stdout, path)?;
        }
    }
    if seen.is_empty() {
        return Ok(messages::say_nothing(stderr, &problems, request));
    }
    messages::say_all(stderr, &problems);
    Ok(if problems.is_empty() { 0 } else { INCOMPLETE })
}

/// Those that count, and the first after the last of each source.
fn needed(logs: &[Chosen]) -> impl Iterator<Item = &Chosen> {
    let mut open = HashSet::new();
    logs.iter().filter(move |chosen| match chosen.role {
        Role::Counted => {
            open.insert(chosen.source);
            true
        }
        Role::Context => open.remove(&chosen.source),
        Role::LeadIn => true,
    })
}

/// Another program gets the path as it is; a person gets it without what would steer a terminal.
fn write_path(stdout: &mut impl Write, path: &Path) -> io::Result<()> {
    if io::stdout().is_terminal() {
        return writeln!(stdout, "{}", escape_path(path));
    }
    stdout.write_all(path.as_os_str().as_encoded_bytes())?;
    stdout.write_all(b"\n")
}
