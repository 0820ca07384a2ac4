//! How much of the input was damaged, and why.

use std::fmt;

use sip_scan::Damage;

/// Damaged records by reason, those that still count apart from those that do not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DamageTally {
    /// In the order of [`Damage::ALL`]: all, and of these the counted.
    reasons: [(u64, u64); Damage::ALL.len()],
}

impl DamageTally {
    /// Adds one; `counted` if its message counts all the same.
    pub fn add(&mut self, damage: Damage, counted: bool) {
        for (reason, (all, of_these)) in Damage::ALL.iter().zip(&mut self.reasons) {
            if *reason == damage {
                *all = all.saturating_add(1);
                *of_these = of_these.saturating_add(u64::from(counted));
            }
        }
    }

    /// Adds all of `other`.
    pub fn merge(&mut self, other: &DamageTally) {
        for ((all, counted), (more, more_counted)) in self.reasons.iter_mut().zip(&other.reasons) {
            *all = all.saturating_add(*more);
            *counted = counted.saturating_add(*more_counted);
        }
    }

    /// All damaged records.
    pub fn total(&self) -> u64 {
        self.reasons.iter().fold(0, |sum, (all, _)| sum.saturating_add(*all))
    }

    /// Each reason that occurred, how often, and how many of these still count.
    pub fn reasons(&self) -> impl Iterator<Item = (Damage, u64, u64)> + '_ {
        let reasons = Damage::ALL.into_iter().zip(&self.reasons);
        reasons
            .filter(|(_, (all, _))| *all > 0)
            .map(|(damage, (all, counted))| (damage, *all, *counted))
    }
}

/// `12 shorter than its SIZE (10 of them counted), 3 no CSeq`.
impl fmt::Display for DamageTally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (damage, all, counted)) in self.reasons().enumerate() {
            let comma = if i == 0 { "" } else { ", " };
            write!(f, "{comma}{all} {damage}")?;
            if counted > 0 {
                write!(f, " ({counted} of them counted)")?;
            }
        }
        Ok(())
    }
}
