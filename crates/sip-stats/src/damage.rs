//! How many records were damaged, and why.

use sip_scan::Damage;

/// Damaged records by reason. Those whose message counts all the same are told apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DamageTally {
    /// For each reason, in the order of [`Damage::ALL`]: all records, and those of them whose message counts.
    reasons: [(u64, u64); Damage::ALL.len()],
}

impl DamageTally {
    /// Adds one record; `counted` if its message counts all the same.
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

    /// How many records were damaged.
    pub fn total(&self) -> u64 {
        self.reasons.iter().fold(0, |sum, (all, _)| sum.saturating_add(*all))
    }

    /// How many of these do not count.
    pub fn uncounted(&self) -> u64 {
        let uncounted = self.reasons.iter().map(|(all, counted)| all.saturating_sub(*counted));
        uncounted.fold(0, u64::saturating_add)
    }

    /// Each reason that occurred, with how many records it damaged and how many of these count all the same.
    pub fn reasons(&self) -> impl Iterator<Item = (Damage, u64, u64)> + '_ {
        let reasons = Damage::ALL.into_iter().zip(&self.reasons);
        reasons
            .filter(|(_, (all, _))| *all > 0)
            .map(|(damage, (all, counted))| (damage, *all, *counted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tallies_add_up_by_reason() {
        let mut first = DamageTally::default();
        first.add(Damage::Short, true);
        first.add(Damage::Short, false);
        let mut second = DamageTally::default();
        for counted in [true, true, false] {
            second.add(Damage::Short, counted);
        }
        second.add(Damage::RawHead, false);
        first.merge(&second);
        let reasons: Vec<_> = first.reasons().collect();
        assert_eq!(reasons, [(Damage::Short, 5, 3), (Damage::RawHead, 1, 0)]);
        assert_eq!((first.total(), first.uncounted()), (6, 3));
    }
}
