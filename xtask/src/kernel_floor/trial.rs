//! One program in one mode: it is run as on this kernel and as if on an old one, and the runs are compared.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use super::modes::Mode;
use super::stage::{Backup, Stage};
use crate::build;
use crate::child;
use crate::error::Error;

/// How often the two runs are made if the one as if on an old kernel takes far more processor time. It may be chance once.
const N_TRIES: u32 = 3;

/// How much more processor time does not matter.
const LITTLE: Duration = Duration::from_millis(100);

/// What is to be tried.
pub(super) struct Trial<'a> {
    pub(super) kernel: &'static str,
    pub(super) program: PathBuf,
    pub(super) mode: &'a Mode,
    pub(super) stage: &'a Stage,
    pub(super) oldk: &'a Path,
}

/// How a run ended.
struct Ran {
    output: Output,
    backups: Vec<Backup>,
    processor_time: Duration,
}

/// The processor time of the same program on this kernel, and as if on an old one.
#[derive(Clone, Copy)]
struct Times {
    here: Duration,
    there: Duration,
}

impl Times {
    fn is_far_more(self) -> bool {
        self.there > self.here * 3 / 2 + LITTLE
    }
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (here, there) = (self.here.as_millis(), self.there.as_millis());
        write!(f, "{there} ms of processor time, {here} ms here")
    }
}

impl Trial<'_> {
    /// What there is to say of it, in words: `Ok` if all is as on this kernel, and `Err` if something is not.
    pub(super) fn run(&self) -> Result<Result<String, String>, Error> {
        let strace = self.under_strace();
        let has_strace = child::is_there("strace");
        let mut n_left = N_TRIES;
        loop {
            let (here, there) = (self.once(&[])?, self.once(&under_oldk(self.kernel, self.oldk))?);
            if let Some(difference) = difference(&here, &there) {
                return Ok(Err(difference));
            }
            if has_strace && let Some(difference) = difference(&here, &self.once(&strace)?) {
                return Ok(Err(format!("with strace: {difference}")));
            }
            let times = Times {
                here: here.processor_time,
                there: there.processor_time,
            };
            n_left -= 1;
            if !times.is_far_more() {
                return Ok(Ok(format!("the same; {times}")));
            } else if n_left == 0 {
                return Ok(Err(times.to_string()));
            }
        }
    }

    /// Runs the program once. The words in `before` stand before it in the command.
    fn once(&self, before: &[OsString]) -> Result<Ran, Error> {
        let kept = self.stage.set_up(self.mode.start, &self.program)?;
        let words = self.mode.args.iter().map(|word| self.stage.word(word));
        let (output, processor_time) = timed(before, &self.program, words)?;
        drop(kept);
        Ok(Ran {
            output,
            backups: self.stage.backups()?,
            processor_time,
        })
    }

    fn under_strace(&self) -> Vec<OsString> {
        let script = build::tool("kernel-floor/kernel-floor.sh");
        vec!["bash".into(), script.into(), "strace".into(), self.kernel.into()]
    }
}

fn under_oldk(kernel: &str, oldk: &Path) -> [OsString; 4] {
    [oldk.into(), "-q".into(), "-k".into(), kernel.into()]
}

/// How much processor time a program takes, in words, if it takes far more as if on an old kernel.
pub(super) fn spins(kernel: &str, oldk: &Path, program: &Path) -> Result<Option<String>, Error> {
    let (_, here) = timed(&[], program, [])?;
    let (_, there) = timed(&under_oldk(kernel, oldk), program, [])?;
    let times = Times { here, there };
    Ok(times.is_far_more().then(|| times.to_string()))
}

/// Runs a command, and says how much processor time it and its children took.
fn timed(
    before: &[OsString],
    program: &Path,
    words: impl IntoIterator<Item = OsString>,
) -> Result<(Output, Duration), Error> {
    let mut all = before.iter().map(OsString::as_os_str).chain([program.as_os_str()]);
    let mut command = Command::new(all.next().unwrap_or_default());
    command.args(all).args(words).stdin(Stdio::null());
    let before = child::processor_time()?;
    let output = command
        .output()
        .map_err(|cause| Error::at(Path::new(command.get_program()), &cause))?;
    Ok((output, child::processor_time()?.saturating_sub(before)))
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
