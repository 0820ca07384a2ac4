//! The axis of time of a page: at most so many columns, all of one length.

use super::calendar;

/// The most columns of a chart, and rows of its table: a day by ten minutes.
const MAX_COLUMNS: i64 = 144;
/// Lengths of a column that people can read, in seconds.
const LENGTHS: [i64; 30] = [
    1,
    2,
    5,
    10,
    15,
    20,
    30,
    60,
    120,
    300,
    600,
    900,
    1200,
    1800,
    3600,
    7200,
    10_800,
    14_400,
    21_600,
    28_800,
    43_200,
    86_400,
    172_800,
    604_800,
    1_209_600,
    2_419_200,
    7_257_600,
    31_449_600,
    314_496_000,
    3_144_960_000,
];
/// How many times stand below a chart at most.
const MAX_TICKS: usize = 8;

/// The axis of time. By default it has no columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Axis {
    /// Where the first column begins, in seconds.
    begin: i64,
    /// How long a column is, in seconds.
    pub(super) length: i64,
    pub(super) columns: usize,
}

/// A time below a chart.
#[derive(Debug)]
pub(super) struct Tick {
    /// Where it stands, in percent of the width.
    pub(super) place: String,
    pub(super) label: String,
    /// Whether it is left out where there is little room.
    pub(super) is_minor: bool,
}

impl Axis {
    /// The axis from the first to the last column that is held; these are `length` seconds long. The columns of the axis are a
    /// multiple of that.
    pub(super) fn of(first: i64, last: i64, length: i64) -> Axis {
        let columns = |length: i64| {
            last.div_euclid(length)
                .saturating_sub(first.div_euclid(length))
                .saturating_add(1)
        };
        let fits = |candidate: &i64| candidate % length == 0 && columns(*candidate) <= MAX_COLUMNS;
        let length = LENGTHS.into_iter().find(fits).unwrap_or(length);
        Axis {
            begin: calendar::floor(first, length),
            length,
            columns: usize::try_from(columns(length)).unwrap_or_default(),
        }
    }

    /// Where a column begins, in seconds.
    pub(super) fn at(&self, column: usize) -> i64 {
        let after = i64::try_from(column).unwrap_or_default().saturating_mul(self.length);
        self.begin.saturating_add(after)
    }

    /// Whether all columns lie on one day.
    pub(super) fn is_one_day(&self) -> bool {
        calendar::day(self.begin) == calendar::day(self.at(self.columns).saturating_sub(1))
    }

    /// The name of a column: `08:40`, and the day before it where there are several.
    pub(super) fn label(&self, column: usize) -> String {
        self.label_of(self.at(column))
    }

    /// The names of a first and a last column: `08:40 to 08:50`, or that of the only one.
    pub(super) fn span(&self, first: usize, last: usize) -> String {
        if first == last {
            self.label(first)
        } else {
            format!("{} to {}", self.label(first), self.label(last))
        }
    }

    /// The name of any time.
    pub(super) fn label_of(&self, at: i64) -> String {
        let (day, mut time) = (calendar::day(at), calendar::time_of_day(at));
        if self.length % 60 != 0 && at.rem_euclid(60) == 0 {
            time.push_str(":00");
        }
        if self.is_one_day() {
            time
        } else if self.length >= 86_400 && time == "00:00" {
            day
        } else {
            format!("{day} {time}")
        }
    }

    /// The times below a chart.
    pub(super) fn ticks(&self) -> Vec<Tick> {
        if self.columns == 0 {
            return Vec::new();
        }
        let step = self.columns.div_ceil(MAX_TICKS).max(1);
        // Where it is possible, full hours and the like.
        let round = LENGTHS.into_iter().find(|length| {
            length % self.length == 0 && *length >= self.length.saturating_mul(i64::try_from(step).unwrap_or(1))
        });
        let round = round.unwrap_or(self.length);
        let columns = (0..self.columns).filter(|column| self.at(*column).rem_euclid(round) == 0);
        let ticks = columns.enumerate().map(|(index, column)| Tick {
            place: percent(column, self.columns),
            label: self.label(column),
            is_minor: index % 2 == 1,
        });
        ticks.collect()
    }
}

fn percent(part: usize, whole: usize) -> String {
    let tenths = part.saturating_mul(1000) / whole.max(1);
    format!("{}.{}%", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::stamp;

    /// A time of which the time of day may be left out.
    fn at(text: &str) -> sip_scan::Stamp {
        if text.contains(':') {
            stamp(text)
        } else {
            stamp(&format!("{text}:"))
        }
    }

    fn axis(first: &str, last: &str, length: i64) -> Axis {
        let [first, last] = [first, last].map(|text| calendar::seconds(&at(text)).unwrap());
        Axis::of(first, last, length)
    }

    #[test]
    fn columns_are_as_long_as_leaves_few_of_them() {
        let table = [
            ("20170427:0000", "20170427:2359", 60, "10 minutes 144: 00:00 to 23:50"),
            (
                "20170427:0005",
                "20170428:0004",
                60,
                "15 minutes 97: 2017-04-27 00:00 to 2017-04-28 00:00",
            ),
            ("20170427:0844", "20170427:0844", 60, "1 minute 1: 08:44 to 08:44"),
            ("20170427:0800", "20170427:1023", 60, "1 minute 144: 08:00 to 10:23"),
            ("20170427:0800", "20170427:1024", 60, "2 minutes 73: 08:00 to 10:24"),
            (
                "20170427:084400",
                "20170427:084430",
                1,
                "1 second 31: 08:44:00 to 08:44:30",
            ),
            ("20170401", "20170430", 86_400, "1 day 30: 2017-04-01 to 2017-04-30"),
            ("20160101", "20170430", 86_400, "1 week 70: 2015-12-28 to 2017-04-24"),
        ];
        for (first, last, length, expected) in table {
            let axis = axis(first, last, length);
            let last = axis.label(axis.columns - 1);
            let told = format!(
                "{} {}: {} to {last}",
                calendar::length(axis.length),
                axis.columns,
                axis.label(0)
            );
            assert_eq!(told, expected, "{first} to {last}");
        }
        assert!(axis("00010101", "99991231", 314_496_000).columns <= 144);
    }

    #[test]
    fn times_below_a_chart_are_round_and_few() {
        let ticks = |axis: Axis| {
            let ticks = axis
                .ticks()
                .into_iter()
                .map(|tick| format!("{} {}", tick.place, tick.label));
            ticks.collect::<Vec<_>>().join(", ")
        };
        let day = ticks(axis("20170427:0000", "20170427:2359", 60));
        insta::assert_snapshot!(day, @"0.0% 00:00, 12.5% 03:00, 25.0% 06:00, 37.5% 09:00, 50.0% 12:00, 62.5% 15:00, 75.0% 18:00, 87.5% 21:00");
        let some_minutes = ticks(axis("20170427:0844", "20170427:0907", 60));
        insta::assert_snapshot!(some_minutes, @"4.1% 08:45, 25.0% 08:50, 45.8% 08:55, 66.6% 09:00, 87.5% 09:05");
        assert_eq!(ticks(axis("20170427:0844", "20170427:0844", 60)), "0.0% 08:44");
    }
}
