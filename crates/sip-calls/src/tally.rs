//! How attempts to make a call ended, and the ratios of that.

use crate::delays::Delays;
use crate::gather::Answer;

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The first final response was this one.
    Final(Answer),
    /// It was cancelled, and no final response came within 32 s (RFC 3261, 9.1).
    Cancelled,
    /// No response came within 32 s.
    Unanswered,
    /// It was undecided when its window was closed.
    Open,
    /// What decided it may stand where the log has a gap.
    Unknown,
}

/// The attempts of one window, link and direction.
///
/// An attempt is an INVITE outside of a dialog, with its repetitions after a challenge (401, 407). It counts in the window in which its first
/// INVITE was logged. Each is one of: answered, failed, cancelled, unanswered, open, unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallTally {
    /// How many attempts there were.
    pub attempts: u64,
    /// The first final response was 2xx.
    pub answered: u64,
    /// The first final response was 3xx, 4xx, 5xx, 6xx; 487 is in `cancelled`.
    pub failed: [u64; 4],
    /// Ended by 487, or by a CANCEL after which no final response came within 32 s (RFC 3261, 9.1).
    pub cancelled: u64,
    /// No response came within 32 s, 64 times T1 (RFC 3261, 17.1.1.2).
    pub unanswered: u64,
    /// Undecided 180 s after the end of the window, or at the end of the logs.
    pub open: u64,
    /// Undecided, and what decided it may stand where the logs have a gap.
    pub unknown: u64,
    /// Of the failed, how many by a decision of who was called: 480, 486, 600, 603 (RFC 6076, 4.7).
    pub declined: u64,
    /// Of the failed, how many for the servers' sake: 408, 500, 503, 504 (RFC 6076, 4.8).
    pub ineffective: u64,
    /// INVITEs and first final responses that were sent again within the window.
    pub retransmissions: u64,
    /// From an INVITE to the first response other than 100 and the challenges (SRD; RFC 6076, 4.3), of attempts that were answered and of
    /// those that failed together.
    pub delays: Delays,
}

/// A ratio: how many of how many. There is none of nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratio {
    /// How many.
    pub part: u64,
    /// Of how many; not 0.
    pub of: u64,
}

impl Ratio {
    fn new(part: u64, of: u64) -> Option<Ratio> {
        (of > 0).then_some(Ratio { part, of })
    }

    /// Tenths of a percent, rounded.
    pub fn per_mille(&self) -> u64 {
        let (part, of) = (u128::from(self.part), u128::from(self.of.max(1)));
        let rounded = (part * 1000 + of / 2) / of;
        u64::try_from(rounded).unwrap_or(u64::MAX)
    }
}

impl CallTally {
    pub(crate) fn add(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Final(Answer { code: 200..300, .. }) => one(&mut self.answered),
            Outcome::Final(Answer { code: 487, .. }) | Outcome::Cancelled => one(&mut self.cancelled),
            Outcome::Final(Answer { code, .. }) => self.add_failed(code),
            Outcome::Unanswered => one(&mut self.unanswered),
            Outcome::Open => one(&mut self.open),
            Outcome::Unknown => one(&mut self.unknown),
        }
    }

    fn add_failed(&mut self, code: u16) {
        let class = usize::from((code / 100).saturating_sub(3));
        if let Some(count) = self.failed.get_mut(class) {
            one(count);
        }
        match code {
            480 | 486 | 600 | 603 => one(&mut self.declined),
            408 | 500 | 503 | 504 => one(&mut self.ineffective),
            _ => {}
        }
    }

    /// Adds all of `other`.
    pub fn merge(&mut self, other: &CallTally) {
        self.merge_within(other, true);
    }

    /// Adds all of `other`. If its delays may not grow, those for which there is no bucket go to the one beside it: then the percentiles are
    /// not exact.
    pub fn merge_within(&mut self, other: &CallTally, may_grow: bool) {
        let [f3, f4, f5, f6] = &mut self.failed;
        let [o3, o4, o5, o6] = other.failed;
        for (count, more) in [
            (&mut self.attempts, other.attempts),
            (&mut self.answered, other.answered),
            (f3, o3),
            (f4, o4),
            (f5, o5),
            (f6, o6),
            (&mut self.cancelled, other.cancelled),
            (&mut self.unanswered, other.unanswered),
            (&mut self.open, other.open),
            (&mut self.unknown, other.unknown),
            (&mut self.declined, other.declined),
            (&mut self.ineffective, other.ineffective),
            (&mut self.retransmissions, other.retransmissions),
        ] {
            *count = count.saturating_add(more);
        }
        self.delays.merge(&other.delays, may_grow);
    }

    /// Attempts whose outcome is known. Those that are open or unknown stand in no ratio.
    fn decided(&self) -> u64 {
        self.attempts.saturating_sub(self.open).saturating_sub(self.unknown)
    }

    /// Decided attempts that were not redirected (3xx).
    fn not_redirected(&self) -> u64 {
        let [redirected, ..] = self.failed;
        self.decided().saturating_sub(redirected)
    }

    /// Answer-seizure ratio (ITU-T E.411, E.425): answered, of all that were decided.
    pub fn asr(&self) -> Option<Ratio> {
        Ratio::new(self.answered, self.decided())
    }

    /// Network effectiveness ratio (ITU-T E.411, E.425): answered, or ended by one of the two users and not by the network, of all
    /// that were decided. E.425 names answer, user busy, ring no answer and rejection by the terminal. In SIP these are 2xx, the codes that
    /// RFC 6076, 4.7 takes for the effect of a user (480, 486, 600, 603), and attempts that the caller cancelled.
    pub fn ner(&self) -> Option<Ratio> {
        let part = self
            .answered
            .saturating_add(self.cancelled)
            .saturating_add(self.declined);
        Ratio::new(part, self.decided())
    }

    /// Session establishment ratio (RFC 6076, 4.6): answered, of all that were not redirected (3xx).
    pub fn ser(&self) -> Option<Ratio> {
        Ratio::new(self.answered, self.not_redirected())
    }

    /// Session establishment effectiveness ratio (RFC 6076, 4.7): answered or declined (480, 486, 600, 603), of all that were not
    /// redirected (3xx).
    pub fn seer(&self) -> Option<Ratio> {
        Ratio::new(self.answered.saturating_add(self.declined), self.not_redirected())
    }

    /// Ineffective session attempts (RFC 6076, 4.8): 408, 500, 503, 504 or unanswered, which is as 408 (RFC 3261, 8.1.3.1), of all that
    /// were decided.
    pub fn isa(&self) -> Option<Ratio> {
        Ratio::new(self.ineffective.saturating_add(self.unanswered), self.decided())
    }
}

fn one(count: &mut u64) {
    *count = count.saturating_add(1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(non_snake_case, reason = "reads as the outcome that it makes")]
    fn Final(code: u16) -> Outcome {
        Outcome::Final(Answer { code, to_tag: 0 })
    }

    fn tally(outcomes: &[Outcome]) -> CallTally {
        let mut tally = CallTally::default();
        for outcome in outcomes {
            tally.attempts += 1;
            tally.add(*outcome);
        }
        tally
    }

    #[test]
    fn outcomes_are_counted_once() {
        type Counts = ([u64; 4], [u64; 5], [u64; 2]);
        let table: &[(Outcome, Counts)] = &[
            (Final(200), ([0; 4], [1, 0, 0, 0, 0], [0, 0])),
            (Final(299), ([0; 4], [1, 0, 0, 0, 0], [0, 0])),
            (Final(302), ([1, 0, 0, 0], [0; 5], [0, 0])),
            (Final(404), ([0, 1, 0, 0], [0; 5], [0, 0])),
            (Final(408), ([0, 1, 0, 0], [0; 5], [0, 1])),
            (Final(480), ([0, 1, 0, 0], [0; 5], [1, 0])),
            (Final(486), ([0, 1, 0, 0], [0; 5], [1, 0])),
            (Final(487), ([0; 4], [0, 1, 0, 0, 0], [0, 0])),
            (Final(500), ([0, 0, 1, 0], [0; 5], [0, 1])),
            (Final(501), ([0, 0, 1, 0], [0; 5], [0, 0])),
            (Final(503), ([0, 0, 1, 0], [0; 5], [0, 1])),
            (Final(504), ([0, 0, 1, 0], [0; 5], [0, 1])),
            (Final(600), ([0, 0, 0, 1], [0; 5], [1, 0])),
            (Final(603), ([0, 0, 0, 1], [0; 5], [1, 0])),
            (Final(699), ([0, 0, 0, 1], [0; 5], [0, 0])),
            (Outcome::Cancelled, ([0; 4], [0, 1, 0, 0, 0], [0, 0])),
            (Outcome::Unanswered, ([0; 4], [0, 0, 1, 0, 0], [0, 0])),
            (Outcome::Open, ([0; 4], [0, 0, 0, 1, 0], [0, 0])),
            (Outcome::Unknown, ([0; 4], [0, 0, 0, 0, 1], [0, 0])),
        ];
        for (outcome, want) in table {
            let one = tally(&[*outcome]);
            let found = |one: &CallTally| {
                let others = [one.answered, one.cancelled, one.unanswered, one.open, one.unknown];
                (one.failed, others, [one.declined, one.ineffective])
            };
            assert_eq!(found(&one), *want, "{outcome:?}");
            let mut sum = one.clone();
            sum.merge(&one);
            sum.merge(&CallTally::default());
            assert_eq!(sum, tally(&[*outcome, *outcome]), "{outcome:?}");
        }
    }

    #[test]
    fn tenths_of_a_percent_are_rounded() {
        for (part, of, want) in [
            (0, 7, 0),
            (1, 3, 333),
            (2, 3, 667),
            (1, 2000, 1),
            (1, 2001, 0),
            (7, 7, 1000),
            (u64::MAX, u64::MAX, 1000),
        ] {
            assert_eq!(Ratio { part, of }.per_mille(), want, "{part} of {of}");
        }
    }

    #[test]
    fn ratios() {
        use Outcome::{Cancelled, Open, Unanswered, Unknown};
        let ratios = |outcomes: &[Outcome]| {
            let tally = tally(outcomes);
            let all = [tally.asr(), tally.ner(), tally.ser(), tally.seer(), tally.isa()];
            all.map(|ratio| ratio.map(|Ratio { part, of }| (part, of)))
        };
        assert_eq!(ratios(&[]), [None; 5]);
        assert_eq!(ratios(&[Open, Unknown]), [None; 5]);
        let redirected = [Some((0, 1)), Some((0, 1)), None, None, Some((0, 1))];
        assert_eq!(ratios(&[Final(302), Open]), redirected);
        let all = [
            Final(200),
            Final(200),
            Final(302),
            Final(404),
            Final(486),
            Final(603),
            Final(503),
            Cancelled,
            Unanswered,
            Open,
            Unknown,
        ];
        let want = [Some((2, 9)), Some((5, 9)), Some((2, 8)), Some((4, 8)), Some((2, 9))];
        assert_eq!(ratios(&all), want);
    }
}
