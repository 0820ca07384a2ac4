//! Items that own what they hold, and the ways to get them out of a scanner.

use std::net::SocketAddr;

use sip_scan::{Damage, Direction, Item, MAX_START, Method, Scanner, StartLine, Taken};

/// What an [`Item`] says, but for the text of the message.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Owned {
    Message {
        stamp: String,
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
        damage: Damage,
        process: String,
        further_lines: u64,
        at_start: bool,
    },
}

impl Owned {
    pub(crate) fn of(item: &Item<'_>) -> Owned {
        match item {
            Item::Message(message) => Owned::Message {
                stamp: message.stamp.to_string(),
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
                damage: damaged.damage,
                process: damaged.process.escape_ascii().to_string(),
                further_lines: damaged.further_lines,
                at_start: damaged.at_start,
            },
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

/// The items of one input.
pub(crate) fn scan<'a>(blocks: impl IntoIterator<Item = &'a [u8]>) -> Vec<Owned> {
    let mut items = Vec::new();
    let mut sink = |item: Item<'_>| items.push(Owned::of(&item));
    let mut scanner = Scanner::new();
    for block in blocks {
        scanner.scan(block, &mut sink);
    }
    scanner.finish(&mut sink);
    items
}

/// The items of several files that follow one another, each read in blocks of `block` bytes.
pub(crate) fn scan_files(files: &[&[u8]], block: usize) -> Vec<Owned> {
    let mut items = Vec::new();
    let mut sink = |item: Item<'_>| items.push(Owned::of(&item));
    let mut scanner = Scanner::new();
    for (i, file) in files.iter().enumerate() {
        if i > 0 {
            scanner.end_of_file();
        }
        for block in file.chunks(block) {
            scanner.scan(block, &mut sink);
        }
    }
    scanner.finish(&mut sink);
    items
}

/// The items of the same files, each read by a scanner of its own, which goes on into the next file that is not empty
/// as far as its records do.
pub(crate) fn scan_side_by_side(files: &[&[u8]], block: usize) -> Vec<Owned> {
    scan_with_starts(files, files, block)
}

/// As [`scan_side_by_side`], but each file is read once, and what those before need of it was kept of its start.
pub(crate) fn scan_in_any_order(files: &[&[u8]], block: usize) -> Vec<Owned> {
    let starts: Vec<Vec<u8>> = files.iter().map(|file| start_of(file, block)).collect();
    let starts: Vec<&[u8]> = starts.iter().map(Vec::as_slice).collect();
    scan_with_starts(files, &starts, block)
}

/// Whether all is kept of the files' starts that those before may need.
pub(crate) fn starts_are_kept(files: &[&[u8]], block: usize) -> bool {
    files.iter().all(|file| start_of(file, block).len() < MAX_START)
}

fn scan_with_starts(files: &[&[u8]], starts: &[&[u8]], block: usize) -> Vec<Owned> {
    let mut all = Vec::new();
    let mut excuses: Vec<Vec<Taken>> = vec![Vec::new(); files.len() + 1];
    let mut scanner = Scanner::new();
    for (i, file) in files.iter().enumerate() {
        scanner.start_over();
        let (items, taken) = scan_one_of(file, &starts[i + 1..], &mut scanner, block);
        let excused = std::mem::take(&mut excuses[i]);
        if file.is_empty() {
            excuses[i + 1].extend(excused);
            continue;
        }
        for (k, taken) in taken.into_iter().enumerate() {
            let taken = taken.into_iter().filter(|taken| {
                let goes_on = |item: &&Owned| taken.goes_on && item.is_of(&taken.process);
                !items.iter().filter(goes_on).any(|item| is_excused(item, &excused))
            });
            excuses[i + 1 + k].extend(taken);
        }
        all.extend(items.into_iter().filter(|item| !is_excused(item, &excused)));
    }
    all
}

/// The items of each log, and what was taken of the one after it, by a scanner of its own, or by one for all.
pub(crate) fn scan_each(logs: &[&[u8]], block: usize, is_new: bool) -> Vec<(Vec<Owned>, Vec<Vec<Taken>>)> {
    let mut scanner = Scanner::new();
    let mut scan = |i: usize| {
        match is_new {
            true => scanner = Scanner::new(),
            false => scanner.start_over(),
        }
        let after = &logs[i + 1..];
        scan_one_of(logs[i], &after[..after.len().min(1)], &mut scanner, block)
    };
    (0..logs.len()).map(&mut scan).collect()
}

fn start_of(file: &[u8], block: usize) -> Vec<u8> {
    let mut scanner = Scanner::new();
    scanner.keep_start();
    for block in file.chunks(block) {
        scanner.scan(block, &mut |_| {});
    }
    scanner.take_start()
}

/// The items of one file, and which lines were taken of each after it.
fn scan_one_of(file: &[u8], after: &[&[u8]], scanner: &mut Scanner, block: usize) -> (Vec<Owned>, Vec<Vec<Taken>>) {
    let mut items = Vec::new();
    let mut sink = |item: Item<'_>| items.push(Owned::of(&item));
    for block in file.chunks(block) {
        scanner.scan(block, &mut sink);
    }
    scanner.finish_only(&mut sink);
    scanner.shrink();
    let mut all_taken = Vec::new();
    for (k, next) in after.iter().enumerate() {
        if !scanner.is_unfinished() {
            break;
        }
        if k > 0 {
            all_taken.push(scanner.taken().collect());
            scanner.end_of_file();
        }
        for block in next.chunks(block) {
            if scanner.is_unfinished() {
                scanner.scan(block, &mut sink);
            }
        }
    }
    scanner.finish(&mut sink);
    all_taken.push(scanner.taken().collect());
    (items, all_taken)
}

/// Whether `item` is further lines at the start of a file that the scanner of a file before took.
fn is_excused(item: &Owned, taken: &[Taken]) -> bool {
    match item {
        Owned::Damaged {
            damage: Damage::NoFirstLine,
            further_lines,
            at_start: true,
            ..
        } => taken
            .iter()
            .any(|taken| item.is_of(&taken.process) && taken.further_lines >= *further_lines),
        _ => false,
    }
}

impl Owned {
    /// Whether it is further lines at the start of a file, of this process.
    fn is_of(&self, name: &[u8]) -> bool {
        matches!(self, Owned::Damaged { process, at_start: true, .. } if *process == name.escape_ascii().to_string())
    }
}

/// The items in an order of their own. Of a run of further lines without a first only its process stays: which lines
/// of it a record took that began in the file before, the run itself does not tell.
pub(crate) fn without_order(mut items: Vec<Owned>) -> Vec<Owned> {
    for item in &mut items {
        if let Owned::Damaged {
            damage: Damage::NoFirstLine,
            stamp,
            further_lines,
            at_start,
            ..
        } = item
        {
            (*stamp, *further_lines, *at_start) = (None, 0, false);
        }
    }
    items.sort();
    items
}
