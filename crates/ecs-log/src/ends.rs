//! What the lines at both ends of a log tell.

use std::io::Read;

use time::PrimitiveDateTime;

use crate::found::{Found, LOOK, Seen};
use crate::last_time::end_of;
use crate::moment::{first_number, last_number, times_of_stamps};

/// What the lines at both ends of a log tell, as far as they can be looked at: the first ones of each log, and the last ones of
/// those that are plain files.
#[derive(Default)]
pub(crate) struct Ends {
    /// The times of the first lines.
    pub(crate) begin: Vec<PrimitiveDateTime>,
    /// The times of the last lines. In a short log these are the first ones too.
    pub(crate) end: Vec<PrimitiveDateTime>,
    /// The running number of the first line.
    pub(crate) first_number: Option<u64>,
    /// The running number of the last line.
    pub(crate) last_number: Option<u64>,
}

impl Ends {
    pub(crate) fn of(found: &Found) -> Ends {
        if let Some(Seen { times, number, .. }) = &found.seen {
            return Ends {
                begin: times.clone(),
                first_number: *number,
                ..Ends::default()
            };
        }
        let reader = found.is_regular.then(|| found.log.open_as_it_is().ok()).flatten();
        let Some(mut reader) = reader else {
            return Ends::default();
        };
        let limit = u64::try_from(LOOK).unwrap_or(u64::MAX);
        let mut begin = Vec::with_capacity(LOOK.saturating_add(1));
        // Whatever cannot be read tells nothing.
        let _ = reader.by_ref().take(limit).read_to_end(&mut begin);
        let end = match reader.is_gzip() || found.log.is_in_archive() {
            true => Vec::new(),
            false => end_of(&found.log).unwrap_or_default(),
        };
        Ends {
            begin: times_of_stamps(&begin).collect(),
            end: times_of_stamps(&end).collect(),
            first_number: first_number(&begin),
            last_number: last_number(&end),
        }
    }

    /// All times, in the order of the log.
    pub(crate) fn times(&self) -> impl Iterator<Item = PrimitiveDateTime> {
        self.begin.iter().chain(&self.end).copied()
    }
}
