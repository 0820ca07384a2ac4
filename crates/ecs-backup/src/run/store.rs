//! Writes the state of a run.

use super::Run;
use crate::error::Error;
use crate::failure::is_full;
use crate::history::{LastRun, RunEnd};
use crate::names::STATES;
use crate::state_file::{self, Stored};

impl Run<'_> {
    /// Writes the state, if there is more new in it than that a run began.
    pub(super) fn store_what_is_new(&mut self) -> Result<(), Error> {
        let state = &self.pruner.state;
        let is_new = |stored: &Stored| !state.tells_the_same(&stored.state);
        if self.stored.as_ref().is_none_or(is_new) {
            self.store()
        } else {
            Ok(())
        }
    }

    /// Writes the state.
    pub(super) fn store(&mut self) -> Result<(), Error> {
        // Of a run that was killed there may be backups whose names are not on disk yet, and that are known as saved now.
        let flushed = self.backups.sync_if_it_can();
        let (state, stored) = (&mut self.pruner.state, self.stored.as_ref());
        if flushed.is_err() {
            state.doubt(stored.map(|stored| &stored.state));
        }
        let place = stored.map(|stored| stored.place).unwrap_or_default();
        let place = state_file::write(self.backups, state, place)?;
        let state = state.clone();
        self.stored = Some(Stored { state, place });
        flushed
    }

    pub(super) fn note(&mut self, stored: Result<(), Error>) {
        let error = stored
            .err()
            .filter(|error| !error.is_no_room() && !error.io_kind().is_some_and(is_full));
        self.unwritten = self.unwritten.take().or(error);
    }

    pub(super) fn write_down_end(&mut self, is_stopped: bool) {
        let outcome = self.progress.outcome;
        // Where only logs of a hold were saved, the last run is another.
        let is_this = |run: &&mut LastRun| run.begun == self.pruner.options.now && run.end.is_none();
        if let Some(run) = self.pruner.state.history.last_run.as_mut().filter(is_this) {
            run.end = Some(RunEnd {
                is_stopped,
                n_copied: outcome.n_copied,
                n_pruned: outcome.n_pruned,
                n_failed: outcome.n_failed,
            });
        }
    }

    /// The state could not be written. If that is since it has grown beyond its room and the disk is full, it takes the place of
    /// the oldest backups.
    pub(super) fn store_in_room(&mut self, error: Error) -> Result<(), Error> {
        if !error.io_kind().is_some_and(is_full) {
            return Err(error);
        }
        let room = state_file::room(&self.pruner.state);
        if !self.pruner.has_plenty(room) {
            let [name, _] = STATES;
            self.pruner.make_room(name, room, &mut self.progress)?;
        }
        self.store()
    }
}
