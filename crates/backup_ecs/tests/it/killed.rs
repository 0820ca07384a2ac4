//! Runs that are killed at any moment.

use std::fs;
use std::process::Child;

use crate::harness::{Server, content};
use crate::paused::give_way;

/// More than are made sure together.
const N_LOGS: u32 = 48;
const ROUNDS: u32 = 30;

#[test]
fn killed_at_random_moments_it_leaves_whole_files_only_and_the_next_run_does_the_rest() {
    let server = Server::new();
    for second in 0..N_LOGS {
        server.log_of(second, &content(second, 100));
    }
    server.run_well(&[]);
    let all_bytes = bytes_in(&server);
    let mut random = 1_u64;
    let (mut n_runs, mut n_killed, mut n_between) = (0, 0, 0);
    while n_killed < ROUNDS {
        n_runs += 1;
        assert!(n_runs < 20 * ROUNDS, "only {n_killed} of {n_runs} runs were killed");
        fs::remove_dir_all(server.dst()).unwrap();
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let child = server.command().spawn().unwrap();
        n_killed += u32::from(kill_at(&server, child, (random >> 33) % all_bytes));
        let saved = server.saved().len();
        n_between += u32::from((1..48).contains(&saved));
        assert!(
            server.is_each_whole(),
            "run {n_runs}: a file that is not whole has a final name"
        );
        server.run_well(&[]);
        assert_eq!(server.saved(), Vec::from_iter(0..N_LOGS), "run {n_runs}");
        assert!(server.is_each_whole(), "run {n_runs}");
        assert!(server.has_no_temps(), "run {n_runs}: a temporary file stays");
    }
    assert!(
        n_between > ROUNDS / 10,
        "only {n_between} of {n_runs} were killed between two logs"
    );
}

/// Kills a run once it has written so many bytes; false where it had ended by then.
fn kill_at(server: &Server, mut child: Child, bytes: u64) -> bool {
    while bytes_in(server) < bytes {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        give_way();
    }
    child.kill().unwrap();
    child.wait().unwrap().code().is_none()
}

/// What is in the folder of backups by now, temporary files too.
fn bytes_in(server: &Server) -> u64 {
    let entries = fs::read_dir(server.dst()).map(Vec::from_iter).unwrap_or_default();
    let lengths = entries
        .into_iter()
        .flatten()
        .map(|entry| entry.metadata().map_or(0, |file| file.len()));
    lengths.sum()
}
