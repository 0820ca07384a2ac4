//! The real binary on real folders.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = ".clippy.toml allows them in tests, but does not take what tests call for a part of them"
)]

mod checking;
mod choice;
mod copies;
mod deploy;
mod disk;
mod failing;
mod harness;
mod hold;
mod killed;
mod lock;
mod losses;
mod mail;
mod options;
mod ours;
mod output;
mod packing;
mod paused;
mod permissions;
mod reliability;
mod status;
