//! What is shown of earlier runs. Nothing is decided by it.

pub(crate) mod text;

use crate::gap::Gap;

/// So many losses are kept. The others are only counted.
pub(crate) const MOST_LOSSES: usize = 10;

/// What is shown of earlier runs. Nothing is decided by it.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct History {
    /// The last losses, at most ten, oldest first.
    pub losses: Vec<Gap>,
    /// How many losses there were in all.
    pub n_losses: u64,
    /// The last run.
    pub last_run: Option<LastRun>,
}

/// The last run that came so far that it changed anything.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LastRun {
    /// When it began, in seconds since 1970.
    pub begun: i64,
    /// How it ended; `None` if it is still at work, or was killed.
    pub end: Option<RunEnd>,
}

/// How a run ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RunEnd {
    /// It was asked to end before all was done.
    pub is_stopped: bool,
    /// Logs that were saved.
    pub n_copied: u64,
    /// Backups that were deleted to make room.
    pub n_pruned: u64,
    /// Logs that should have been saved and are not, and other failures.
    pub n_failed: u64,
}

impl History {
    /// Logs are lost.
    pub(crate) fn lose(&mut self, gap: Gap) {
        self.n_losses = self.n_losses.saturating_add(1);
        self.losses.push(gap);
        let n_too_many = self.losses.len().saturating_sub(MOST_LOSSES);
        self.losses.drain(..n_too_many);
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use ecs_log::LogName;

    use super::History;
    use crate::gap::{Gap, GapBegin, GapEnd};

    fn name(second: u64) -> LogName {
        LogName::parse(OsStr::new(&format!("2017-0427-0844{second:02}.log"))).unwrap()
    }

    fn gap(second: u64) -> Gap {
        Gap {
            from: GapBegin::With(name(second)),
            until: GapEnd::With(name(second)),
        }
    }

    #[test]
    fn the_last_ten_losses_are_kept_and_all_are_counted() {
        let mut history = History::default();
        for second in 0..12 {
            history.lose(gap(second));
            assert_eq!(history.n_losses, second + 1);
        }
        assert_eq!(history.losses, Vec::from_iter((2..12).map(gap)));
    }
}
