//! What is known of a whole run.

use sip_filter::Window;
use sip_scan::Stamp;

use crate::cells::Cells;
use crate::counts::{Counts, wider};
use crate::damage::DamageTally;

/// What is known of a whole run, apart from the counts of its windows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many records there were within the range of time, damaged ones among them.
    pub records: u64,
    /// The damaged records.
    pub damage: DamageTally,
    /// How many of these have no timestamp that can be read, and so lie in no window.
    pub undated: u64,
    /// How many records are cut where reading begins or ends. They are no part of `records`.
    pub edge: u64,
    /// How many messages the filter wanted, late ones among them.
    pub messages: u64,
    /// How many of these came after their window was closed: their log is out of order, or there was too much to hold.
    pub late: u64,
    /// The first and the last window in which there were messages, wanted or not.
    pub windows: Option<(Window, Window)>,
    /// The stamps of the first and the last line within the range of time.
    pub ends: Option<(Stamp, Stamp)>,
    /// How many seconds of the range, or between the first and the last line, no log covers, as far as that is known.
    pub uncovered: u64,
}

impl Summary {
    /// Adds what is known of one part. What of it is late, only a [`Timeline`](crate::Timeline) knows.
    pub fn add(&mut self, counts: &Counts) {
        self.records = self.records.saturating_add(counts.records);
        self.damage.merge(&counts.damage);
        self.edge = self.edge.saturating_add(counts.edge);
        self.undated = self.undated.saturating_add(counts.undated);
        let shown = || {
            counts
                .windows
                .iter()
                .filter(|(_, cells)| cells.is_shown())
                .map(|(window, _)| window)
        };
        let windows = shown().next().zip(shown().next_back());
        self.windows = wider(self.windows, windows.map(|(first, last)| (*first, *last)));
        self.ends = wider(self.ends, counts.ends);
        let messages = counts.windows.values().map(Cells::messages);
        self.messages = messages.fold(self.messages, u64::saturating_add);
    }
}

#[cfg(test)]
mod tests {
    use sip_scan::{Damage, Gather, Item, Message};

    use super::*;
    use crate::counts::CountMessages;
    use crate::testing::bye;

    #[test]
    fn a_summary_adds_up_parts() {
        let mut counts = Counts::default();
        let cut = Message {
            damage: Some(Damage::Short),
            ..bye("20170427:084512")
        };
        for message in [bye("20170427:084412"), bye("20170427:084412"), cut] {
            CountMessages::default().take(&mut counts, &Item::Message(message));
        }
        counts.edge = 3;
        let mut summary = Summary::default();
        summary.add(&counts);
        summary.add(&counts);
        assert_eq!((summary.records, summary.messages, summary.damage.total()), (6, 6, 2));
        assert_eq!(summary.edge, 6);
        let windows = |summary: &Summary| {
            let ends = summary
                .windows
                .map(|(first, last)| [first.to_string(), last.to_string()]);
            ends.unwrap_or_default().join(" ")
        };
        assert_eq!(windows(&summary), "20170427:0844 20170427:0845");
        for (time, ends) in [
            ("20170427:084312", "20170427:0843 20170427:0845"),
            ("20170427:084412", "20170427:0843 20170427:0845"),
            ("20170427:084612", "20170427:0843 20170427:0846"),
        ] {
            let mut counts = Counts::default();
            CountMessages::default().take(&mut counts, &Item::Message(bye(time)));
            summary.add(&counts);
            assert_eq!(windows(&summary), ends);
        }
    }
}
