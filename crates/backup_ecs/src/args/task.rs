//! What `backup_ecs` does beside backing up.

use clap::Subcommand;
use ecs_backup::{HoldName, Request};
use ecs_log::TimeRange;

/// What is done instead of backing up.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Task {
    /// Show how it stands: how far the backups reach, their size, what was lost, the last run
    Status,
    /// Keep the backups of a range of time, those still to be made included, where nothing deletes them
    Hold {
        /// Which, as sipstat_cm takes it with -t: START-END, such as 20170427:0200-0220
        range: TimeRange,
        /// The name of their folder, in DSTDIR/held
        name: HoldName,
    },
    /// End a hold: its backups go back to the others
    Release {
        /// The name of the hold
        name: HoldName,
    },
}

impl Task {
    /// The word by which it is asked for.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Task::Status => "status",
            Task::Hold { .. } => "hold",
            Task::Release { .. } => "release",
        }
    }
}

impl From<Task> for Request {
    fn from(task: Task) -> Request {
        match task {
            Task::Status => Request::Status,
            Task::Hold { range, name } => Request::Hold { range, name },
            Task::Release { name } => Request::Release { name },
        }
    }
}
