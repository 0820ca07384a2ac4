//! One program in one mode: run here and as if on an old kernel, and compared.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::modes::Mode;
use super::stage::{Backup, Stage};
use crate::build;
use crate::error::Error;

/// How often a run may need more processor time than it should, before that is no chance.
const N_TRIES: u32 = 3;

/// Milliseconds of processor time that do not matter.
const LITTLE: u64 = 100;

/// Linux counts the time of processes in hundredths of a second, whatever the kernel's own clock.
const MILLISECONDS_A_TICK: u64 = 10;

/// What is to be tried.
pub(super) struct Trial<'a> {
    pub(super) floor: &'static str,
    pub(super) program: PathBuf,
    pub(super) mode: &'a Mode,
    pub(super) stage: &'a Stage,
    pub(super) oldk: &'a Path,
}

/// How a run ended.
struct Ran {
    output: Output,
    backups: Vec<Backup>,
    milliseconds: u64,
}

impl Trial<'_> {
    /// What there is to say of it, in words; an error where something is not as it is here.
    pub(super) fn run(&self) -> Result<Result<String, String>, Error> {
        let strace = self.under_strace();
        let has_strace = is_there("strace");
        let mut here_and_there = (0, 0);
        for _ in 0..N_TRIES {
            let (here, there) = (self.once(&[])?, self.once(&under_oldk(self.floor, self.oldk))?);
            if let Some(difference) = difference(&here, &there) {
                return Ok(Err(difference));
            }
            if has_strace && let Some(difference) = difference(&here, &self.once(&strace)?) {
                return Ok(Err(format!("with strace: {difference}")));
            }
            here_and_there = (here.milliseconds, there.milliseconds);
            if !is_far_more(here_and_there) {
                break;
            }
        }
        let (here, there) = here_and_there;
        let times = format!("{there} ms of processor time, {here} ms here");
        Ok(if is_far_more(here_and_there) {
            Err(times)
        } else {
            Ok(format!("the same; {times}"))
        })
    }

    /// Runs it with `before` before the command.
    fn once(&self, before: &[OsString]) -> Result<Ran, Error> {
        let kept = self.stage.set_up(self.mode.start, &self.program)?;
        let words = self.mode.args.iter().map(|word| self.stage.word(word));
        let (output, milliseconds) = timed(before, &self.program, words)?;
        drop(kept);
        Ok(Ran {
            output,
            backups: self.stage.backups()?,
            milliseconds,
        })
    }

    fn under_strace(&self) -> Vec<OsString> {
        let script = build::tool("kernel-floor/kernel-floor.sh");
        vec!["bash".into(), script.into(), "strace".into(), self.floor.into()]
    }
}

fn under_oldk(floor: &str, oldk: &Path) -> [OsString; 4] {
    [oldk.into(), "-q".into(), "-k".into(), floor.into()]
}

/// How much longer a program computes as if on an old kernel, in words, if that is far longer than here.
pub(super) fn spins(floor: &str, oldk: &Path, program: &Path) -> Result<Option<String>, Error> {
    let (_, here) = timed(&[], program, [])?;
    let (_, there) = timed(&under_oldk(floor, oldk), program, [])?;
    Ok(is_far_more((here, there)).then(|| format!("{there} ms of processor time, {here} ms here")))
}

fn is_far_more((here, there): (u64, u64)) -> bool {
    there > here.saturating_mul(3) / 2 + LITTLE
}

/// Runs a command, and says how many milliseconds of processor time it and its children took.
fn timed(
    before: &[OsString],
    program: &Path,
    words: impl IntoIterator<Item = OsString>,
) -> Result<(Output, u64), Error> {
    let mut all = before.iter().map(OsString::as_os_str).chain([program.as_os_str()]);
    let mut command = Command::new(all.next().unwrap_or_default());
    command.args(all).args(words).stdin(Stdio::null());
    let begin = ticks_of_children()?;
    let output = command
        .output()
        .map_err(|cause| Error::at(Path::new(command.get_program()), &cause))?;
    let ticks = ticks_of_children()?.saturating_sub(begin);
    Ok((output, ticks.saturating_mul(MILLISECONDS_A_TICK)))
}

/// The processor time of all children that have ended, and of theirs.
fn ticks_of_children() -> Result<u64, Error> {
    let path = Path::new("/proc/self/stat");
    let text = fs::read_to_string(path).map_err(|cause| Error::at(path, &cause))?;
    // Behind the name, which may hold anything, cutime and cstime are the 14th and the 15th (proc(5)).
    let behind_name = text.rsplit(')').next().unwrap_or_default();
    let times = behind_name.split_ascii_whitespace().skip(13).take(2);
    Ok(times.filter_map(|time| time.parse::<u64>().ok()).sum())
}

fn difference(here: &Ran, there: &Ran) -> Option<String> {
    if here.output.status != there.output.status {
        let said = String::from_utf8_lossy(&there.output.stderr);
        return Some(format!("{}, here {}: {said}", there.output.status, here.output.status));
    }
    if here.output.stdout != there.output.stdout {
        return Some("it prints something else".to_owned());
    }
    if here.backups.len() != there.backups.len() {
        return Some(format!("{} files, here {}", there.backups.len(), here.backups.len()));
    }
    here.backups
        .iter()
        .zip(&there.backups)
        .find_map(|(here, there)| here.difference(there))
}

/// Whether a program can be started here.
fn is_there(program: &str) -> bool {
    let mut command = Command::new(program);
    command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
