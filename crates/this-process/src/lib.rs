//! What a program asks of the process that it runs in: an end by signals, a low priority, and whether somebody reads its
//! output.

mod end;

pub use end::catch_signals;

/// Whether standard output is not a pipe that nobody reads any more. Where that cannot be asked, it is taken to be so.
pub fn has_reader() -> bool {
    #[cfg(unix)]
    return is_open();
    #[cfg(not(unix))]
    true
}

#[cfg(unix)]
fn is_open() -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let stdout = std::io::stdout();
    let mut output = [PollFd::new(&stdout, PollFlags::empty())];
    let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
    let asked = poll(&mut output, Some(&at_once));
    let [output] = output;
    asked.is_err() || !output.revents().intersects(PollFlags::ERR | PollFlags::HUP)
}

/// Asks for the lowest priority, since what the server does comes first. Where that is refused the work is done all the
/// same.
pub fn lower_priority() {
    #[cfg(unix)]
    let _ = rustix::process::setpriority_process(None, 19);
}
