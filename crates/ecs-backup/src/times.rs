//! Gives a copy the times of its source, on the oldest kernels too.

use std::fs::{File, FileTimes, Metadata};
use std::os::fd::AsRawFd;
use std::os::unix::fs::MetadataExt;

use nix::sys::stat::utimes;
use nix::sys::time::{TimeVal, TimeValLike};
use rustix::io::Errno;

/// When the file was changed last, in seconds since 1970. `None` before 1970 and beyond 2106: the clock was wrong, or a
/// 32-bit system could not hold the time.
pub(crate) fn modified_seconds(metadata: &Metadata) -> Option<u32> {
    u32::try_from(metadata.mtime()).ok()
}

/// Gives `to` the times of `from`. Where that cannot be done the times stay: a backup does not fail because of its date.
pub(crate) fn copy(from: &Metadata, to: &File) {
    let (Ok(accessed), Ok(modified)) = (from.accessed(), from.modified()) else {
        return;
    };
    if modified_seconds(from).is_none() {
        return;
    }
    // Both times: kernels before 2.6.22 cannot set one and leave the other.
    let times = FileTimes::new().set_accessed(accessed).set_modified(modified);
    let Err(error) = to.set_times(times) else {
        return;
    };
    if matches!(
        error.raw_os_error().map(Errno::from_raw_os_error),
        Some(Errno::NOSYS | Errno::FAULT)
    ) {
        set_by_path(from, to);
    }
}

/// Kernels before 2.6.22 set times by path only, not of an open file. This path leads to the open file even if it was
/// renamed meanwhile.
fn set_by_path(from: &Metadata, to: &File) {
    let path = format!("/proc/self/fd/{}", to.as_raw_fd());
    let time = |seconds: i64, nanoseconds: i64| {
        let microseconds = seconds.checked_mul(1_000_000)?.checked_add(nanoseconds / 1000)?;
        // `TimeVal` panics where the seconds do not fit the platform's type.
        i32::try_from(seconds).ok()?;
        Some(TimeVal::microseconds(microseconds))
    };
    let accessed = time(from.atime(), from.atime_nsec());
    let modified = time(from.mtime(), from.mtime_nsec());
    if let (Some(accessed), Some(modified)) = (accessed, modified) {
        let _ = utimes(path.as_str(), &accessed, &modified);
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{File, Metadata};
    use std::time::{Duration, SystemTime};

    use nix::sys::stat::utimes;
    use nix::sys::time::{TimeVal, TimeValLike};

    #[test]
    fn both_ways_set_the_time() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let time = SystemTime::UNIX_EPOCH + Duration::new(1_493_282_652, 123_456_000);
        let from = File::create(folder.join("from")).unwrap();
        let both = TimeVal::microseconds(1_493_282_652_123_456);
        utimes(&folder.join("from"), &both, &both).unwrap();
        let from = from.metadata().unwrap();
        for (name, set) in [
            ("a", super::copy as fn(&Metadata, &File)),
            ("b", super::set_by_path as fn(&Metadata, &File)),
        ] {
            let to = File::create(folder.join(name)).unwrap();
            set(&from, &to);
            assert_eq!(to.metadata().unwrap().modified().unwrap(), time, "{name}");
        }
        assert_eq!(super::modified_seconds(&from), Some(1_493_282_652));
    }
}
