//! The time of a line, to the millisecond, and how logs write it.

/// The day of all synthetic logs, as it is written in time stamps and in file names.
const DAY: (&str, &str) = ("20260312", "2026-0312");

/// The logs begin at eight in the morning.
const FIRST_HOUR: u64 = 8;

/// Milliseconds since the logs began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(u64);

impl Moment {
    pub(crate) const BEGIN: Self = Self(0);

    pub(crate) fn plus(self, milliseconds: u64) -> Self {
        Self(self.0 + milliseconds)
    }

    /// The moment of the timestamp with which a line begins. `None` if it begins otherwise.
    pub(crate) fn of_stamp(line: &[u8]) -> Option<Self> {
        let clock = line.strip_prefix(DAY.0.as_bytes())?.strip_prefix(b":")?.get(..9)?;
        let digits: u64 = std::str::from_utf8(clock).ok()?.parse().ok()?;
        let (clock, milliseconds) = (digits / 1000, digits % 1000);
        let minutes = (clock / 10_000).checked_sub(FIRST_HOUR)? * 60 + clock / 100 % 100;
        Some(Self((minutes * 60 + clock % 100) * 1000 + milliseconds))
    }

    pub(crate) fn milliseconds(self) -> u64 {
        self.0
    }

    pub(crate) fn seconds(self) -> u64 {
        self.0 / 1000
    }

    /// `YYYYMMDD:HHMMSSmmm`.
    pub(crate) fn stamp(self) -> String {
        format!("{}:{}{:03}", DAY.0, self.clock(), self.0 % 1000)
    }

    /// `YYYY-MMDD-HHMMSS.log`.
    pub(crate) fn file_name(self) -> String {
        format!("{}-{}.log", DAY.1, self.clock())
    }

    fn clock(self) -> String {
        let seconds = self.seconds();
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        format!("{:02}{minute:02}{second:02}", FIRST_HOUR + hour)
    }
}

#[cfg(test)]
mod tests {
    use super::Moment;

    #[test]
    fn a_moment_is_written_as_logs_write_it() {
        let moment = Moment::BEGIN.plus(((2 * 60 + 5) * 60 + 9) * 1000 + 42);
        assert_eq!(moment.stamp(), "20260312:100509042");
        assert_eq!(moment.file_name(), "2026-0312-100509.log");
        assert_eq!(Moment::of_stamp(b"20260312:100509042:1000:a"), Some(moment));
        for line in [b"20260312:07".as_slice(), b"20260313:100509042", b"20260312:10050904x"] {
            assert_eq!(Moment::of_stamp(line), None);
        }
    }
}
