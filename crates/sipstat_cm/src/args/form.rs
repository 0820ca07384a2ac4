//! In which form the output is written.

/// Options that say in which form the output is written.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "In which form")]
pub(super) struct Form {}
