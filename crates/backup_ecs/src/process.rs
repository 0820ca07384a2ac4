//! The process itself: what the server does comes first, and what is in memory stays there.

use ioprio::{Class, Pid, Priority, Target};

use rustix::process::{Resource, Rlimit};

/// Asks for the lowest priority, of the processor and of the disk, and for no core dumps: logs hold names, numbers and
/// addresses. Where that is refused the work is done all the same.
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
