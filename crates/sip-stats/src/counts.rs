//! Counts of one part of the logs, and what gathers them.

use std::collections::BTreeMap;

use sip_filter::{Filter, Interval, Link, Window};
use sip_scan::{Damaged, Direction, Gather, Item, Message, Want};

use crate::cells::{CellIndex, CellKey, Cells, add};
use crate::damage::DamageTally;
use crate::log_lines::LogLines;

/// Counts the messages that a filter wants, in windows of one length.
#[derive(Clone, Debug, Default)]
pub struct CountMessages {
    /// Which messages count.
    pub filter: Filter,
    /// How long the windows are.
    pub interval: Interval,
    /// Whether responses count under the class of their code.
    pub by_class: bool,
}

impl Gather for CountMessages {
    type Part = Counts;

    fn want(&self) -> Want {
        self.filter.want()
    }

    fn take(&self, part: &mut Counts, item: &Item<'_>) {
        match item {
            Item::Message(message) => {
                part.lines.see_record(message);
                self.count(part, message);
            }
            Item::Damaged(damaged) => self.note_damage(part, damaged),
            Item::Lines(lines) => part.lines.see_lines(*lines),
        }
    }

    fn held(part: &Counts) -> usize {
        part.bytes()
    }
}

impl CountMessages {
    fn count(&self, counts: &mut Counts, message: &Message) {
        if !self.filter.is_in_range(&message.stamp) {
            return;
        }
        counts.records = counts.records.saturating_add(1);
        let window = Window::of(&message.stamp, self.interval);
        let cells = counts.windows.entry(window).or_default();
        cells.show();
        if let Some(damage) = message.damage {
            counts.damage.add(damage, true);
            cells.note_damage();
        }
        if let Some(message_type) = self.filter.type_of(message) {
            let message_type = if self.by_class {
                message_type.by_class()
            } else {
                message_type
            };
            let one = match message.direction {
                Direction::In => [1, 0],
                Direction::Out => [0, 1],
            };
            let (link, key) = (Link::of(message), CellKey::of(message, message_type));
            let mut cached = counts.cache.entry(&link, &key);
            match cached.as_ref().and_then(|index| cells.at(**index, &link, key)) {
                Some(cell) => add(cell, one),
                None => {
                    if let (Some(found), Some(cached)) = (cells.add(link, key, one), &mut cached) {
                        **cached = found;
                    }
                }
            }
        }
    }

    /// Notes a record that cannot be counted. A record whose time cannot be read may lie in the range, so it is noted.
    fn note_damage(&self, counts: &mut Counts, damaged: &Damaged<'_>) {
        if damaged.stamp.is_none_or(|stamp| self.filter.is_in_range(&stamp)) {
            counts.records = counts.records.saturating_add(1);
            counts.damage.add(damaged.damage, false);
            match damaged.stamp {
                Some(stamp) => {
                    let window = Window::of(&stamp, self.interval);
                    counts.windows.entry(window).or_default().note_damage();
                }
                None => counts.undated = counts.undated.saturating_add(1),
            }
        }
    }
}

/// The counts of one log, or of a piece of one.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// The counts of each window in which there were records. A window whose messages are all unwanted has no cells.
    pub windows: BTreeMap<Window, Cells>,
    /// How many records there were within the range of time, damaged ones among them.
    pub records: u64,
    /// The damaged records.
    pub damage: DamageTally,
    /// How many of these have no timestamp that can be read.
    pub undated: u64,
    /// Which lines there were, wanted or not.
    pub lines: LogLines,
    cache: CellCache,
}

impl Counts {
    /// How many bytes of memory this takes, roughly.
    pub fn bytes(&self) -> usize {
        let bytes = self.windows.values().map(Cells::bytes);
        bytes.fold(self.lines.bytes(), usize::saturating_add)
    }
}

/// Where the cells are to which messages were added lately, by a few bits of their link and key. Other cells may have the
/// same bits, and another window other indexes: whoever uses an index checks the cell that is there.
///
/// To search for link and key takes some steps whose outcome the processor cannot foresee. These take several times as long
/// as all else that is done to count a message.
#[derive(Clone, Debug)]
struct CellCache([CellIndex; CellCache::LEN]);

impl CellCache {
    const LEN: usize = 256;

    fn entry(&mut self, link: &Link, key: &CellKey) -> Option<&mut CellIndex> {
        let bits = link.bits().wrapping_mul(31).wrapping_add(key.bits());
        let bits = bits.wrapping_mul(0x9e37_79b9);
        let index = usize::try_from(bits >> 24).ok()?;
        self.0.get_mut(index)
    }
}

impl Default for CellCache {
    fn default() -> CellCache {
        CellCache([CellIndex::default(); CellCache::LEN])
    }
}

#[cfg(test)]
mod tests {
    use sip_filter::{MessageType, StampRange};
    use sip_scan::Damage;

    use super::*;
    use crate::testing::{bye, went_out};

    fn damaged(stamp: Option<&str>) -> Damaged<'static> {
        Damaged {
            stamp: stamp.map(crate::testing::stamp),
            damage: Damage::Short,
            process: b"capro(4711)",
            position: Default::default(),
        }
    }

    fn gather(gather: &CountMessages, items: &[Item<'_>]) -> Counts {
        let mut counts = Counts::default();
        for item in items {
            gather.take(&mut counts, item);
        }
        counts
    }

    #[test]
    fn only_the_range_of_time_is_looked_at() {
        let mut count = CountMessages::default();
        count.filter.range = Some(StampRange {
            first: crate::testing::stamp("20170427:084412"),
            last: crate::testing::stamp("20170427:084413"),
        });
        let cut = |time| Message {
            damage: Some(Damage::HalfByte),
            ..bye(time)
        };
        let (before, first, last, after) = (
            "20170427:084411999",
            "20170427:084412",
            "20170427:084413",
            "20170427:084413001",
        );
        let items = [
            Item::Message(cut(before)),
            Item::Message(bye(first)),
            Item::Message(cut(last)),
            Item::Message(bye(after)),
            Item::Damaged(damaged(Some(before))),
            Item::Damaged(damaged(Some(first))),
            Item::Damaged(damaged(Some(after))),
            Item::Damaged(damaged(None)),
        ];
        let counts = gather(&count, &items);
        assert_eq!(counts.records, 4, "two messages, two damaged records");
        let reasons: Vec<_> = counts.damage.reasons().collect();
        assert_eq!(reasons, [(Damage::HalfByte, 1, 1), (Damage::Short, 2, 0)]);
        assert_eq!(counts.damage.total(), 3);
        let messages: Vec<u64> = counts.windows.values().map(Cells::messages).collect();
        assert_eq!(messages, [2]);
    }

    #[test]
    fn messages_are_counted_by_direction_in_the_window_of_their_time() {
        let count = CountMessages {
            interval: Interval::Sec,
            ..CountMessages::default()
        };
        let second = "20170427:084413";
        let unwanted = Message {
            start_line: sip_scan::StartLine::Response(200),
            ..bye("20170427:084414")
        };
        let items = [
            Item::Message(bye("20170427:084412999")),
            Item::Message(went_out(bye(second))),
            Item::Message(bye(second)),
            Item::Message(went_out(bye(second))),
            Item::Message(unwanted),
        ];
        let counts = gather(&count, &items);
        let told: Vec<String> = counts
            .windows
            .iter()
            .map(|(window, cells)| {
                let rows = cells.printed_rows().map(|(link, row)| {
                    let cells: Vec<_> = row.cells().map(|(name, [i, o])| format!("{name} {i} {o}")).collect();
                    format!("{} {}", link.unwrap(), cells.join(", "))
                });
                format!("{window}: {}", rows.collect::<Vec<_>>().join("; "))
            })
            .collect();
        assert_eq!(
            told,
            [
                "20170427:084412: 10.1.1.1<-5070->10.2.2.2 BYE 1 0",
                "20170427:084413: 10.1.1.1<-5070->10.2.2.2 BYE 1 2",
                "20170427:084414: ",
            ]
        );
        assert_eq!(counts.records, 5);
    }

    #[test]
    fn the_cache_remembers_where_most_of_some_cells_are() {
        let (mut cells, mut cache) = (Cells::default(), CellCache::default());
        let message = bye("20170427:084412");
        let key = |message_type| CellKey::of(&bye("20170427:084412"), message_type);
        let cells_of_links: Vec<(Link, CellKey)> = (5000..5010)
            .flat_map(|port| {
                let destination = std::net::SocketAddr::new(message.destination.ip(), port);
                let link = Link::of(&Message { destination, ..message });
                MessageType::REQUESTS.map(|message_type| (link, key(message_type)))
            })
            .collect();
        for (link, key) in &cells_of_links {
            let index = cells.add(*link, *key, [1, 0]).unwrap();
            *cache.entry(link, key).unwrap() = index;
        }
        let is_remembered = |(link, key): &&(Link, CellKey)| {
            let index = *cache.entry(link, key).unwrap();
            cells.at(index, link, *key).is_some()
        };
        let remembered = cells_of_links.iter().filter(is_remembered).count();
        assert!(
            remembered > cells_of_links.len() / 2,
            "{remembered} of {}",
            cells_of_links.len()
        );
    }

    #[test]
    fn what_is_held_is_the_sum_over_the_windows() {
        let count = CountMessages::default();
        let one = gather(&count, &[Item::Message(bye("20170427:084412"))]);
        let two = gather(
            &count,
            &[
                Item::Message(bye("20170427:084412")),
                Item::Message(bye("20170427:084512")),
            ],
        );
        assert!(CountMessages::held(&one) > 0);
        assert_eq!(CountMessages::held(&two), 2 * CountMessages::held(&one));
        assert_eq!(CountMessages::held(&Counts::default()), 0);
    }
}
