//! What the lines of each source say, log after log.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use sip_scan::{Lines, Origin, Stamp};

use super::source::{Join, Source};
use crate::calendar::seconds;
use crate::log_lines::{LogLines, Trust};

/// The sources of a run.
#[derive(Debug, Default)]
pub(super) struct Sources {
    sources: BTreeMap<usize, Source>,
    /// Live: where reading began.
    pub(super) begun: Option<Stamp>,
}

/// What the lines of a log say.
#[derive(Default)]
pub(super) struct Taken {
    /// The stretches that they cover.
    pub(super) stretches: Vec<(Stamp, Stamp)>,
    /// Before which times how many lines are missing.
    pub(super) missing: Vec<(Stamp, u64)>,
    /// Whether the running number tells what is missing.
    pub(super) is_trusted: bool,
}

impl Sources {
    /// Whether no line of any source is known.
    pub(super) fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// The second in which the last line of each source stands.
    pub(super) fn lasts(&self) -> Vec<i64> {
        let lasts = self.sources.values();
        lasts.filter_map(|source| seconds(&source.ends.last.stamp)).collect()
    }

    /// What the lines of a log say, where those before them of the same source end.
    pub(super) fn take(&mut self, lines: &LogLines, from: Origin) -> Taken {
        let mut taken = Taken::default();
        let Some(ends) = lines.ends else {
            if let Some(source) = self.sources.get_mut(&from.source) {
                source.pass(from.log);
            }
            return taken;
        };
        let before = self.sources.get(&from.source).map(|source| source.ends.last.stamp);
        let before = before.or(self.begun);
        match (before, self.follow(lines, ends, from)) {
            (Some(before), Join::Whole) => taken.stretches.push((before, ends.first.stamp)),
            (_, Join::Missing(missing)) => taken.missing.push((ends.first.stamp, missing)),
            _ => {}
        }
        let trust = self.sources.get(&from.source).map_or(Trust::None, Source::trust);
        taken.is_trusted = trust == Trust::Full;
        let mut begin = ends.first.stamp;
        for found in lines.breaks(trust) {
            if taken.is_trusted {
                taken.missing.push((found.to, found.missing));
            }
            taken.stretches.push((begin, found.from));
            begin = found.to;
        }
        taken.stretches.push((begin, ends.last.stamp));
        taken
    }

    /// Takes up lines as those that follow in their source, and says how they go on where the lines before them end.
    fn follow(&mut self, lines: &LogLines, ends: Lines, from: Origin) -> Join {
        match self.sources.entry(from.source) {
            Entry::Occupied(mut source) => source.get_mut().follow(lines, ends, from.log),
            Entry::Vacant(place) => {
                let source = place.insert(Source::new(lines, ends, from.log));
                self.begun.map_or(Join::Unknown, |begun| source.begin(&begun))
            }
        }
    }
}
