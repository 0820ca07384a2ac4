//! Two commands that read the same logs, measured in turns.

use std::process::Command;

use crate::bench::spread::Spread;
use crate::child;
use crate::error::Error;

/// The most MiB of memory that each may take.
pub(crate) const PEAK_TO_REACH: f64 = 64.0;

/// What is measured against what.
#[derive(Debug)]
pub(crate) struct Contest {
    pub(crate) name: &'static str,
    pub(crate) yardstick: Command,
    pub(crate) ours: Command,
    /// The size of the logs, not compressed.
    pub(crate) mebibytes: u64,
    /// The greatest median of the ratios that will do.
    pub(crate) to_reach: f64,
    /// The most MiB of memory that ours may take.
    pub(crate) peak_to_reach: f64,
}

/// What was measured.
#[derive(Debug)]
pub(crate) struct Outcome {
    name: &'static str,
    mebibytes: u64,
    to_reach: f64,
    peak_to_reach: f64,
    yardstick_seconds: Spread,
    our_seconds: Spread,
    /// Of each round, our time by that of the yardstick.
    ratio: Spread,
    peak_kibibytes: u64,
}

impl Contest {
    /// Measures both, in `rounds` pairs. A first pair, and the look at the memory, do not count:
    /// they bring files and programs into the page cache.
    pub(crate) fn hold(&mut self, rounds: u64) -> Result<Outcome, Error> {
        child::seconds(&mut self.yardstick)?;
        let peak_kibibytes = child::peak_kibibytes(&mut self.ours)?;
        let (mut theirs, mut ours, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..rounds {
            let (their_seconds, our_seconds) = self.round(round % 2 == 0)?;
            theirs.push(their_seconds);
            ours.push(our_seconds);
            ratios.push(our_seconds / their_seconds);
        }
        Ok(Outcome {
            name: self.name,
            mebibytes: self.mebibytes,
            to_reach: self.to_reach,
            peak_to_reach: self.peak_to_reach,
            yardstick_seconds: Spread::of(theirs),
            our_seconds: Spread::of(ours),
            ratio: Spread::of(ratios),
            peak_kibibytes,
        })
    }

    /// The seconds of the yardstick and of ours; which of them goes first changes by round.
    fn round(&mut self, yardstick_first: bool) -> Result<(f64, f64), Error> {
        if yardstick_first {
            let theirs = child::seconds(&mut self.yardstick)?;
            Ok((theirs, child::seconds(&mut self.ours)?))
        } else {
            let ours = child::seconds(&mut self.ours)?;
            Ok((child::seconds(&mut self.yardstick)?, ours))
        }
    }
}

impl Outcome {
    /// Seconds, speeds and memory, under the heads that the task prints.
    pub(crate) fn table_row(&self) -> String {
        let (theirs, ours) = (self.yardstick_seconds.median, self.our_seconds.median);
        format!(
            "{:<30}{theirs:>9.3}{:>9.0}{ours:>9.3}{:>9.0}{:>9.1}\n",
            self.name,
            self.megabytes() / theirs,
            self.megabytes() / ours,
            self.peak_mebibytes()
        )
    }

    /// The ratio, and what is to be reached.
    pub(crate) fn verdict(&self) -> String {
        let missed = if self.is_too_slow() { ", missed" } else { "" };
        let memory = if self.is_too_large() {
            format!(
                "; memory: {:.1} MiB, to reach: {}, missed",
                self.peak_mebibytes(),
                self.peak_to_reach
            )
        } else {
            String::new()
        };
        let (ratio, to_reach) = (&self.ratio, self.to_reach);
        format!("{}: {ratio}, to reach: {to_reach}{missed}{memory}\n", self.name)
    }

    pub(crate) fn is_missed(&self) -> bool {
        self.is_too_slow() || self.is_too_large()
    }

    fn is_too_slow(&self) -> bool {
        self.ratio.median > self.to_reach
    }

    fn is_too_large(&self) -> bool {
        self.peak_mebibytes() > self.peak_to_reach
    }

    fn megabytes(&self) -> f64 {
        self.mebibytes as f64 * 1.048_576
    }

    fn peak_mebibytes(&self) -> f64 {
        self.peak_kibibytes as f64 / 1024.0
    }
}

#[cfg(test)]
mod tests {
    use super::{Outcome, Spread};

    fn outcome(median: f64) -> Outcome {
        Outcome {
            name: "one job / wc -l",
            mebibytes: 1000,
            to_reach: 1.5,
            peak_to_reach: 64.0,
            yardstick_seconds: Spread::of(vec![0.4]),
            our_seconds: Spread::of(vec![0.5]),
            ratio: Spread::of(vec![1.25, median, 1.75]),
            peak_kibibytes: 10_240,
        }
    }

    #[test]
    fn a_verdict_says_what_was_to_be_reached() {
        let expected = "one job / wc -l: 1.50 (1.25..1.75), to reach: 1.5\n";
        assert_eq!(outcome(1.5).verdict(), expected);
    }

    #[test]
    fn a_missed_target_is_said() {
        let expected = "one job / wc -l: 1.52 (1.25..1.75), to reach: 1.5, missed\n";
        assert_eq!(outcome(1.52).verdict(), expected);
    }

    #[test]
    fn memory_that_is_too_large_is_said() {
        let large = Outcome {
            peak_kibibytes: 64 * 1024 + 512,
            ..outcome(1.5)
        };
        let expected = "one job / wc -l: 1.50 (1.25..1.75), to reach: 1.5; memory: 64.5 MiB, to reach: 64, missed\n";
        assert_eq!((large.verdict().as_str(), large.is_missed()), (expected, true));
        assert!(!outcome(1.5).is_missed() && outcome(1.52).is_missed());
    }

    #[test]
    fn a_row_has_speeds_in_megabytes() {
        let expected = "one job / wc -l                   0.400     2621    0.500     2097     10.0\n";
        assert_eq!(outcome(1.5).table_row(), expected);
    }
}
