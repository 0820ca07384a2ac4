//! The process itself: it gives way to the server, and keeps what is in memory out of core files.

use ioprio::{Class, Pid, Priority, Target};

use rustix::process::{Resource, Rlimit};

/// Asks for the lowest priority for processor and disk, and for no core dumps, since logs hold names, numbers and addresses.
/// If the system refuses, the run goes on all the same.
pub(crate) fn set_up() {
    let _ = rustix::process::setpriority_process(None, 19);
    let this_process = Target::Process(Pid::from_raw(0));
    let _ = ioprio::set_priority(this_process, Priority::new(Class::Idle));
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let _ = rustix::process::setrlimit(Resource::Core, none);
}
