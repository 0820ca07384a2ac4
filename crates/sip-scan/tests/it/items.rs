//! Items that own what they hold, and the ways to get them out of a scanner.

use std::net::SocketAddr;

use sip_scan::{
    Beyond, Damage, Direction, Head, Item, Lines, MAX_START, Messages, Method, Position, Scanner, StartLine, Tail, Want,
};

use crate::reference::Place;

/// What an [`Item`] says, but for the text of the message.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Owned {
    Message {
        stamp: String,
        number: Option<u32>,
        place: Place,
        direction: Direction,
        source: SocketAddr,
        destination: SocketAddr,
        transport: u8,
        start_line: StartLine,
        cseq: Method,
        to_tag: bool,
        damage: Option<Damage>,
    },
    Damaged {
        stamp: Option<String>,
        place: Place,
        damage: Damage,
        process: String,
    },
}

impl Owned {
    /// Of an item that came while the file of this number was read. Which lines were read depends on the blocks.
    fn of(item: &Item<'_>, file: usize) -> Option<Owned> {
        Some(match item {
            Item::Edge(_) | Item::Lines(_) => return None,
            Item::Message(message) => Owned::Message {
                stamp: message.stamp.to_string(),
                number: message.number,
                place: place(message.position, file),
                direction: message.direction,
                source: message.source,
                destination: message.destination,
                transport: message.transport,
                start_line: message.start_line,
                cseq: message.cseq,
                to_tag: message.to_tag,
                damage: message.damage,
            },
            Item::Damaged(damaged) => Owned::Damaged {
                stamp: damaged.stamp.map(|stamp| stamp.to_string()),
                place: place(damaged.position, file),
                damage: damaged.damage,
                process: damaged.process.escape_ascii().to_string(),
            },
        })
    }

    pub(crate) fn stamp(&self) -> Option<String> {
        match self {
            Owned::Message { stamp, .. } => Some(stamp.clone()),
            Owned::Damaged { stamp, .. } => stamp.clone(),
        }
    }

    /// The reason, of a message that counts too.
    pub(crate) fn damage(&self) -> Option<Damage> {
        match self {
            Owned::Message { damage, .. } => *damage,
            Owned::Damaged { damage, .. } => Some(*damage),
        }
    }
}

fn place(position: Position, file: usize) -> Place {
    (file - position.files_back, position.line, position.offset)
}

/// The items of one input.
pub(crate) fn scan<'a>(blocks: impl IntoIterator<Item = &'a [u8]>) -> Vec<Owned> {
    let mut items = Vec::new();
    let mut take = |item: Item<'_>| items.extend(Owned::of(&item, 0));
    let mut scanner = Scanner::new(Want::Head);
    scanner.resume(Tail::nothing());
    for block in blocks {
        scanner.scan(block, &mut take);
    }
    let (_, tail) = scanner.end_of_file(&mut take);
    tail.finish(Beyond::Nothing, &mut take);
    items
}

/// Which lines were read of one file, however often that was told.
pub(crate) fn scan_lines<'a>(blocks: impl IntoIterator<Item = &'a [u8]>) -> Option<Lines> {
    let mut all: Option<Lines> = None;
    let mut take = |item: Item<'_>| {
        if let Item::Lines(lines) = item {
            let first = all.map_or(lines.first, |all| all.first);
            all = Some(Lines { first, ..lines });
        }
    };
    let mut scanner = Scanner::new(Want::Head);
    for block in blocks {
        scanner.scan(block, &mut take);
    }
    let _ = scanner.end_of_file(&mut take);
    all
}

/// The texts of the messages of one input, and the items, where texts are wanted.
pub(crate) fn scan_texts(log: &[u8], block: usize) -> (Vec<Vec<u8>>, Vec<Owned>) {
    let (mut texts, mut items) = (Vec::new(), Vec::new());
    let mut take = |item: Item<'_>| {
        if let Item::Message(message) = &item {
            texts.push(message.text.expect("the text").to_vec());
            assert!(message.dialog.is_some());
        }
        items.extend(Owned::of(&item, 0));
    };
    let mut scanner = Scanner::new(Want::DialogAndText(Messages::ALL));
    scanner.resume(Tail::nothing());
    for block in log.chunks(block) {
        scanner.scan(block, &mut take);
    }
    let (_, tail) = scanner.end_of_file(&mut take);
    tail.finish(Beyond::Nothing, &mut take);
    (texts, items)
}

/// The items of several files that follow one another, read as one stream, each in blocks of `block` bytes.
pub(crate) fn scan_files(files: &[&[u8]], block: usize) -> Vec<Owned> {
    let mut items = Vec::new();
    let mut scanner = Scanner::new(Want::Head);
    let mut tail = Tail::nothing();
    for (i, file) in files.iter().enumerate() {
        scanner.resume(tail);
        let mut take = |item: Item<'_>| items.extend(Owned::of(&item, i));
        for block in file.chunks(block) {
            scanner.scan(block, &mut take);
        }
        let (head, after) = scanner.end_of_file(&mut take);
        assert_eq!(head.bytes(), 0, "the head of a file that was read after another");
        tail = after;
    }
    tail.finish(Beyond::Nothing, &mut |item| {
        items.extend(Owned::of(&item, files.len().saturating_sub(1)))
    });
    items
}

/// The items of the same files, each read alone and then joined in order.
pub(crate) fn scan_side_by_side(files: &[&[u8]], block: usize) -> Vec<Owned> {
    let mut scanner = Scanner::new(Want::Head);
    join(files.iter().map(|file| scan_alone(&mut scanner, file, block)).collect())
}

/// What one file holds, and what it leaves open at its two ends.
pub(crate) struct Alone {
    pub(crate) items: Vec<Owned>,
    pub(crate) ends: (Head, Tail),
}

pub(crate) fn scan_alone(scanner: &mut Scanner, file: &[u8], block: usize) -> Alone {
    let mut items = Vec::new();
    let mut take = |item: Item<'_>| items.extend(Owned::of(&item, 0));
    for block in file.chunks(block) {
        scanner.scan(block, &mut take);
    }
    let ends = scanner.end_of_file(&mut take);
    assert!(ends.0.bytes() <= MAX_START);
    Alone { items, ends }
}

/// The items of all files, in an order of their own.
pub(crate) fn join(files: Vec<Alone>) -> Vec<Owned> {
    let mut all = Vec::new();
    let mut tail = Tail::nothing();
    let last = files.len().saturating_sub(1);
    for (i, mut file) in files.into_iter().enumerate() {
        for item in &mut file.items {
            item.set_file(i);
        }
        all.append(&mut file.items);
        let mut take = |item: Item<'_>| all.extend(Owned::of(&item, i));
        tail = tail.join(file.ends, &mut take);
    }
    tail.finish(Beyond::Nothing, &mut |item| all.extend(Owned::of(&item, last)));
    all
}

impl Owned {
    /// Where its first line stands.
    pub(crate) fn place(&self) -> Place {
        let (Owned::Message { place, .. } | Owned::Damaged { place, .. }) = self;
        *place
    }

    fn set_file(&mut self, number: usize) {
        let (Owned::Message { place, .. } | Owned::Damaged { place, .. }) = self;
        place.0 = number;
    }
}

/// Whether all is kept of the files' starts that those before may need.
pub(crate) fn starts_are_kept(files: &[&[u8]]) -> bool {
    files.iter().all(|file| file.len() < MAX_START / 2)
}

/// The items in an order of their own.
pub(crate) fn without_order(mut items: Vec<Owned>) -> Vec<Owned> {
    items.sort();
    items
}
