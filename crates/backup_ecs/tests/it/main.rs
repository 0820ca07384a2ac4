//! The real binary on real folders.

mod checking;
mod choice;
mod copies;
mod disk;
mod harness;
mod killed;
mod lock;
mod losses;
mod options;
mod ours;
mod output;
