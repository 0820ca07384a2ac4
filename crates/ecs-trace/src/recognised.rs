//! Whether what was read is a log at all.

use ecs_log::Seeming;
use sip_scan::{Damage, Item, Stamp};

/// How many of the first bytes tell what something is that is not a log.
const LENGTH: usize = 4096;

/// Looks for a line of a log in one input.
#[derive(Debug, Default)]
pub(crate) struct Recognised {
    has_line: bool,
    /// The first bytes. No more are added once a line was found.
    begin: Vec<u8>,
}

impl Recognised {
    /// Looks at the next bytes.
    pub(crate) fn see(&mut self, block: &[u8]) {
        if !self.has_line {
            let missing = LENGTH.saturating_sub(self.begin.len());
            self.begin.extend_from_slice(block.get(..missing).unwrap_or(block));
        }
    }

    /// The bytes hold this item: only a long line may be one of anything.
    pub(crate) fn take(&mut self, item: &Item<'_>) {
        self.has_line |= !matches!(item, Item::Damaged(damaged) if damaged.damage == Damage::LongLine);
    }

    /// Whether it is empty.
    pub(crate) fn is_empty(&self) -> bool {
        self.begin.is_empty()
    }

    /// What it seems to be, unless it is empty, or holds a line of a log or the start of one.
    pub(crate) fn seeming(&self) -> Option<Seeming> {
        let is_log = self.has_line || self.is_empty() || ends_within_stamp(&self.begin);
        (!is_log).then(|| Seeming::of(&self.begin))
    }
}

/// Whether the last line may go on as a timestamp.
fn ends_within_stamp(bytes: &[u8]) -> bool {
    let line = bytes.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    // Each start of a stamp goes on so in one of these: not every month has 31 days.
    let goes_on = [*b"00000101:000000000", *b"00000100:000000000"].map(|mut stamp| {
        stamp.iter_mut().zip(line).for_each(|(digit, byte)| *digit = *byte);
        Stamp::new(stamp).is_some()
    });
    !line.is_empty() && line.len() <= Stamp::LEN && goes_on.contains(&true)
}

#[cfg(test)]
mod tests {
    use sip_scan::Scanner;

    use super::*;

    fn seeming(blocks: &[&[u8]]) -> Option<Seeming> {
        let (mut recognised, mut scanner) = (Recognised::default(), Scanner::default());
        for block in blocks {
            recognised.see(block);
            scanner.scan(block, &mut |item| recognised.take(&item));
        }
        scanner.end_of_file(&mut |item| recognised.take(&item));
        recognised.seeming()
    }

    #[test]
    fn the_start_of_a_stamp_may_be_a_log() {
        for stamp in [
            b"20170427:084412345",
            b"20171231:235959999",
            b"20170430:200000000",
            b"20240229:195959999",
        ] {
            for end in 1..=stamp.len() {
                assert_eq!(seeming(&[&stamp[..end]]), None, "{}", stamp[..end].escape_ascii());
            }
        }
    }

    #[test]
    fn one_line_makes_a_log() {
        let line = b"20170427:084412345:1:a(1):M:[x]\n";
        let (start, end) = line.split_at(9);
        let (text, long) = ([b'x'; LENGTH], [b"\n".as_slice(), line].concat());
        for (blocks, expected) in [
            (vec![], None),
            (vec![line.as_slice()], None),
            (vec![start, end], None),
            (vec![b"the end of a line\n".as_slice(), line], None),
            (vec![text.as_slice(), &long], None),
            (vec![start], None),
            (vec![b"x\n".as_slice(), &line[..18]], None),
            (vec![b"20170427x".as_slice()], Some(Seeming::Text)),
            (vec![b"20171327:084412345".as_slice()], Some(Seeming::Text)),
            (vec![b"2017023".as_slice()], Some(Seeming::Text)),
            (vec![b"2017-0427-084412.log:".as_slice(), line], Some(Seeming::Prefixed)),
            (vec![text.as_slice(), b"SIP/2.0 200 OK\n"], Some(Seeming::Text)),
            (vec![b"S".as_slice(), b"IP/2.0 200 OK\n"], Some(Seeming::Decoded)),
            (vec![b"20170427:08441234:1:a(1)\n".as_slice()], Some(Seeming::Text)),
        ] {
            assert_eq!(seeming(&blocks), expected, "{blocks:?}");
        }
    }
}
