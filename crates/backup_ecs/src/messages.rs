//! The lines on standard error that tell people what went wrong.

use std::error::Error as _;
use std::io::{ErrorKind, Write};

use ecs_backup::{Damage, Error, Gap, GapBegin, LogFile, NarrowMargin, Options};
use ecs_log::{LogName, escape, escape_path};

const PROGRAM: &str = "backup_ecs";

/// Prints one line and returns the exit status `code`. It does not matter if nobody can read the line.
pub(crate) fn say(stderr: &mut impl Write, code: u8, line: &str) -> u8 {
    // One call, so that the lines of two runs do not mix.
    let _ = stderr.write_all(format!("{PROGRAM}: {line}\n").as_bytes());
    code
}

/// What went wrong, and what to do.
pub(crate) fn of_error(error: &Error, options: &Options) -> String {
    let cause = error.source().map_or_else(String::new, |cause| {
        format!(": {}", escape(cause.to_string().as_bytes()))
    });
    let advice = advice(error, options);
    format!("{error}{cause}{advice}")
}

fn advice(error: &Error, options: &Options) -> &'static str {
    let is_of_logs = error.path().starts_with(&options.source) && !error.path().starts_with(&options.destination);
    match error.io_kind() {
        _ if error.is_no_room() => "; free space there, or name another folder with --dst",
        _ if error.is_same_folder() => "; name another folder with --dst",
        _ if error.is_open_to_all() => "; take write permission from others with chmod o-w",
        _ if error.is_in_the_way() => "; move what has this name out of the way",
        Some(ErrorKind::PermissionDenied) if is_of_logs => "; run it as root or as a user of group susers",
        Some(ErrorKind::PermissionDenied) => {
            "; run it as the user whose backups these are, or name another folder with --dst"
        }
        Some(ErrorKind::NotFound | ErrorKind::NotADirectory) if error.path() == options.source => {
            "; name the folder of the logs with --src"
        }
        Some(ErrorKind::NotFound) if error.path() == options.destination => {
            "; name the folder of the backups with --dst"
        }
        Some(ErrorKind::NotADirectory) if error.path() == options.destination => {
            "; name a folder for the backups with --dst"
        }
        Some(ErrorKind::ReadOnlyFilesystem) => "; mount it for writing, or name another folder with --dst",
        Some(ErrorKind::StorageFull | ErrorKind::QuotaExceeded) => {
            "; free space there, or name another folder with --dst"
        }
        Some(ErrorKind::FileTooLarge) => "; raise the limit for the size of files, which ulimit -f shows",
        _ => "; the next run tries again",
    }
}

pub(crate) fn more_without_room(options: &Options, n: u64) -> String {
    let path = escape_path(&options.source);
    format!("{path}: {n} more logs are not saved, since there is no room for them either")
}

pub(crate) fn gone_again(options: &Options, n: u64) -> String {
    let path = escape_path(&options.destination);
    format!(
        "{path}: {n} of the logs saved now had to go again for newer ones; free space there, or name another folder with --dst"
    )
}

pub(crate) fn vanished(options: &Options, log: &str) -> String {
    let path = escape_path(&options.source.join(log));
    format!("{path}: the server deleted it before it was saved; run it more often")
}

pub(crate) fn damaged(options: &Options, damage: &Damage) -> String {
    let path = escape_path(&options.destination.join(damage.file.to_string()));
    let reason = escape(damage.reason.as_bytes());
    format!("{path}: {reason}; it is made anew if its log is still there")
}

pub(crate) fn shrunk(options: &Options, log: LogName) -> String {
    let path = escape_path(&options.source.join(log.to_string()));
    format!("{path}: it has only the beginning of what its backup has; the backup stays as it is")
}

/// A log, and the backup with another name in which it is.
pub(crate) struct Renamed {
    pub(crate) log: LogFile,
    pub(crate) file: LogFile,
}

/// In one line, however many there are.
pub(crate) fn renamed(options: &Options, renamed: &[Renamed]) -> Option<String> {
    let (Renamed { log, file }, last) = (renamed.first()?, renamed.last()?);
    let path = escape_path(&options.source.join(log.to_string()));
    Some(match renamed.len() {
        1 => format!("{path}: another log of this name is in the backups already; it is saved as {file}"),
        n => format!(
            "{path} and {} more to {}: other logs of these names are in the backups already; they are saved as {file} and so on",
            n.saturating_sub(1),
            last.log
        ),
    })
}

pub(crate) fn other_host(options: &Options, host: &str) -> String {
    let path = escape_path(&options.destination);
    format!(
        "{path}: it has the backups of another server, {host}; name another folder with --dst, or, if this one is to go on there, \
         remove .backup_ecs.state.1 and .2 there"
    )
}

pub(crate) fn no_logs(options: &Options) -> String {
    let path = escape_path(&options.source);
    let files = escape(options.files.to_string().as_bytes());
    format!("{path}: there is no ECS log there whose name matches {files}; see --src and --files")
}

pub(crate) fn locked(options: &Options) -> String {
    let path = escape_path(&options.destination);
    format!("{path}: another run is at work there; wait for it with --wait SECONDS")
}

/// Logs were lost: what the program is there to prevent.
pub(crate) fn gap(options: &Options, gap: Gap) -> String {
    let folder = escape_path(&options.source);
    let range = range(gap);
    format!("{folder}: logs {range} were deleted before they were saved; run it more often")
}

/// From when to when logs were lost.
pub(crate) fn range(gap: Gap) -> String {
    let from = match gap.from {
        GapBegin::With(name) => format!("from {}", time(name)),
        GapBegin::After(name) => format!("after the one of {}", time(name)),
    };
    let until = gap.until.map_or_else(String::new, |name| format!(" to {}", time(name)));
    format!("{from}{until}")
}

pub(crate) fn narrow_margin(options: &Options, margin: NarrowMargin) -> String {
    let folder = escape_path(&options.source);
    let NarrowMargin { n_new, n_logs } = margin;
    format!("{folder}: {n_new} of {n_logs} logs were new, more than 60 %: the margin is thin; run it more often")
}

/// Standard output could not be written.
pub(crate) fn no_output(cause: &std::io::Error) -> String {
    format!("standard output: cannot write: {cause}; see where it goes")
}

pub(crate) fn time(name: LogName) -> String {
    let begun = name.begun();
    let (year, month, day) = begun.to_calendar_date();
    let (hour, minute, second) = begun.as_hms();
    format!(
        "{year:04}-{:02}-{day:02} {hour:02}:{minute:02}:{second:02}",
        u8::from(month)
    )
}
