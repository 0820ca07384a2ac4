//! The end that somebody asks for: by Ctrl-C, SIGTERM or SIGHUP.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// From here on these signals ask for an end: the first sets what is given back. One that comes later ends the program at once,
/// whatever it waits for.
pub fn catch_signals() -> Arc<AtomicBool> {
    let is_to_end = Arc::default();
    listen(&is_to_end);
    is_to_end
}

#[cfg(unix)]
fn listen(is_to_end: &Arc<AtomicBool>) {
    use std::thread;
    use std::time::Duration;

    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::flag::{register, register_conditional_default};

    // How often it is looked whether a signal came.
    const PAUSE: Duration = Duration::from_millis(250);
    let is_armed = Arc::new(AtomicBool::new(false));
    // nohup(1) keeps SIGHUP from all that it starts.
    let wanted = [SIGINT, SIGTERM, SIGHUP].into_iter();
    for number in wanted.filter(|number| *number != SIGHUP || !is_hangup_ignored()) {
        // Where it cannot be had, the signal ends the program at once.
        if register_conditional_default(number, Arc::clone(&is_armed)).is_ok() {
            let _ = register(number, Arc::clone(is_to_end));
        }
    }
    let is_to_end = Arc::clone(is_to_end);
    // It is not the next signal at once that ends it: timeout(1) sends its signal twice.
    let arm = move || {
        while !is_to_end.load(Ordering::Relaxed) {
            thread::sleep(PAUSE);
        }
        thread::sleep(PAUSE);
        is_armed.store(true, Ordering::Relaxed);
    };
    let _ = thread::Builder::new().spawn(arm);
}

#[cfg(windows)]
fn listen(is_to_end: &Arc<AtomicBool>) {
    let is_to_end = Arc::clone(is_to_end);
    // Where it cannot be had, Ctrl-C ends the program at once.
    let _ = ctrlc::set_handler(move || {
        if is_to_end.swap(true, Ordering::Relaxed) {
            std::process::exit(ENDED_BY_CTRL_C);
        }
    });
}

/// The exit status of a program that Ctrl-C ended, STATUS_CONTROL_C_EXIT (0xC000013A).
#[cfg(windows)]
const ENDED_BY_CTRL_C: i32 = -1_073_741_510;

/// Whether whoever started the program wants it to outlive its terminal. Where the system does not say, it is not so.
#[cfg(unix)]
fn is_hangup_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    // The lowest bit is that of the first signal, SIGHUP.
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .is_some_and(|mask| mask & 1 == 1)
}
