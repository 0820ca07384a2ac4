//! Tells of a run that could not look at the folders.

use std::time::Duration;

use crate::advice::NEXT_RUN;
use crate::error::Error;
use crate::folder::Folder;
use crate::lock::{Lock, Taken};
use crate::notices::{Ends, HowFar, Notices, Told};
use crate::options::Options;
use crate::state_file;

/// Tells why a run could not look, by `say`, which is given each line and tells whether it could be written. If the folder of backups has a state, that is written
/// down there, so that it is told once a day.
pub(crate) fn could_not_look(
    error: &Error,
    options: &Options,
    mut notices: Notices,
    mut say: impl FnMut(&str) -> bool,
) {
    notices.add(error.notice(options, NEXT_RUN).lasting(Ends::Looked));
    let is_of_folder = error.is_same_folder() || error.is_open_to_all();
    let is_kept = !is_of_folder && notices.are_kept();
    let mut tell = |told: &mut Told| {
        let lines = notices.lines(HowFar::NotToEnd, told);
        lines.iter().filter(|line| !say(line)).count() == 0
    };
    let known = if is_kept { State::open(options) } else { None };
    let Some(State { folder, stored, _lock }) = known else {
        tell(&mut Told::default());
        return;
    };
    let mut state = stored.state.clone();
    if tell(&mut state.told) && state != stored.state {
        // If that fails it is told again.
        let _ = state_file::write(&folder, &state, stored.place);
    }
}

/// A state, and the right to write it.
struct State {
    folder: Folder,
    stored: state_file::Stored,
    _lock: Lock,
}

impl State {
    fn open(options: &Options) -> Option<State> {
        let folder = Folder::open(&options.destination).ok()?;
        let Ok(Taken::Lock(lock)) = Lock::take(&folder, Duration::ZERO, options.now) else {
            return None;
        };
        let stored = state_file::read(&folder)?;
        Some(State {
            folder,
            stored,
            _lock: lock,
        })
    }
}
