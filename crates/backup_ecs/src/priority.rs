//! The program's own priority: what the server does comes first.

use ioprio::{Class, Priority, Target};
use nix::unistd::Pid;

/// Asks for the lowest priority, of the processor and of the disk. Where that is refused the work is done all the same.
pub(crate) fn lower() {
    let _ = rustix::process::setpriority_process(None, 19);
    let this_process = Target::Process(Pid::from_raw(0));
    let _ = ioprio::set_priority(this_process, Priority::new(Class::Idle));
}
