//! The command line: options as they are written, then settings as they are used.

use std::ffi::OsString;
use std::num::NonZero;
use std::path::PathBuf;
use std::thread;

use clap::error::ErrorKind;
use clap::{ArgAction, CommandFactory, Parser};
use ecs_log::{Request, TimeRange};
use sip_filter::{Filter, Interval, RequestFilter, ResponseFilter, StampRange};
use sip_scan::Stamp;
use sip_stats::CountMessages;

/// Where the server writes its logs.
const SERVER_LOGS: &str = "/var/log/ecs";

const EXAMPLES: &str = "\
Examples:
  sipstat_cm
  sipstat_cm /var/log/ecs/2017-0427-084*
  sipstat_cm -n100 --requests='INVITE|CANCEL|BYE' --responses='4|5|6' -i HOUR
  sipstat_cm -t 20170427:0844-20170427:0845 -d /var/home/ftp/pub/ecsbkp

Exit status: 0 all read; 1 some input could not be read, the rest is reported;
2 usage, or nothing to read.";

/// Counts SIP requests and responses in the ECS logs of Avaya Communication Manager
///
/// For each window of time it prints a table: a row for each link, IN and OUT for each type of message.
#[derive(Debug, Parser)]
#[command(
    name = "sipstat_cm",
    version = build_info::VERSION,
    disable_version_flag = true,
    term_width = 100,
    after_help = EXAMPLES
)]
struct Args {
    /// Logs to read, plain, gzip, tar or zip: files, folders, patterns, or - for standard input
    #[arg(value_name = "FILE|FOLDER|PATTERN")]
    inputs: Vec<OsString>,

    /// Requests to count, with the responses to them: a list with | or , between, of INVITE ReINVITE BYE CANCEL UPDATE
    /// NOTIFY SUBSCRIBE PUBLISH ACK PRACK REFER OPTIONS INFO PING REGISTER MESSAGE, or ALL
    #[arg(
        long,
        alias = "request",
        value_name = "LIST",
        default_value = "INVITE|ReINVITE|BYE|CANCEL"
    )]
    requests: RequestFilter,

    /// Responses to count: a list with | or , between of the first digits of their codes, such as 182|480|5, or ALL
    #[arg(long, alias = "response", value_name = "LIST", default_value = "4|5|6")]
    responses: ResponseFilter,

    /// Length of a window: SEC, TENSEC, MIN, TENMIN, HOUR, DAY, or S, TS, M, T, H, D
    #[arg(short, long, value_name = "INTERVAL", default_value = "MIN")]
    interval: Interval,

    /// Read the last N logs only
    #[arg(short = 'n', long, value_name = "N", value_parser = whole_number)]
    last: Option<NonZero<usize>>,

    /// Count only from START to END, both inclusive, each YYYY[mmdd[:HH[MM[SS]]]]
    #[arg(short, long, value_name = "START[-END]")]
    time: Option<TimeRange>,

    /// Read what is named or chosen, then go on with what is written, until Ctrl-C; without FILE, -n and -t this is done
    /// anyway, from the end of the newest log on
    #[arg(short, long)]
    follow: bool,

    /// Where logs are when none are named; may be given more than once [default: /var/log/ecs, or the current folder
    /// where that does not exist]
    #[arg(short, long, value_name = "DIR")]
    dir: Vec<PathBuf>,

    /// How many logs to read at a time [default: one for each processor, at most 4]
    #[arg(short, long, value_name = "N", value_parser = whole_number)]
    jobs: Option<NonZero<usize>>,

    /// Print version
    #[arg(short = 'V', visible_short_alias = 'v', long, action = ArgAction::Version)]
    version: Option<bool>,
}

/// All options, with their help.
pub(crate) fn command() -> clap::Command {
    Args::command()
}

/// What the command line asks for.
#[derive(Debug)]
pub(crate) enum Command {
    /// To count in logs.
    Count(Box<Config>),
    /// To follow them as they are written.
    Follow(Box<Config>),
    /// To show a text: help or version.
    Show(String),
}

/// How to count, and in what.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) request: Request,
    pub(crate) gather: CountMessages,
    pub(crate) jobs: NonZero<usize>,
}

impl Config {
    /// Reads the command line, whose first word is the program's name.
    ///
    /// # Errors
    ///
    /// One line that says what is wrong and what is allowed.
    pub(crate) fn from_args(args: impl IntoIterator<Item = OsString>) -> Result<Command, String> {
        let args = match Args::try_parse_from(args) {
            Ok(args) => args,
            Err(error) if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
                return Ok(Command::Show(without_blanks_at_ends(&error.to_string())));
            }
            Err(error) => return Err(one_line(&error)),
        };
        let is_live = args.follow || (args.inputs.is_empty() && args.last.is_none() && args.time.is_none());
        let stamps = |range: &TimeRange| {
            Some(StampRange {
                first: Stamp::new(range.first_stamp())?,
                last: Stamp::new(range.last_stamp())?,
            })
        };
        let config = Box::new(Config {
            gather: CountMessages {
                filter: Filter {
                    requests: args.requests,
                    responses: args.responses,
                    range: args.time.as_ref().and_then(stamps),
                },
                interval: args.interval,
                by_class: false,
            },
            request: Request {
                inputs: args.inputs,
                folders: folders(args.dir),
                last: args.last.map(NonZero::get),
                range: args.time,
            },
            jobs: args.jobs.unwrap_or_else(default_jobs),
        });
        Ok(if is_live {
            Command::Follow(config)
        } else {
            Command::Count(config)
        })
    }
}

/// More than memory has addresses for is as good as the most that it has, also on 32 bit.
fn whole_number(text: &str) -> Result<NonZero<usize>, &'static str> {
    let number: NonZero<u64> = text.parse().map_err(|_| "expected a whole number from 1 on")?;
    Ok(number.try_into().unwrap_or(NonZero::<usize>::MAX))
}

fn without_blanks_at_ends(text: &str) -> String {
    text.lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

fn folders(named: Vec<PathBuf>) -> Vec<PathBuf> {
    if !named.is_empty() {
        return named;
    }
    let server = PathBuf::from(SERVER_LOGS);
    vec![if server.is_dir() { server } else { PathBuf::from(".") }]
}

/// One for each processor, but few: on a server the rest of them has calls to process.
fn default_jobs() -> NonZero<usize> {
    const MOST: NonZero<usize> = NonZero::new(4).unwrap();
    thread::available_parallelism().map_or(NonZero::<usize>::MIN, |processors| processors.min(MOST))
}

/// The gist of a message of several lines, without what the arguments may carry to steer a terminal.
fn one_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let gist = text.split("\n\n").next().unwrap_or_default();
    let gist = gist.strip_prefix("error: ").unwrap_or(gist);
    let words: Vec<&str> = gist.split(['\n', ' ']).filter(|word| !word.is_empty()).collect();
    format!("{}; see --help", ecs_log::escape(words.join(" ").as_bytes()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn options_are_consistent() {
        super::command().debug_assert();
    }
}
