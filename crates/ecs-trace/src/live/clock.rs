//! The clock of a log: what time it is there, by the stamps that were read and, where none come, by this machine's.

use std::time::Duration;

use sip_scan::Stamp;
use time::PrimitiveDateTime;

/// How far a stamp may be ahead of where the clock should stand by now. Further ones are believed only if others agree.
pub(super) const LEAP: Duration = Duration::from_secs(60);
/// How many records must agree.
pub(super) const AGREEING: usize = 4;
/// For how long an older line is no more than a late one; after that the clock has been set back.
const LATE: Duration = Duration::from_secs(2);

/// How long after its beginning the first stamp of a log may be, to be believed though no others agree.
const DAY: Duration = Duration::from_secs(86_400);

/// A time that lines bear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) time: PrimitiveDateTime,
    /// All times that were read and agree on it, each once: the lines of one record bear the same time, so that a record
    /// counts as one however many lines it has.
    pub(super) witnesses: Vec<PrimitiveDateTime>,
}

impl Seen {
    /// A time that one record alone bears.
    pub(super) fn once(time: PrimitiveDateTime) -> Seen {
        Seen {
            time,
            witnesses: vec![time],
        }
    }

    /// Whether enough records agree on it, or it is not so long after the log was begun.
    pub(super) fn is_believed(&self, begun: Option<PrimitiveDateTime>) -> bool {
        self.witnesses.len() >= AGREEING || begun.is_none_or(|begun| self.time <= later(begun, DAY))
    }
}

/// The clock of one log.
///
/// What this machine's clock shows is given as the time since any fixed moment.
#[derive(Clone, Debug, Default)]
pub(super) struct Clock {
    /// The latest time so far.
    greatest: Option<PrimitiveDateTime>,
    /// The time from which on it runs by itself, and when it showed that.
    set: Option<(PrimitiveDateTime, Duration)>,
    /// A leap ahead that is not believed yet.
    leap: Option<Seen>,
    /// When something was read.
    read: Option<Duration>,
}

impl Clock {
    /// Takes the time that lines bear which were read at `now`, of a log that was begun at `begun`.
    pub(super) fn see(&mut self, mut seen: Seen, begun: Option<PrimitiveDateTime>, now: Duration) {
        self.read = Some(now);
        let is_near = match self.by_now(now) {
            Some(by_now) => seen.time <= later(by_now, LEAP),
            None => seen.is_believed(begun),
        };
        if is_near {
            return self.set(seen.time, now);
        }
        let before = self.leap.take().filter(|leap| later(seen.time, LEAP) >= leap.time);
        seen.witnesses
            .extend(before.into_iter().flat_map(|leap| leap.witnesses));
        seen.witnesses.sort_unstable();
        seen.witnesses.dedup();
        if seen.witnesses.len() < AGREEING {
            self.leap = Some(seen);
        } else {
            self.set(seen.time, now);
        }
    }

    /// Sets the clock; it does not go back for a line that is late.
    pub(super) fn set(&mut self, time: PrimitiveDateTime, now: Duration) {
        self.leap = None;
        self.read = Some(now);
        self.greatest = self.greatest.max(Some(time));
        let is_late = |(set, at): (PrimitiveDateTime, Duration)| time < set && now.saturating_sub(at) < LATE;
        if !self.set.is_some_and(is_late) {
            self.set = Some((time, now));
        }
    }

    /// Believes what was read last, though few records say so, unless it is more than a day ahead.
    pub(super) fn believe(&mut self, now: Duration) {
        let leap = self.leap.as_ref().map(|leap| leap.time);
        if let (Some(leap), Some(by_now)) = (leap, self.by_now(now))
            && leap <= later(by_now, DAY)
        {
            self.set(leap, now);
        }
    }

    /// The latest time that was read.
    pub(super) fn latest(&self) -> Option<PrimitiveDateTime> {
        self.greatest
    }

    /// What time it is by now, if nothing more has come since.
    pub(super) fn by_now(&self, now: Duration) -> Option<PrimitiveDateTime> {
        let running = self.set.map(|(time, at)| later(time, now.saturating_sub(at)));
        self.greatest.max(running)
    }

    /// How long ago something was read.
    pub(super) fn silent_for(&self, now: Duration) -> Duration {
        self.read.map_or(Duration::MAX, |read| now.saturating_sub(read))
    }
}

/// The time `by` after `time`; the last that there is, if it were beyond.
pub(super) fn later(time: PrimitiveDateTime, by: Duration) -> PrimitiveDateTime {
    time.saturating_add(time::Duration::try_from(by).unwrap_or(time::Duration::MAX))
}

/// `time` as a log bears it.
pub(super) fn stamp(time: PrimitiveDateTime) -> Option<Stamp> {
    Stamp::new(ecs_log::stamp_of_time(time))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Clock, Seen};

    enum Do {
        /// A line that bears this time is read.
        See(&'static str),
        /// Nothing comes for so many milliseconds.
        Wait(u64),
    }
    use Do::{See, Wait};

    /// The latest time read, and the time by now, each as `HHMMSSmmm`.
    fn run(steps: &[Do]) -> (String, String) {
        let (mut clock, mut now) = (Clock::default(), Duration::from_secs(1000));
        for step in steps {
            match step {
                See(text) => {
                    let stamp = format!("20170427:{text:0<9}");
                    let time = ecs_log::time_of_stamp(stamp.as_bytes().try_into().unwrap());
                    clock.see(Seen::once(time.unwrap()), None, now);
                }
                Wait(millis) => now += Duration::from_millis(*millis),
            }
        }
        let text = |time: Option<time::PrimitiveDateTime>| {
            let stamp = time.map(ecs_log::stamp_of_time);
            stamp.map_or("none".to_owned(), |stamp| stamp[9..].escape_ascii().to_string())
        };
        (text(clock.latest()), text(clock.by_now(now)))
    }

    #[test]
    fn what_time_it_is() {
        let far = || See("200000");
        let back = || See("074410");
        let cases: Vec<(&str, Vec<Do>, &str, &str)> = vec![
            ("nothing was read", vec![Wait(9000)], "none", "none"),
            ("a line", vec![See("084410123")], "084410123", "084410123"),
            (
                "and then nothing",
                vec![See("084410"), Wait(2500)],
                "084410000",
                "084412500",
            ),
            (
                "a late one",
                vec![See("084410"), See("084409"), Wait(500)],
                "084410000",
                "084410500",
            ),
            (
                "the clock was set back",
                vec![See("084410"), Wait(2000), back(), Wait(1000)],
                "084410000",
                "084410000",
            ),
            (
                "and goes on from there",
                vec![See("084410"), Wait(2000), back(), Wait(3_610_000)],
                "084410000",
                "084420000",
            ),
            (
                "a minute ahead",
                vec![See("084410"), See("084510")],
                "084510000",
                "084510000",
            ),
            (
                "more after a silence",
                vec![See("084410"), Wait(600_000), See("085500")],
                "085500000",
                "085500000",
            ),
            ("a wrong one", vec![See("084410"), far()], "084410000", "084410000"),
            (
                "a wrong one, and others after it",
                vec![See("084410"), far(), Wait(100), See("084410100"), Wait(5000)],
                "084410100",
                "084415100",
            ),
            (
                "wrong ones, never many in a row",
                (0..20).flat_map(|_| [See("084410"), far(), far(), far()]).collect(),
                "084410000",
                "084410000",
            ),
            (
                "wrong ones that do not agree",
                ["084410", "235959", "190000", "180000", "170000", "160000"]
                    .map(See)
                    .into_iter()
                    .collect(),
                "084410000",
                "084410000",
            ),
            (
                "the log goes on much later",
                vec![See("084410"), far(), See("200001"), See("200002"), See("200003")],
                "200003000",
                "200003000",
            ),
            (
                "one record after the other that bears the same wrong time",
                vec![See("084410"), far(), far(), far(), far(), far()],
                "084410000",
                "084410000",
            ),
            (
                "a last line that is wrong",
                vec![See("084410"), far(), Wait(60_000)],
                "084410000",
                "084510000",
            ),
        ];
        for (name, steps, latest, by_now) in cases {
            assert_eq!(run(&steps), (latest.to_owned(), by_now.to_owned()), "{name}");
        }
    }
}
