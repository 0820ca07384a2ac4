//! What `backup_ecs` does beside backing up.

use clap::Subcommand;

/// What is done instead of backing up.
#[derive(Clone, PartialEq, Eq, Debug, Subcommand)]
pub(crate) enum Task {
    /// Show how it stands: how far the backups reach, their size, what was lost, the last run
    Status,
}

impl Task {
    /// The word by which it is asked for.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Task::Status => "status",
        }
    }
}
