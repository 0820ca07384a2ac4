//! Logs in folders, read with any number of workers.

use std::ffi::OsString;
use std::num::NonZero;
use std::path::Path;

use ecs_log::{Inputs, Request};
use ecs_trace::{Fate, Fates, Readers, StreamedLogs, batch};
use sip_scan::{Gather, Item, Origin, Sink, Stamp, Want};
use tempfile::TempDir;

use crate::gatherers::{KeepTexts, List, ListMessages, Listed, Texts};
use crate::logs::{Random, Traffic, Written, name, write};

/// Reads what `request` asks for.
pub(crate) fn read<G: Gather, S: Sink<G::Part>>(gather: &G, request: &Request, jobs: usize, sink: &mut S) -> Fates
where
    S::Error: std::fmt::Debug,
{
    let readers = readers(gather, jobs);
    let mut inputs = Inputs::new(request);
    let streamed = StreamedLogs::read(&readers, &mut inputs, Some(&mut *sink)).unwrap();
    let logs = inputs.select().logs;
    batch(&readers, &logs, streamed, sink).unwrap()
}

fn readers<G>(gather: &G, jobs: usize) -> Readers<'_, G, ()> {
    Readers {
        gather,
        jobs: NonZero::new(jobs).unwrap(),
        observer: &(),
    }
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
            assert!(fates.iter().all(|(_, fate)| fate.error().is_none()), "{fates:?}");
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

#[test]
fn what_happened_to_each_log_is_told() {
    let dir = TempDir::new().unwrap();
    let traffic = Traffic::new(&mut Random(7), 6);
    write(dir.path(), &traffic.files);
    let gzip = crate::archives::gzip(&traffic.files[3].content);
    std::fs::write(dir.path().join(&traffic.files[3].name), &gzip[..gzip.len() - 4]).unwrap();
    std::fs::write(dir.path().join(&traffic.files[0].name), "no log\n").unwrap();
    let request = inputs(&[dir.path()]);
    for jobs in [1, 2] {
        let mut inputs = Inputs::new(&request);
        let readers = readers(&KeepTexts, jobs);
        let streamed = StreamedLogs::read(&readers, &mut inputs, None::<&mut Texts>).unwrap();
        let logs = inputs.select().logs;
        std::fs::rename(dir.path().join(name(1)), dir.path().join("away")).unwrap();
        let fates = batch(&readers, &logs, streamed, &mut Texts::default()).unwrap();
        std::fs::rename(dir.path().join("away"), dir.path().join(name(1))).unwrap();
        assert!(
            matches!(
                fates.as_slice(),
                [
                    (0, Fate::NotALog(_)),
                    (1, Fate::NotRead(_)),
                    (2, Fate::Empty),
                    (3, Fate::InPart(_))
                ]
            ),
            "{fates:?}"
        );
    }
}

/// Takes so many parts, and then no more.
struct Full(usize);

impl Sink<Vec<Listed>> for Full {
    type Error = &'static str;

    fn absorb(&mut self, _part: Vec<Listed>, _from: Origin) -> Result<(), &'static str> {
        self.0 = self.0.checked_sub(1).ok_or("full")?;
        Ok(())
    }

    fn settle(&mut self, _before: Stamp) -> Result<(), &'static str> {
        Ok(())
    }

    fn finish(&mut self, _at: Option<Stamp>) -> Result<(), &'static str> {
        Ok(())
    }
}

/// Lists messages, and says that they take much memory.
struct ListHeavily;

impl Gather for ListHeavily {
    type Part = Vec<Listed>;

    fn want(&self) -> Want {
        Want::Head
    }

    fn take(&self, part: &mut Vec<Listed>, item: &Item<'_>) {
        ListMessages.take(part, item);
    }

    fn held(part: &Vec<Listed>) -> usize {
        part.len() << 10
    }
}

/// A log of which more is gathered than may be held beside others comes in pieces, in its order.
#[test]
fn a_large_log_comes_in_pieces_and_a_sink_that_takes_no_more_ends_it() {
    let dir = TempDir::new().unwrap();
    let record = Written::bye("080000", 0).lines().concat();
    let count = (5 << 19) / record.len();
    let files = [(0, 5), (1, count), (2, 5)].map(|(n, count)| crate::logs::File {
        name: name(n),
        content: record.repeat(count).into_bytes(),
    });
    write(dir.path(), &files);
    for jobs in [1, 2] {
        let mut list = List::default();
        read(&ListHeavily, &inputs(&[dir.path()]), jobs, &mut list);
        let logs: Vec<usize> = list.all.iter().map(|listed| listed.place.0).collect();
        assert_eq!(list.parts, 5, "{jobs} jobs");
        assert!(logs.is_sorted(), "{jobs} jobs");
        assert_eq!(logs.len(), count + 10, "{jobs} jobs");
    }
    for parts in [0, 2] {
        let mut inputs = Inputs::new(&inputs(&[dir.path()]));
        let readers = readers(&ListHeavily, 2);
        let streamed = StreamedLogs::read(&readers, &mut inputs, None::<&mut Full>).unwrap();
        let failed = batch(&readers, &inputs.select().logs, streamed, &mut Full(parts));
        assert_eq!(failed.unwrap_err(), "full");
    }
}
