//! How full a partition is, by the reckoning of df(1).

use crate::options::Percent;

/// How full a partition is. Counts are blocks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DiskUse {
    /// The size of a block in bytes.
    pub block_bytes: u64,
    /// All blocks.
    pub blocks: u64,
    /// Free blocks, including those that only root may use.
    pub free: u64,
    /// Free blocks that everybody may use.
    pub available: u64,
    /// A new file can be made. Some file systems have a number of files that can be used up before the room is.
    pub can_make_file: bool,
}

impl DiskUse {
    /// The use in per cent, as df(1) shows it: used / (used + available), rounded up. 0 if the file system does not tell its
    /// size.
    pub fn percent(&self) -> u8 {
        let of = u128::from(self.of());
        let percent = (u128::from(self.used()) * 100).checked_div(of.max(1)).unwrap_or(0);
        let is_rounded_up = percent * of < u128::from(self.used()) * 100;
        u8::try_from(percent + u128::from(is_rounded_up)).unwrap_or(100)
    }

    /// How many bytes may be used so that use is below `max_use`.
    pub(crate) fn limit(&self, max_use: Percent) -> u64 {
        let below = u128::from(max_use.get().saturating_sub(1));
        let may_be_used = u64::try_from(u128::from(self.of()) * below / 100).unwrap_or(u64::MAX);
        self.in_bytes(may_be_used)
    }

    /// How many more bytes may be used so that use is below `max_use`.
    pub(crate) fn left(&self, max_use: Percent) -> u64 {
        self.limit(max_use).saturating_sub(self.used_bytes())
    }

    /// A number of bytes as a share of the partition, in per cent, rounded down.
    pub fn share(&self, bytes: u64) -> u8 {
        let of = u128::from(self.in_bytes(self.of())).max(1);
        u8::try_from((u128::from(bytes) * 100).checked_div(of).unwrap_or(0)).unwrap_or(100)
    }

    /// Bytes that are used.
    pub fn used_bytes(&self) -> u64 {
        self.in_bytes(self.used())
    }

    /// Free bytes that everybody may use.
    pub fn available_bytes(&self) -> u64 {
        self.in_bytes(self.available)
    }

    fn used(&self) -> u64 {
        self.blocks.saturating_sub(self.free)
    }

    fn of(&self) -> u64 {
        self.used().saturating_add(self.available)
    }

    fn in_bytes(&self, blocks: u64) -> u64 {
        blocks.saturating_mul(self.block_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::DiskUse;
    use crate::options::Percent;

    fn disk(blocks: u64, free: u64, available: u64) -> DiskUse {
        DiskUse {
            block_bytes: 1024,
            blocks,
            free,
            available,
            can_make_file: true,
        }
    }

    #[test]
    fn percent_is_rounded_up_and_leaves_out_what_root_keeps() {
        for (disk, percent) in [
            (disk(1000, 1000, 1000), 0),
            (disk(1000, 999, 999), 1),
            (disk(1000, 100, 100), 90),
            (disk(1000, 99, 99), 91),
            // df on a file system that keeps 5 % for root.
            (disk(1000, 150, 100), 90),
            (disk(1000, 50, 0), 100),
            (disk(1000, 0, 0), 100),
            (disk(0, 0, 0), 0),
            (disk(u64::MAX, 1, 1), 100),
            (disk(10, 20, 20), 0),
        ] {
            assert_eq!(disk.percent(), percent, "{disk:?}");
        }
    }

    #[test]
    fn at_the_limit_use_is_just_below() {
        for max_use in 1..=100 {
            let max_use = Percent::new(max_use).unwrap();
            let used = disk(1000, 1000, 950).limit(max_use) / 1024;
            let percent = |used: u64| disk(1000, 1000 - used, 950_u64.saturating_sub(used)).percent();
            assert!(used == 0 || percent(used) < max_use.get(), "{used}");
            assert!(percent(used + 1) >= max_use.get(), "{used}");
        }
        assert_eq!(disk(1000, 150, 100).limit(Percent::new(90).unwrap()) / 1024, 845);
        assert_eq!(disk(0, 0, 0).limit(Percent::default()), 0);
        assert_eq!(disk(1000, 350, 300).left(Percent::new(90).unwrap()) / 1024, 845 - 650);
        assert_eq!(disk(1000, 50, 0).left(Percent::new(90).unwrap()), 0);
    }

    #[test]
    fn a_share_is_of_what_everybody_may_use() {
        for (bytes, share) in [
            (0, 0),
            (1024 * 9, 0),
            (1024 * 95, 10),
            (1024 * 950, 100),
            (u64::MAX, 100),
        ] {
            assert_eq!(disk(1000, 150, 100).share(bytes), share, "{bytes}");
        }
        assert_eq!(disk(0, 0, 0).share(0), 0);
    }
}
