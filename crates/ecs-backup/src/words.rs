//! What people are told of, in words.

use std::path::Path;

use ecs_log::{LogName, escape, escape_path};
use time::OffsetDateTime;

use crate::advice::NEXT_RUN;
use crate::count::counted;
use crate::event::Event;
use crate::file_system::FileSystem;
use crate::gap::Gap;
use crate::hold_file::HOLD;
use crate::holds::{self, Hold};
use crate::lock::Holder;
use crate::names::LogFile;
use crate::notices::{Ends, Notice, Reader};
use crate::options::Options;
use crate::plan::{CopyReason, NarrowMargin, Plan};
use crate::survey::{Checking, Damage};

impl Plan {
    /// What is told before anything is done: it is known once only, since the run writes down what it sees.
    pub(crate) fn notices(&self, options: &Options, reader: Reader) -> Vec<Notice> {
        let mut notices = Vec::new();
        if self.begins {
            notices.push(begins(options));
        }
        for damage in self.damage_to_tell(reader == Reader::Mail) {
            let file = damage.file.to_string();
            let path = options
                .destination
                .join(self.survey.holds.path(damage.file).unwrap_or(file));
            notices.push(damaged(&path, damage, reader));
        }
        notices.extend(self.gaps.iter().map(|gap| lost(options, *gap)));
        notices.extend(self.shrunk.iter().map(|log| shrunk(options, *log)));
        notices
    }

    /// What is so and may last.
    pub(crate) fn lasting(&self, options: &Options) -> Vec<Notice> {
        let mut notices = Vec::new();
        if self.logs.is_empty() {
            notices.push(no_logs(options));
        }
        notices.extend(self.survey.twins.iter().map(|twin| has_twin(options, *twin)));
        let unknown = self.survey.holds.unknown();
        notices.extend(unknown.map(|hold| unknown_hold(options, hold)));
        notices.extend(self.narrow_margin.map(|margin| narrow_margin(options, margin)));
        notices
    }

    /// Returns true if and only if no log is lost, there are logs, each under a name of its own, each hold can be understood, and no damage was found
    /// that was not known.
    pub(crate) fn is_well(&self) -> bool {
        let is_hold_unknown = self.survey.holds.unknown().next().is_some();
        self.gaps.is_empty()
            && !self.logs.is_empty()
            && self.survey.twins.is_empty()
            && !is_hold_unknown
            && self.damage_to_tell(true).next().is_none()
    }

    /// The damage that a run finds that reads all backups. Of a backup whose log is gone it need not be told again.
    fn damage_to_tell(&self, only_new: bool) -> impl Iterator<Item = &Damage> {
        let all = match self.survey.checking {
            Checking::All => self.survey.damaged.as_slice(),
            Checking::Newest => &[],
        };
        all.iter()
            .filter(move |damage| !(only_new && self.known_damage.contains(&damage.file)))
    }
}

impl Event<'_> {
    /// The line for people, if they must know.
    pub(crate) fn notice(&self, options: &Options) -> Option<Notice> {
        let path = |log: &dyn ToString| escape_path(&options.source.join(log.to_string()));
        Some(match self {
            Event::Failed(error) => error.notice(options, NEXT_RUN).lasting(Ends::Saved),
            Event::Lost(gap) => lost(options, *gap),
            Event::Copied {
                log,
                file,
                reason: CopyReason::SecondName,
                ..
            } => Notice::once(
                "second name",
                format!(
                    "{}: another log of this name is in the backups already; it is saved as {file}",
                    path(log)
                ),
                "",
            ),
            Event::Copied {
                log,
                file,
                reason: CopyReason::BesideDamaged,
                ..
            } => Notice::once(
                "beside damaged",
                format!(
                    "{}: the backup of this name is damaged or cannot be read; it stays, and the log is saved as {file}",
                    path(log)
                ),
                "",
            ),
            Event::GoneAgain { n, n_passed_over } => gone_again(options, *n, *n_passed_over),
            Event::Copied { .. }
            | Event::Vanished(_)
            | Event::Held { .. }
            | Event::Pruned { .. }
            | Event::NoFreeRoom(_)
            | Event::Ends { .. } => return None,
        })
    }
}

impl Holder {
    /// The line that tells of another run at work.
    pub(crate) fn notice(&self, options: &Options) -> Notice {
        let since = self
            .since
            .map_or_else(String::new, |since| format!(" since {}", utc(since)));
        let process = self
            .process
            .map_or_else(String::new, |process| format!(", process {process}"));
        let path = escape_path(&options.destination);
        Notice::once(
            "locked",
            format!("{path}: another run is at work there{since}{process}"),
            "; wait for it with --wait SECONDS",
        )
    }
}

/// The line that refuses the folder of another server.
pub(crate) fn other_host(options: &Options, host: &str) -> Notice {
    let path = escape_path(&options.destination);
    let host = escape(host.as_bytes());
    Notice::once(
        "other host",
        format!("{path}: it has the backups of another server, {host}"),
        "; name another folder with --dst, or, if this one is to go on there, remove .backup_ecs.state.1 and .2 there",
    )
}

fn begins(options: &Options) -> Notice {
    let path = escape_path(&options.destination);
    let file_system = FileSystem::of(&options.destination);
    let on = file_system.map_or_else(String::new, |found| format!(", on {found}"));
    Notice::once(
        "begins",
        format!("{path}: there are no backups yet, they begin here{on}"),
        "",
    )
}

fn damaged(path: &Path, damage: &Damage, reader: Reader) -> Notice {
    let path = escape_path(path);
    let reason = escape(damage.reason.as_bytes());
    // The mail has a line for each kind of damage. Whoever looks closer is told the names.
    let fault = match reader {
        Reader::Mail => reason.split(|c: char| c.is_ascii_digit()).next().unwrap_or_default(),
        Reader::Log | Reader::Terminal => &path,
    };
    Notice::once(
        fault,
        format!("{path}: {reason}"),
        if damage.is_as_log {
            "; its log is so too"
        } else {
            "; it is made anew if its log is still there"
        },
    )
}

fn shrunk(options: &Options, log: LogName) -> Notice {
    let path = escape_path(&options.source.join(log.to_string()));
    Notice::once(
        "shrunk",
        format!("{path}: it has only the beginning of what its backup has"),
        "; the backup stays as it is",
    )
}

fn no_logs(options: &Options) -> Notice {
    let path = escape_path(&options.source);
    let files = escape(options.files.to_string().as_bytes());
    let what = format!("{path}: there is no ECS log there whose name matches {files}");
    Notice::once("no logs", what, "; see --src and --files").lasting(Ends::Looked)
}

/// Both may be logs of their own.
fn has_twin(options: &Options, twin: LogFile) -> Notice {
    let path = escape_path(&options.source.join(twin.to_string()));
    let plain = twin.name;
    let what = format!("{path}: it is not saved, since {plain} lies beside it and is");
    let advice = "; move one of them to another folder, or delete it if both are the same";
    Notice::once("twin", what, advice).lasting(Ends::Looked)
}

fn unknown_hold(options: &Options, hold: &Hold) -> Notice {
    let path = options.destination.join(holds::path(&hold.name, HOLD));
    let path = escape_path(&path);
    let name = escape(hold.name.as_str().as_bytes());
    Notice::once(
        "unknown hold",
        format!("{path}: cannot tell which backups are held, so none is deleted"),
        format!("; name the range anew with backup_ecs hold RANGE {name}, or end it with backup_ecs release {name}"),
    )
    .lasting(Ends::Looked)
}

/// Logs were lost: what the program is there to prevent.
fn lost(options: &Options, gap: Gap) -> Notice {
    let folder = escape_path(&options.source);
    let what = format!("{folder}: logs {gap} were deleted before they were saved");
    // Each is told, from when to when.
    Notice::once(what.clone(), what, "; run it more often")
}

fn narrow_margin(options: &Options, margin: NarrowMargin) -> Notice {
    let folder = escape_path(&options.source);
    let NarrowMargin { n_newer, n_kept } = margin;
    let what = format!(
        "{folder}: the margin is thin: {} than the oldest that was not saved, and the server keeps \
         {n_kept}",
        if n_newer == 1 {
            "1 log is newer".to_owned()
        } else {
            format!("{n_newer} logs are newer")
        }
    );
    Notice::once("narrow margin", what, "; run it more often").lasting(Ends::Looked)
}

fn gone_again(options: &Options, n: u64, n_passed_over: u64) -> Notice {
    let path = escape_path(&options.destination);
    let limit = options.max_use.get();
    let stays = match n_passed_over {
        0 => String::new(),
        1 => "; 1 older backup stays, since it cannot be deleted or has a second name (a hard link)".to_owned(),
        n => format!("; {n} older backups stay, since they cannot be deleted or have second names (hard links)"),
    };
    let logs = counted(n, "log");
    let what = format!(
        "{path}: to keep use below {limit} %, {logs} saved now had to be deleted again: there is too little room{stays}"
    );
    let advice = "; free space there, or name another folder with --dst";
    Notice::once("gone again", what, advice).lasting(Ends::Saved)
}

/// A time by the clock of the machine, in seconds since 1970.
fn utc(seconds: i64) -> String {
    let Ok(moment) = OffsetDateTime::from_unix_timestamp(seconds) else {
        return seconds.to_string();
    };
    let (year, month, day) = moment.to_calendar_date();
    let (hour, minute, second) = moment.to_hms();
    format!(
        "{year:04}-{:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC",
        u8::from(month)
    )
}
