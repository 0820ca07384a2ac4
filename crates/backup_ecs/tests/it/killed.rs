//! Runs that are killed at any moment.

use std::fs;
use std::time::{Duration, Instant};

use crate::harness::{Server, content};

const N_LOGS: u32 = 8;
const ROUNDS: u32 = 100;

#[test]
fn killed_at_random_moments_it_leaves_whole_files_only_and_the_next_run_does_the_rest() {
    let server = Server::new();
    for second in 0..=N_LOGS {
        server.log_of(second, &content(second, 800));
    }
    let begin = Instant::now();
    server.run_well(&[]);
    let whole_run = begin.elapsed();
    let mut random = 1_u64;
    let mut n_killed_at_work = 0;
    for round in 0..ROUNDS {
        fs::remove_dir_all(server.dst()).unwrap();
        let mut child = server.command().spawn().unwrap();
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let share = u32::try_from(random >> 40).unwrap();
        std::thread::sleep(
            whole_run
                .mul_f64(f64::from(share) / f64::from(1 << 24))
                .max(Duration::from_micros(10)),
        );
        child.kill().unwrap();
        child.wait().unwrap();
        let saved = server.saved().len();
        n_killed_at_work += u32::from(saved > 0 && saved < 8);
        assert!(
            server.is_each_whole(),
            "round {round}: a file that is not whole has a final name"
        );
        server.run_well(&[]);
        assert_eq!(server.saved(), Vec::from_iter(0..N_LOGS), "round {round}");
        assert!(server.is_each_whole(), "round {round}");
        let temps = server
            .all_in_dst()
            .into_iter()
            .filter(|name| name.ends_with(".tmp"))
            .count();
        assert_eq!(temps, 0, "round {round}: a temporary file stays");
    }
    assert!(
        n_killed_at_work > ROUNDS / 4,
        "only {n_killed_at_work} of {ROUNDS} were killed between two logs"
    );
}
