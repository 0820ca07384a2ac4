//! Delays, kept so that their median and the like can be told at any time.

/// Delays in milliseconds, to three digits: exact below a second, then to 10 ms, 100 ms and so on. The longest is exact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delays {
    /// How many delays there are of each bucket that has any, in order.
    buckets: Vec<(u16, u32)>,
    count: u64,
    longest: u32,
}

impl Delays {
    /// Adds a delay of so many milliseconds. A bucket that is missing is only made if there `may_grow` one, or if there is
    /// none at all; else the delay goes to one beside it.
    pub(crate) fn add(&mut self, millis: u32, may_grow: bool) {
        self.count = self.count.saturating_add(1);
        self.longest = self.longest.max(millis);
        self.add_to(bucket_of(millis), 1, may_grow);
    }

    fn add_to(&mut self, bucket: u16, more: u32, may_grow: bool) {
        let found = self.buckets.binary_search_by_key(&bucket, |(bucket, _)| *bucket);
        let index = match found {
            Ok(index) => index,
            Err(index) if may_grow || self.buckets.is_empty() => {
                self.buckets.insert(index, (bucket, 0));
                index
            }
            Err(index) => index.min(self.buckets.len().saturating_sub(1)),
        };
        if let Some((_, count)) = self.buckets.get_mut(index) {
            *count = count.saturating_add(more);
        }
    }

    /// Adds all of `other`. Buckets that are missing are only made if there `may_grow` some.
    pub(crate) fn merge(&mut self, other: &Delays, may_grow: bool) {
        self.count = self.count.saturating_add(other.count);
        self.longest = self.longest.max(other.longest);
        for (bucket, count) in &other.buckets {
            self.add_to(*bucket, *count, may_grow);
        }
    }

    /// How many buckets are kept. Each takes 8 bytes.
    pub fn buckets(&self) -> usize {
        self.buckets.len()
    }

    /// How many delays there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The longest, in milliseconds.
    pub fn longest(&self) -> Option<u32> {
        (self.count > 0).then_some(self.longest)
    }

    /// The least delay, in milliseconds, that so many percent of all delays do not exceed (nearest rank), cut to three
    /// digits.
    pub fn percentile(&self, percent: u8) -> Option<u32> {
        let all = self.buckets.iter().map(|(_, count)| u64::from(*count));
        let all = all.fold(0, u64::saturating_add);
        let rank = all.saturating_mul(percent.into()).div_ceil(100).max(1);
        let mut below: u64 = 0;
        let reaches = |(_, count): &&(u16, u32)| {
            below = below.saturating_add(u64::from(*count));
            below >= rank
        };
        self.buckets.iter().find(reaches).map(|(bucket, _)| least_of(*bucket))
    }
}

/// The bucket of a delay: a number below 1000 is its own; each power of ten above has 900, for three digits from 100 on.
fn bucket_of(millis: u32) -> u16 {
    let (mut digits, mut power) = (millis, 0u32);
    while digits >= 1000 {
        digits /= 10;
        power = power.saturating_add(1);
    }
    let bucket = digits.saturating_add(power.saturating_mul(900));
    u16::try_from(bucket).unwrap_or(u16::MAX)
}

/// The shortest delay in a bucket.
fn least_of(bucket: u16) -> u32 {
    let bucket = u32::from(bucket);
    if bucket < 1000 {
        return bucket;
    }
    let power = bucket.saturating_sub(100) / 900;
    let digits = bucket.saturating_sub(power.saturating_mul(900));
    digits.saturating_mul(10u32.saturating_pow(power))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_are_kept() {
        for (millis, kept) in [
            (0, 0),
            (7, 7),
            (999, 999),
            (1000, 1000),
            (1009, 1000),
            (1010, 1010),
            (9_999, 9_990),
            (10_000, 10_000),
            (10_099, 10_000),
            (99_999, 99_900),
            (180_000, 180_000),
            (86_579_999, 86_500_000),
            (u32::MAX, 4_290_000_000),
        ] {
            assert_eq!(least_of(bucket_of(millis)), kept, "{millis}");
        }
    }

    #[test]
    fn buckets_are_in_the_order_of_delays_without_a_gap() {
        let mut last = 0;
        for millis in 0..2_000_000 {
            let bucket = bucket_of(millis);
            assert!(bucket == last || bucket == last + 1, "{millis}");
            last = bucket;
        }
    }

    #[test]
    fn percentiles_are_of_the_nearest_rank() {
        let of = |all: &[u32]| {
            let mut delays = Delays::default();
            all.iter().for_each(|millis| delays.add(*millis, true));
            (delays.percentile(50), delays.percentile(95), delays.longest())
        };
        assert_eq!(of(&[]), (None, None, None));
        assert_eq!(of(&[0]), (Some(0), Some(0), Some(0)));
        assert_eq!(of(&[30, 10]), (Some(10), Some(30), Some(30)));
        assert_eq!(of(&[30, 10, 20]), (Some(20), Some(30), Some(30)));
        let twenty: Vec<u32> = (1..=20).collect();
        assert_eq!(of(&twenty), (Some(10), Some(19), Some(20)));
        let many: Vec<u32> = (1..=100).chain([1234]).collect();
        assert_eq!(of(&many), (Some(51), Some(96), Some(1234)));
    }

    #[test]
    fn without_room_a_delay_goes_to_the_next_bucket() {
        let mut delays = Delays::default();
        delays.add(50, false);
        delays.add(10, false);
        delays.add(2000, false);
        assert_eq!((delays.buckets(), delays.count()), (1, 3));
        assert_eq!((delays.percentile(95), delays.longest()), (Some(50), Some(2000)));
        let mut other = Delays::default();
        other.add(7, true);
        other.add(50, true);
        delays.merge(&other, true);
        assert_eq!((delays.buckets(), delays.count()), (2, 5));
        assert_eq!(delays.percentile(20), Some(7));
        assert_eq!(delays.percentile(21), Some(50));
    }
}
