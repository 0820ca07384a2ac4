//! A server that writes logs under a clock that is set, and runs that are killed: at the end each log that a run could see is in a
//! backup, or was deleted in order, or was told as lost.
//!
//! The seed is printed. `SIMULATION_SEED` repeats a case, `SIMULATION_LOGS` says how many logs there are;
//! `cargo xtask simulate` runs 100,000.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    reason = ".clippy.toml allows them in tests, but does not take what tests call for a part of them"
)]

mod backups;
mod content;
mod random;
mod server;
mod world;

use std::env;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::random::Random;
use crate::world::World;

/// So many logs in all, over several cases.
const LOGS: u64 = 2_000;

/// So many logs in one case.
const LOGS_OF_CASE: u64 = 1_000;

/// Cases in which something was found, once.
const FOUND: [u64; 1] = [7_247_120];

fn number(variable: &str) -> Option<u64> {
    env::var(variable).ok().map(|value| value.parse().unwrap())
}

#[test]
fn each_log_that_a_run_could_see_is_saved_or_deleted_in_order_or_told_as_lost() {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let any = u64::try_from(since.as_nanos() % 1_000_000_007).unwrap();
    let (found, first) = match number("SIMULATION_SEED") {
        Some(seed) => (&[][..], seed),
        None => (&FOUND[..], any),
    };
    let n_logs = number("SIMULATION_LOGS").unwrap_or(LOGS);
    let mut n_done = 0;
    for seed in found.iter().copied().chain((0..).map(|case| first.wrapping_add(case))) {
        if n_done >= n_logs {
            break;
        }
        eprintln!("SIMULATION_SEED={seed} SIMULATION_LOGS=1");
        let mut world = World::new(Random::new(seed));
        world.live(LOGS_OF_CASE);
        n_done += world.finish();
    }
}
