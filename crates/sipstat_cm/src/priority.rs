//! The program's own priority: what the server does comes first.

/// Asks for the lowest priority. Where that is refused the work is done all the same.
pub(crate) fn lower() {
    #[cfg(unix)]
    let _ = rustix::process::setpriority_process(None, 19);
}
