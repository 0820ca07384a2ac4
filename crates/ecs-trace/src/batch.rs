//! Many logs, scanned side by side and given to the sink in order: the result is the same for any number of workers.

use std::collections::HashSet;

use ecs_log::{Chosen, Role};
use sip_scan::{Gather, Sink};

use crate::merge::{Fates, Merger};
use crate::observer::Observer;
use crate::readers::Readers;
use crate::streamed::StreamedLogs;

/// Reads `logs`, as [`ecs_log::Selection::logs`] has them, and finishes the sink. `streamed` has those of them that were
/// scanned before.
///
/// # Errors
///
/// What the sink says.
pub fn batch<G: Gather, O: Observer, S: Sink<G::Part>>(
    readers: &Readers<'_, G, O>,
    logs: &[Chosen],
    streamed: StreamedLogs<G::Part>,
    sink: &mut S,
) -> Result<Fates, S::Error> {
    let to_scan = logs.iter();
    let to_scan = to_scan.filter(|chosen| chosen.role == Role::Counted && chosen.log.streamed().is_none());
    // Of a pipe nobody knows when it ends.
    let is_known = !to_scan.clone().any(|chosen| chosen.log.is_stream());
    readers.observer.expect(is_known.then(|| to_scan.count()));
    let (fates, _) = Merger::new(readers, logs, &HashSet::new(), sink).run(streamed)?;
    sink.finish(None)?;
    Ok(fates)
}
