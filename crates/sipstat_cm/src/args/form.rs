//! In which form the output is written.

use std::fs;
use std::path::PathBuf;

use ecs_log::escape_path;
use sip_filter::Names;

/// Options that say in which form the output is written.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "In which form")]
pub(super) struct Form {
    /// Names for addresses, in the form of /etc/hosts; also for networks such as 10.2.0.0/16, the longest prefix wins
    #[arg(long, value_name = "FILE")]
    names: Option<PathBuf>,
}

impl Form {
    /// The names for addresses; none if no file of them was given.
    pub(super) fn names(&self) -> Result<Names, String> {
        let Some(path) = &self.names else {
            return Ok(Names::default());
        };
        let failed = |reason: String| format!("{}: {reason}", escape_path(path));
        let text = fs::read(path).map_err(|error| failed(format!("cannot read the names: {error}")))?;
        Names::parse(&text).map_err(|error| failed(error.to_string()))
    }
}
