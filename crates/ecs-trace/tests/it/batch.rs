//! Logs in folders, read with any number of workers.

use std::ffi::OsString;
use std::num::NonZero;
use std::path::Path;

use ecs_log::{Inputs, Request};
use ecs_trace::{Fates, Readers, StreamedLogs, batch};
use sip_scan::{Gather, Sink};
use tempfile::TempDir;

use crate::gatherers::{List, ListMessages};
use crate::logs::{Random, Traffic, name, write};

/// Reads what `request` asks for.
pub(crate) fn read<G: Gather, S: Sink<G::Part>>(gather: &G, request: &Request, jobs: usize, sink: &mut S) -> Fates
where
    S::Error: std::fmt::Debug,
{
    let readers = Readers {
        gather,
        jobs: NonZero::new(jobs).unwrap(),
        observer: &(),
    };
    let mut inputs = Inputs::new(request);
    let streamed = StreamedLogs::read(&readers, &mut inputs, Some(&mut *sink)).unwrap();
    let logs = inputs.select().logs;
    batch(&readers, &logs, streamed, sink).unwrap()
}

pub(crate) fn inputs(paths: &[&Path]) -> Request {
    Request {
        inputs: paths.iter().map(|path| OsString::from(*path)).collect(),
        ..Request::default()
    }
}

#[test]
fn records_that_lie_over_many_ends_of_logs_are_listed_once_for_any_number_of_workers() {
    for seed in 0..20 {
        let mut random = Random(seed);
        let count = 3 + random.below(10);
        let traffic = Traffic::new(&mut random, count);
        let dir = TempDir::new().unwrap();
        write(dir.path(), &traffic.files);
        for jobs in [1, 2, 3, 8] {
            let mut list = List::default();
            let fates = read(&ListMessages, &inputs(&[dir.path()]), jobs, &mut list);
            assert!(fates.is_empty(), "{fates:?}");
            assert_eq!(list.sorted(), traffic.list(), "seed {seed}, {jobs} jobs");
        }
    }
}

/// A record goes on in the next log of its own folder, though a log of another folder stands between them by name.
#[test]
fn sources_side_by_side_do_not_mix() {
    let dir = TempDir::new().unwrap();
    let sources = [Random(1), Random(2)].map(|mut random| Traffic::new(&mut random, 6));
    let mut expected = Vec::new();
    for (n, traffic) in sources.iter().enumerate() {
        let files = traffic.files.iter().enumerate().map(|(log, file)| crate::logs::File {
            name: name(log * 2 + n),
            content: file.content.clone(),
        });
        write(&dir.path().join(n.to_string()), &files.collect::<Vec<_>>());
        expected.extend(traffic.list().into_iter().map(|mut listed| {
            listed.place.0 = listed.place.0 * 2 + n;
            listed
        }));
    }
    expected.sort_by_key(|listed| (listed.stamp, listed.place));
    for jobs in [1, 2] {
        let mut list = List::default();
        let [one, other] = ["0", "1"].map(|folder| dir.path().join(folder));
        read(&ListMessages, &inputs(&[&one, &other]), jobs, &mut list);
        assert_eq!(list.sorted(), expected, "{jobs} jobs");
    }
}

/// What begins in the last log that is chosen is finished from those after it, and nothing else of them is listed.
#[test]
fn logs_that_were_not_chosen_only_finish_what_was_begun() {
    let dir = TempDir::new().unwrap();
    let traffic = Traffic::new(&mut Random(3), 8);
    write(dir.path(), &traffic.files);
    let mut request = inputs(&[dir.path()]);
    let last = 4;
    request.range = Some(format!("20170427:0700-20170427:0700{last:02}").parse().unwrap());
    for jobs in [1, 2] {
        let mut list = List::default();
        read(&ListMessages, &request, jobs, &mut list);
        let mut expected = traffic.list();
        expected.retain(|listed| listed.place.0 <= last);
        assert_eq!(list.sorted(), expected, "{jobs} jobs");
    }
}
