//! All sources that are followed: which to read on, and what time it is in them.

use std::time::Duration;

use time::PrimitiveDateTime;

use crate::live::lane::Lane;

/// How long a log may be silent, and the windows of others still wait for it.
const SILENCE: Duration = Duration::from_secs(10);

/// The sources of one run.
#[derive(Debug)]
pub(crate) struct Lanes(pub(crate) Vec<Lane>);

impl Lanes {
    /// The source to read on: where several have something, the one that is furthest back.
    pub(crate) fn next(&self) -> Option<usize> {
        let lanes = self.0.iter().enumerate();
        let to_read = lanes.filter(|(_, lane)| !lane.is_idle && !lane.has_ended);
        to_read
            .min_by_key(|(_, lane)| lane.clock.latest())
            .map(|(place, _)| place)
    }

    /// Whether nothing more comes of any.
    pub(crate) fn have_ended(&self) -> bool {
        self.0.iter().all(|lane| lane.has_ended)
    }

    /// Whether to look at all of them again takes a while by itself.
    pub(crate) fn wait(&self) -> bool {
        self.0.iter().any(Lane::waits)
    }

    /// Something may be there again.
    pub(crate) fn look_again(&mut self) {
        for lane in &mut self.0 {
            lane.is_idle = false;
        }
    }

    /// What time it is in the logs: in the one that is furthest back, since all windows wait for it. One that has been
    /// silent is waited for no longer. None while one has not told its time.
    pub(crate) fn log_time(&self, now: Duration) -> Option<PrimitiveDateTime> {
        let all_idle = self.next().is_none();
        let mut least: Option<PrimitiveDateTime> = None;
        let mut silent: Option<PrimitiveDateTime> = None;
        for lane in self.0.iter().filter(|lane| !lane.has_ended) {
            let time = if all_idle {
                lane.clock.by_now(now)
            } else {
                lane.clock.latest()
            };
            if time.is_none() && !lane.is_idle {
                return None;
            }
            if lane.is_idle && lane.clock.silent_for(now) > SILENCE {
                silent = silent.max(time);
            } else if let Some(time) = time {
                least = Some(least.map_or(time, |least| least.min(time)));
            }
        }
        least.or(silent.filter(|_| all_idle))
    }
}
