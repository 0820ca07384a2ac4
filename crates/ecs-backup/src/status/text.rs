//! What `backup_ecs status` prints.

use std::fmt::Write as _;

use ecs_log::{escape, escape_path};

use super::{HeldBackups, Outlook, Status};
use crate::bytes::Bytes;
use crate::count::counted;
use crate::gap::{Gap, begun};
use crate::history::{LastRun, RunEnd};
use crate::holds::Keeps;
use crate::options::Options;

/// Stands for what is written down in the state.
const UNREAD: &str = "not known: the state cannot be read";

impl Status {
    /// One screen.
    pub fn show(&self, options: &Options) -> String {
        text(self, options)
    }
}

fn text(status: &Status, options: &Options) -> String {
    let mut text = String::new();
    let mut line = |word: &str, what: &str| {
        let _ = writeln!(text, "{word:<9} {what}");
    };
    line("backups", &escape_path(&options.destination).to_string());
    let reach = status.reach.map_or_else(
        || "there are none".to_owned(),
        |(first, last)| format!("from {} to {}", begun(first), begun(last)),
    );
    line("reach", &reach);
    line("number", &status.n_backups.to_string());
    line("size", &size(status, options));
    line("outlook", &outlook(status));
    for (place, held) in held(status).iter().enumerate() {
        line(if place == 0 { "held" } else { "" }, held);
    }
    for (place, loss) in losses(status).iter().enumerate() {
        line(if place == 0 { "lost" } else { "" }, loss);
    }
    let last_run = match &status.history {
        Ok(history) => last_run(history.last_run, options.now),
        Err(_) => UNREAD.to_owned(),
    };
    line("last run", &last_run);
    text
}

fn size(status: &Status, options: &Options) -> String {
    format!(
        "{}, {} % of the partition, which is {} % full; the limit is {} %",
        Bytes(status.bytes),
        status.disk.share(status.bytes),
        status.disk.percent(),
        options.max_use.get()
    )
}

fn outlook(status: &Status) -> String {
    let is_hold_unknown = status.holds.iter().any(|held| held.hold.keeps == Keeps::Unknown);
    let what = match status.outlook {
        Outlook::Never if status.bytes_a_day == Some(0) => {
            return "no log of the last day is saved: none is deleted".to_owned();
        }
        Outlook::Never if is_hold_unknown => "none is deleted, since the range of a hold cannot be read".to_owned(),
        Outlook::Never => "none is deleted, since --keep-min keeps all".to_owned(),
        Outlook::NotKnown => return "not known yet: the backups reach back less than 6 hours".to_owned(),
        Outlook::Next => "the oldest is deleted for the next".to_owned(),
        Outlook::In(seconds) => format!("the oldest is deleted in {}", duration(seconds)),
    };
    let rate = status.bytes_a_day.map_or_else(
        || "rate not known yet".to_owned(),
        |bytes| format!("about {} of backups a day", Bytes(bytes)),
    );
    format!("{rate}: {what}")
}

/// A line for each hold.
fn held(status: &Status) -> Vec<String> {
    let line = |held: &HeldBackups| {
        let name = escape(held.hold.name.as_str().as_bytes()).to_string();
        let range = match held.hold.keeps {
            Keeps::Range(range) => range.to_string(),
            Keeps::Unknown => "its range cannot be read".to_owned(),
            Keeps::NothingMore => "being released".to_owned(),
        };
        let backups = counted(held.n_backups, "backup");
        format!("{name}: {range}, {backups}, {}", Bytes(held.bytes))
    };
    match status.holds.as_slice() {
        [] => vec!["nothing".to_owned()],
        holds => holds.iter().map(line).collect(),
    }
}

/// A line for each of the last, and one for those before them.
fn losses(status: &Status) -> Vec<String> {
    let Ok(history) = &status.history else {
        return vec![UNREAD.to_owned()];
    };
    let mut lines = Vec::from_iter(history.losses.iter().rev().map(|gap| range(*gap)));
    let n_kept = u64::try_from(history.losses.len()).unwrap_or(u64::MAX);
    match history.n_losses.saturating_sub(n_kept) {
        0 if lines.is_empty() => lines.push("nothing that is known".to_owned()),
        0 => {}
        n => lines.push(format!("and {n} more before that")),
    }
    lines
}

fn range(gap: Gap) -> String {
    format!("logs {gap}")
}

fn last_run(run: Option<LastRun>, now: i64) -> String {
    let Some(LastRun { begun, end }) = run else {
        return "there was none that is known".to_owned();
    };
    let when = match u64::try_from(now.saturating_sub(begun)) {
        Ok(ago) => format!("began {} ago", duration(ago)),
        Err(_) => "began in the future, by this clock".to_owned(),
    };
    match end {
        None => format!("{when}; it is still at work, or was killed"),
        Some(end) => format!("{when}; {}", how_it_ended(end)),
    }
}

fn how_it_ended(end: RunEnd) -> String {
    let RunEnd {
        is_stopped,
        n_copied,
        n_pruned,
        n_failed,
    } = end;
    let saved = counted(n_copied, "log");
    let deleted = counted(n_pruned, "backup");
    let failures = counted(n_failed, "failure");
    let mut text = format!("{saved} saved, {deleted} deleted to make room, {failures}");
    if is_stopped {
        text.push_str("; it was asked to end before all was done");
    }
    text
}

/// In one unit, rounded down.
fn duration(seconds: u64) -> String {
    let minutes = seconds / 60;
    let (hours, days) = (minutes / 60, minutes / (60 * 24));
    match seconds {
        0..60 => format!("{seconds} s"),
        60..7_200 => format!("{minutes} min"),
        7_200..172_800 => format!("{hours} hours"),
        _ => format!("{days} days"),
    }
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn a_duration_is_in_the_unit_that_says_enough() {
        for (seconds, expected) in [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (7_199, "119 min"),
            (7_200, "2 hours"),
            (172_799, "47 hours"),
            (172_800, "2 days"),
            (u64::MAX, "213503982334601 days"),
        ] {
            assert_eq!(duration(seconds), expected);
        }
    }
}
