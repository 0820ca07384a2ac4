//! All sources that are followed: which to read on, and what time it is in them.

use std::time::Duration;

use time::PrimitiveDateTime;

use super::source::Source;

/// How long a log may be silent, and the windows of others still wait for it.
const SILENCE: Duration = Duration::from_secs(10);

/// The sources of one run: folders, files and pipes.
#[derive(Debug, Default)]
pub struct Sources(pub(super) Vec<Source>);

impl Sources {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether to look at all of them takes a while by itself, since one of them waits for something to come.
    pub fn wait(&self) -> bool {
        self.0.iter().any(Source::waits)
    }

    /// The place of the source to read on: where several have something, the one that is furthest back.
    pub(super) fn next(&self) -> Option<usize> {
        let ready = self.0.iter().enumerate().filter(|(_, source)| source.is_ready());
        ready
            .min_by_key(|(_, source)| source.clock.latest())
            .map(|(place, _)| place)
    }

    /// A number that no log has so far.
    pub(super) fn next_log(&self) -> usize {
        let numbers = self.0.iter().map(|source| source.origins.last().log.saturating_add(1));
        numbers.max().unwrap_or_default()
    }

    /// The source that is furthest ahead.
    pub(super) fn furthest(&self) -> Option<&Source> {
        self.0.iter().max_by_key(|source| source.clock.latest())
    }

    /// Whether nothing more comes of any.
    pub(super) fn have_ended(&self) -> bool {
        self.0.iter().all(Source::has_ended)
    }

    /// Something may be there again.
    pub(super) fn look_again(&mut self) {
        self.0.iter_mut().for_each(Source::look_again);
    }

    /// What time it is in the logs: in the one that is furthest back, since all windows wait for it. A log that has been
    /// silent for long is no longer waited for. None while a log has not told its time.
    pub(super) fn log_time(&self, now: Duration) -> Option<PrimitiveDateTime> {
        let all_idle = self.next().is_none();
        let mut least: Option<PrimitiveDateTime> = None;
        let mut silent: Option<PrimitiveDateTime> = None;
        for source in self.0.iter().filter(|source| !source.has_ended()) {
            let time = if all_idle {
                source.clock.by_now(now)
            } else {
                source.clock.latest()
            };
            if time.is_none() && !source.is_idle() {
                return None;
            }
            if source.is_idle() && source.clock.silent_for(now) > SILENCE {
                silent = silent.max(time);
            } else if let Some(time) = time {
                least = Some(least.map_or(time, |least| least.min(time)));
            }
        }
        least.or(silent.filter(|_| all_idle))
    }
}
