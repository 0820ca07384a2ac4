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
        Item::Edge(damaged(Some(before))),
        Item::Edge(damaged(Some(last))),
        Item::Edge(damaged(Some(after))),
    ];
    let counts = gather(&count, &items);
    assert_eq!(counts.records, 4, "two messages, two damaged records");
    let reasons: Vec<_> = counts.damage.reasons().collect();
    assert_eq!(reasons, [(Damage::HalfByte, 1, 1), (Damage::Short, 2, 0)]);
    assert_eq!(counts.damage.total(), 3);
    assert_eq!(counts.edge, 1);
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
