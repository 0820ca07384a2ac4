//! By what a file is known again.

use std::fs::Metadata;
#[cfg(not(unix))]
use std::path::PathBuf;

use crate::log::Log;

/// The same for two paths if and only if they lead to the same file.
#[cfg(unix)]
pub(crate) type Identity = (u64, u64);
#[cfg(not(unix))]
pub(crate) type Identity = PathBuf;

#[cfg(unix)]
pub(crate) fn identity(_log: &Log, metadata: &Metadata) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
pub(crate) fn identity(log: &Log, _metadata: &Metadata) -> Option<Identity> {
    std::fs::canonicalize(log.path()?).ok()
}
