//! What is read: logs, and of which time.

use std::ffi::OsString;
use std::num::NonZero;
use std::path::PathBuf;
use std::thread;
use std::time::SystemTime;

use clap::builder::{ArgPredicate, PathBufValueParser, TypedValueParser};
use ecs_log::{LogName, Request, When};

/// Where the server writes its logs.
const SERVER_LOGS: &str = "/var/log/ecs";

/// Options that say what is read.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "What is read")]
pub(super) struct Input {
    /// Logs to read, plain, gzip, tar or zip: files, folders, patterns, or - for standard input
    #[arg(value_name = "FILE|FOLDER|PATTERN", help_heading = None)]
    inputs: Vec<OsString>,

    /// Where logs are when none are named; may be given more than once [default: /var/log/ecs, or the current folder
    /// where that does not exist]
    #[arg(short, long, value_name = "DIR")]
    dir: Vec<PathBuf>,

    /// Read the last N logs only
    #[arg(short = 'n', long, value_name = "N", value_parser = whole_number)]
    last: Option<NonZero<usize>>,

    /// Only of this time: START[-END], both inclusive, each YYYY[mmdd[:HH[MM[SS]]]], as 20170427:0844-0845, or as
    /// 2017-04-27T08:44..2017-04-27T08:45; or, by the last line of the logs, 15m, 2h, 1d, today or yesterday
    #[arg(short, long, value_name = "RANGE", default_value_if("check", ArgPredicate::Equals("true".into()), "5m"))]
    time: Option<When>,

    /// Read what is named or chosen, then go on with what is written, until Ctrl-C; without FILE, -n and -t this is done
    /// anyway, from the end of the newest log on
    #[arg(short, long)]
    follow: bool,

    /// A log that is read only to join records that lie over the ends of the others; nothing that begins in it counts. May be
    /// given more than once: up to four before and four after
    #[arg(long, value_name = "FILE", value_parser = PathBufValueParser::new().try_map(log_path), conflicts_with = "follow")]
    context: Vec<PathBuf>,

    /// Print the paths of the logs that hold the range, each on a line, with the one after the last, which may finish a
    /// record, and do nothing else: tar czf case.tgz $(sipstat_cm --list -t RANGE -d DIR)
    #[arg(long, conflicts_with_all = ["follow", "calls", "show", "pcap"])]
    pub(super) list: bool,

    /// How many logs to read at a time [default: one for each processor, at most 4]
    #[arg(short, long, value_name = "N", value_parser = whole_number)]
    jobs: Option<NonZero<usize>>,
}

impl Input {
    /// Whether logs are followed as they are written.
    pub(super) fn is_live(&self) -> bool {
        self.follow || (!self.list && self.inputs.is_empty() && self.last.is_none() && self.time.is_none())
    }

    /// Whether logs are given that are there for others only.
    pub(super) fn has_context(&self) -> bool {
        !self.context.is_empty()
    }

    /// How many logs to read at a time: one for each processor, but few. On a server the rest of them has calls to process.
    pub(super) fn jobs(&self) -> NonZero<usize> {
        const MOST: NonZero<usize> = NonZero::new(4).unwrap();
        let default =
            || thread::available_parallelism().map_or(NonZero::<usize>::MIN, |processors| processors.min(MOST));
        self.jobs.unwrap_or_else(default)
    }

    /// Which logs are read. For a check the range is one of whole minutes, and beside it stands why the logs do not tell it.
    ///
    /// # Errors
    ///
    /// One line that says why the time cannot be told.
    pub(super) fn into_request(self, is_check: bool) -> Result<(Request, Option<String>), String> {
        let is_live = self.is_live();
        let mut request = Request {
            inputs: self.inputs,
            context: self.context,
            folders: folders(self.dir),
            last: self.last.map(NonZero::get),
            range: None,
        };
        let Some(when) = self.time else {
            return Ok((request, None));
        };
        let mut doubt = None;
        let range = match is_check {
            true => when.checked(&request, SystemTime::now()).map(|checked| {
                let checked = checked?;
                doubt = checked.doubt;
                Some(checked.range)
            }),
            false if is_live => when.range(&request),
            false => when.to_the_last_line().range(&request),
        };
        request.range = range.map_err(|error| error.to_string())?;
        Ok((request, doubt))
    }
}

/// The path of a file whose name gives it a place among other logs.
fn log_path(path: PathBuf) -> Result<PathBuf, &'static str> {
    let name = path.file_name().and_then(LogName::parse);
    name.map(|_| path)
        .ok_or("expected an ECS log, such as 2017-0427-084412.log: its name tells what it goes on with")
}

/// More than memory has addresses for is as good as the most that it has, also on 32 bit.
pub(super) fn whole_number(text: &str) -> Result<NonZero<usize>, &'static str> {
    let number: NonZero<u64> = text.parse().map_err(|_| "expected a whole number from 1 on")?;
    Ok(number.try_into().unwrap_or(NonZero::<usize>::MAX))
}

fn folders(named: Vec<PathBuf>) -> Vec<PathBuf> {
    if !named.is_empty() {
        return named;
    }
    let server = PathBuf::from(SERVER_LOGS);
    vec![if server.is_dir() { server } else { PathBuf::from(".") }]
}
