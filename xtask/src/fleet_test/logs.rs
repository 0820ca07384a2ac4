//! Logs of many servers over some hours, cut anywhere and damaged here and there.

use std::path::Path;

use crate::error::Error;
use crate::files;
use crate::synth::{Logs, Moment, Random};

/// How many servers there are.
pub(super) const SERVERS: u64 = 20;

/// How long the logs of each server are, in milliseconds: three hours, from the start of one on.
const SPAN: u64 = 3 * 3_600_000 - 10_000;

/// How many bytes a log has, about.
const LOG: u64 = 256 << 10;

/// How long a time stamp is, with the colon behind it.
const STAMP: usize = 19;

/// How often the logs of a server are damaged.
const DAMAGES: u64 = 40;

/// The name of a server, from 1 on.
pub(super) fn server(number: u64) -> String {
    format!("cm{number:02}")
}

/// Writes a folder of logs for each server into `folder`: `mebibytes` each. Gives back how many bytes they are in all.
pub(super) fn write(folder: &Path, mebibytes: u64) -> Result<u64, Error> {
    files::remove_folder(folder)?;
    let mut n_bytes: u64 = 0;
    for number in 1..=SERVERS {
        let folder = folder.join(server(number));
        files::create_folder(&folder)?;
        let mut random = Random::new(number);
        for (name, content) in cut(&stretched(number, mebibytes), &mut random) {
            n_bytes += content.len() as u64;
            files::write(&folder.join(name), &content)?;
        }
    }
    Ok(n_bytes)
}

/// A line, and when it was written.
type Line = (Moment, Vec<u8>);

/// The lines of a server, spread over all hours.
fn stretched(seed: u64, mebibytes: u64) -> Vec<Line> {
    let logs: Vec<Vec<u8>> = Logs::seeded(mebibytes, seed).map(|log| log.bytes).collect();
    let lines = logs.iter().flat_map(|log| log.split_inclusive(|byte| *byte == b'\n'));
    let lines: Vec<(u64, &[u8])> = lines
        .filter_map(|line| Some((Moment::of_stamp(line)?.milliseconds(), line)))
        .collect();
    let end_of = |line: Option<&(u64, &[u8])>| line.map_or(0, |(milliseconds, _)| *milliseconds);
    let first = end_of(lines.first());
    let length = end_of(lines.last()).saturating_sub(first).max(1);
    let stretch = |(milliseconds, line): (u64, &[u8])| {
        let moment = Moment::BEGIN.plus(milliseconds.saturating_sub(first) * SPAN / length);
        let stamp = moment.stamp();
        let rest = line.get(stamp.len()..).unwrap_or_default();
        (moment, [stamp.as_bytes(), rest].concat())
    };
    lines.into_iter().map(stretch).collect()
}

/// Logs by name. They are cut within lines, and damaged.
fn cut(lines: &[Line], random: &mut Random) -> Vec<(String, Vec<u8>)> {
    let mut logs: Vec<(String, Vec<u8>)> = Vec::new();
    let mut most = 0;
    for (moment, line) in lines {
        let name = moment.file_name();
        match logs
            .last_mut()
            .filter(|(last, content)| content.len() as u64 <= most || *last == name)
        {
            Some((_, content)) => content.extend(line),
            None => {
                // The line begins in the log before.
                let begun = below(random, line.len());
                let (begin, end) = line.split_at(if logs.is_empty() { 0 } else { begun });
                if let Some((_, content)) = logs.last_mut() {
                    content.extend(begin);
                }
                logs.push((name, end.to_vec()));
                most = LOG / 2 + random.between(0, LOG);
            }
        }
    }
    for _ in 0..DAMAGES {
        let log = below(random, logs.len());
        if let Some((_, content)) = logs.get_mut(log) {
            damage(content, random);
        }
    }
    logs
}

/// A number below `limit`, which is not 0.
fn below(random: &mut Random, limit: usize) -> usize {
    usize::try_from(random.between(1, limit as u64)).map_or(0, |number| number - 1)
}

/// Changes a byte of a line, takes some away, or tears the line. Its time stamp stays: with another one a message is of another day.
fn damage(content: &mut Vec<u8>, random: &mut Random) {
    let at = below(random, content.len());
    let is_end = |byte: &u8| *byte == b'\n';
    let begin = content.iter().take(at).rposition(is_end).map_or(0, |end| end + 1);
    let end = content
        .iter()
        .skip(at)
        .position(is_end)
        .map_or(content.len(), |length| at + length);
    let at = at.max(begin + STAMP).min(end);
    let behind = end.min(at + 1 + below(random, 300));
    match below(random, 3) {
        0 => content.splice(at..behind.min(at + 1), *b"x").for_each(drop),
        1 => content.splice(at..behind, []).for_each(drop),
        _ => content.splice(at..at, *b"\n").for_each(drop),
    }
}

#[cfg(test)]
mod tests {
    use super::{Random, SPAN, cut, stretched};
    use crate::synth::Moment;

    #[test]
    fn the_logs_of_a_server_fill_three_hours_and_are_cut_within_lines() {
        let lines = stretched(1, 1);
        let first = lines.first().unwrap().0;
        assert!(first.seconds() < 60, "{first:?}");
        assert_eq!(lines.last().unwrap().0, Moment::BEGIN.plus(SPAN));
        let logs = cut(&lines, &mut Random::new(1));
        let names: Vec<&str> = logs.iter().map(|(name, _)| name.as_str()).collect();
        assert!(names.is_sorted() && names.len() > 3, "{names:?}");
        for hour in ["08", "09", "10"] {
            assert!(
                names.iter().any(|name| name.starts_with(&format!("2026-0312-{hour}"))),
                "{names:?}"
            );
        }
        let torn = logs.iter().filter(|(_, content)| !content.starts_with(b"20260312:"));
        assert!(torn.count() > 1);
        assert_ne!(stretched(2, 1), lines, "no two servers are the same");
    }
}
