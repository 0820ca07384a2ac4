//! The clock of a log: what time it is there, by the stamps that were read and, where none come, by this machine's.

use std::time::Duration;

use time::PrimitiveDateTime;

/// How far a stamp may be ahead of where the clock should stand by now. Further ones are believed only once others agree.
const LEAP: Duration = Duration::from_secs(60);
/// How many stamps in a row must agree.
const AGREEING: u32 = 8;
/// How long a stamp must have been the last that came, to be believed without others.
const UNDISPUTED: Duration = Duration::from_secs(2);

/// The clock of one log.
///
/// What this machine's clock shows is given as the time since any fixed moment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Clock {
    /// The latest time so far.
    greatest: Option<PrimitiveDateTime>,
    /// The time that was read last, and when by this machine.
    read: Option<(PrimitiveDateTime, Duration)>,
    /// A leap ahead that is not believed yet: to where, when it was read, how many stamps say so.
    leap: Option<(PrimitiveDateTime, Duration, u32)>,
}

impl Clock {
    /// Takes the time that a line bears which was read at `now`.
    pub(crate) fn see(&mut self, time: PrimitiveDateTime, now: Duration) {
        let is_leap = self.ahead(now).is_some_and(|ahead| time > later(ahead, LEAP));
        let agreeing = match self.leap {
            _ if !is_leap => AGREEING,
            Some((_, _, agreeing)) => agreeing.saturating_add(1),
            None => 1,
        };
        if agreeing < AGREEING {
            self.leap = Some((time, now, agreeing));
        } else {
            self.set(time, now);
        }
    }

    /// Sets the clock, whatever it showed; later lines count from then on.
    pub(crate) fn set(&mut self, time: PrimitiveDateTime, now: Duration) {
        self.leap = None;
        self.read = Some((time, now));
        self.greatest = self.greatest.max(Some(time));
    }

    /// The latest time that was read.
    pub(crate) fn latest(&self) -> Option<PrimitiveDateTime> {
        self.greatest
    }

    /// What time it is by now, if nothing more has come since the last line.
    pub(crate) fn by_now(&mut self, now: Duration) -> Option<PrimitiveDateTime> {
        if let Some((time, read, _)) = self.leap
            && now.saturating_sub(read) >= UNDISPUTED
        {
            self.set(time, read);
        }
        self.greatest.max(self.ahead(now))
    }

    /// How long ago something was read.
    pub(crate) fn silent_for(&self, now: Duration) -> Duration {
        let read = self.leap.map(|(_, read, _)| read).or(self.read.map(|(_, read)| read));
        read.map_or(Duration::MAX, |read| now.saturating_sub(read))
    }

    /// The last line's time and what has gone by since.
    fn ahead(&self, now: Duration) -> Option<PrimitiveDateTime> {
        self.read.map(|(time, read)| later(time, now.saturating_sub(read)))
    }
}

/// The time `by` after `time`; the last that there is, if it were beyond.
pub(crate) fn later(time: PrimitiveDateTime, by: Duration) -> PrimitiveDateTime {
    time.saturating_add(time::Duration::try_from(by).unwrap_or(time::Duration::MAX))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Clock;

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
                    clock.see(time.unwrap(), now);
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
                "an older one",
                vec![See("084410"), See("084409")],
                "084410000",
                "084410000",
            ),
            (
                "the clock was set back",
                vec![See("084410"), back(), Wait(2000)],
                "084410000",
                "084410000",
            ),
            (
                "and goes on from there",
                vec![See("084410"), back(), Wait(3_610_000)],
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
                (0..20).flat_map(|_| [far(), far(), far(), See("084410")]).collect(),
                "084410000",
                "084410000",
            ),
            (
                "the log goes on much later",
                std::iter::once(See("084410")).chain((0..8).map(|_| far())).collect(),
                "200000000",
                "200000000",
            ),
            (
                "a last line that nothing disputes",
                vec![See("084410"), far(), Wait(2500)],
                "084410000",
                "200002500",
            ),
            (
                "a last line that may yet be disputed",
                vec![See("084410"), far(), Wait(1500)],
                "084410000",
                "084411500",
            ),
        ];
        for (name, steps, latest, by_now) in cases {
            assert_eq!(run(&steps), (latest.to_owned(), by_now.to_owned()), "{name}");
        }
    }
}
