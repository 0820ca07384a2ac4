//! Calls, lines and packets beside counting the same messages, by the same program with one job.

use std::path::Path;

use crate::bench::contest::{Contest, PEAK_TO_REACH};
use crate::bench::log_folder::LogFolder;

/// All messages, and those that count by default.
const ALL: [&str; 2] = ["--requests=ALL", "--responses=ALL"];
const DEFAULT: [&str; 2] = ["--requests=INVITE|ReINVITE|BYE|CANCEL", "--responses=4|5|6"];

/// What is measured: its name, its options, which messages, and how many times as long as counting these it may take.
const CONTESTS: [(&str, &[&str], [&str; 2], f64); 5] = [
    ("calls / count, ALL", &["--calls"], ALL, 2.0),
    ("show jsonl / count, ALL", &["--show", "--format=jsonl"], ALL, 6.0),
    ("show jsonl / count", &["--show", "--format=jsonl"], DEFAULT, 2.0),
    ("pcap / count, ALL", &["--pcap=-"], ALL, 6.0),
    ("pcap / count", &["--pcap=-"], DEFAULT, 2.0),
];

pub(super) fn contests(program: &Path, plain: &LogFolder) -> impl Iterator<Item = Contest> {
    CONTESTS.into_iter().map(|(name, options, messages, to_reach)| {
        // All calls are told, whatever counts.
        let wanted = if options == ["--calls"] { &[][..] } else { &messages };
        Contest {
            name,
            yardstick: plain.run(program, &messages),
            ours: plain.run(program, &[options, wanted].concat()),
            mebibytes: plain.mebibytes,
            to_reach,
            peak_to_reach: PEAK_TO_REACH,
        }
    })
}
