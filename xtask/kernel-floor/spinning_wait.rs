//! Waits a second, the wrong way: std's channels wait with a command that kernels before 2.6.25 do not know, and try
//! again and again. `cargo xtask kernel-floor` must find that out; it compiles this file by itself.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

fn main() {
    let (sender, receiver) = mpsc::channel();
    let sleeper = thread::spawn(move || {
        thread::sleep(Duration::from_secs(1));
        let _ = sender.send(());
    });
    let _ = receiver.recv();
    let _ = sleeper.join();
}
