//! The command line: options as they are written, then settings as they are used.

mod beside;
mod form;
mod input;
mod made;
mod wanted;
mod words;

use std::ffi::OsString;
use std::num::NonZero;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgAction, CommandFactory, FromArgMatches, Parser};
use ecs_log::Request;
use sip_filter::Filter;
use sip_report::ReportKind;
use sip_scan::Order;
use sip_stats::CountMessages;

use self::beside::{BESIDE, Beside};
use self::form::Form;
use self::input::Input;
use self::made::Made;
use self::wanted::Wanted;
pub(crate) use self::wanted::stamps;
use crate::pcap::PcapRequest;

/// Bytes of messages that wait for older ones at most, in all.
const MOST_HELD: usize = 24 << 20;

const EXAMPLES: &str = "\
Examples:
  sipstat_cm
  sipstat_cm /var/log/ecs/2017-0427-084*
  sipstat_cm -n100 --requests='INVITE|CANCEL|BYE' --responses='4|5|6' -i HOUR
  sipstat_cm -t 20170427:0844-20170427:0845 -d /var/home/ftp/pub/ecsbkp
  sipstat_cm --check --requests INVITE --responses 503 -w 10 -c 50

Exit status: 0 all read; 1 some input could not be read, the rest is reported;
2 usage, or nothing to read. With --check: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN or usage.";

/// Counts SIP requests and responses in the ECS logs of Avaya Communication Manager
///
/// For each window of time it prints a table: a row for each link, IN and OUT for each type of message.
#[derive(Debug, Parser)]
#[command(
    name = "sipstat_cm",
    version = build_info::VERSION,
    disable_version_flag = true,
    disable_help_flag = true,
    term_width = 100,
    after_help = EXAMPLES
)]
struct Args {
    #[command(flatten)]
    input: Input,

    #[command(flatten)]
    wanted: Wanted,

    #[command(flatten)]
    made: Made,

    #[command(flatten)]
    form: Form,

    #[command(flatten)]
    beside: Beside,

    /// Print version
    #[arg(short = 'V', visible_short_alias = 'v', long, action = ArgAction::Version, help_heading = BESIDE)]
    version: Option<bool>,

    /// Print help
    #[arg(short, long, action = ArgAction::Help, help_heading = BESIDE)]
    help: Option<bool>,
}

/// How messages are put in the order of time, by so many that hold them.
fn order(filter: &Filter, holders: usize) -> Order {
    Order {
        most_bytes: MOST_HELD.checked_div(holders).unwrap_or_default(),
        last: filter.range.map(|range| range.last),
    }
}

/// All options, with their help.
pub(crate) fn command() -> clap::Command {
    Args::command()
}

/// Whether a check is asked for, also where the rest of the command line is wrong.
pub(crate) fn is_check(words: &[OsString]) -> bool {
    words
        .iter()
        .take_while(|word| *word != "--")
        .any(|word| word == "--check")
}

/// What the command line asks for.
#[derive(Debug)]
pub(crate) enum Command {
    /// To report of logs.
    Report(Box<Config>),
    /// To list them.
    List(Request),
    /// To show a text: help or version.
    Show(String),
}

/// What to report, and of which logs.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) request: Request,
    /// Whether logs are followed as they are written.
    pub(crate) is_live: bool,
    pub(crate) jobs: NonZero<usize>,
    pub(crate) count: CountMessages,
    pub(crate) kind: ReportKind,
    /// The packets that are made beside that.
    pub(crate) pcap: Option<PcapRequest>,
    /// Whether all messages of a call are wanted where one is.
    pub(crate) whole_calls: bool,
}

impl Config {
    /// Whether the counts are checked.
    pub(crate) fn is_check(&self) -> bool {
        matches!(self.kind, ReportKind::Counts(sip_report::Form::Check(_)))
    }

    /// Reads the command line, whose first word is the program's name.
    ///
    /// # Errors
    ///
    /// One line that says what is wrong and what is allowed.
    pub(crate) fn from_args(args: impl IntoIterator<Item = OsString>) -> Result<Command, String> {
        let words: Vec<OsString> = args.into_iter().collect();
        let typed = ecs_log::escape_words("sipstat_cm", words.get(1..).unwrap_or_default());
        let parsed = Args::command().try_get_matches_from(words).and_then(|matches| {
            let mut args = Args::from_arg_matches(&matches)?;
            args.wanted.note_given(&matches);
            Ok(args)
        });
        match parsed {
            Ok(args) => args.into_command(typed),
            Err(error) if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
                Ok(Command::Show(without_blanks_at_ends(&error.to_string())))
            }
            Err(error) => Err(one_line(&error)),
        }
    }
}

impl Args {
    /// Whether whole calls can be had, if they are asked for.
    fn check_whole_calls(&self) -> Result<(), String> {
        if self.wanted.whole_calls && self.input.is_live() {
            return Err("--whole-calls reads twice: name files or folders, or give -n or -t, without -f".to_owned());
        }
        if self.wanted.whole_calls && !self.made.show && !self.beside.has_pcap() {
            return Err("--whole-calls is for messages: give --show or --pcap FILE".to_owned());
        }
        Ok(())
    }

    /// What is asked for; `typed` is the command line, safe to show.
    fn into_command(self, typed: String) -> Result<Command, String> {
        let (is_live, is_list, jobs) = (self.input.is_live(), self.input.list, self.input.jobs());
        if self.form.needs_an_end() && is_live {
            return Err(
                "--format html is written when all has been read: name files or folders, without -f".to_owned(),
            );
        }
        if is_live && self.input.has_context() {
            return Err("--context is for logs that are there: name files or folders, or give -n or -t".to_owned());
        }
        self.check_whole_calls()?;
        let (request, doubt) = self.input.into_request(self.made.check)?;
        let check = self.made.check(&self.wanted, request.range.as_ref(), doubt)?;
        if is_list {
            return Ok(Command::List(request));
        }
        let (names, whole_calls) = (self.form.names()?, self.wanted.whole_calls);
        let count = CountMessages {
            filter: self.wanted.into_filter(&names, request.range.as_ref())?,
            interval: self.made.interval(),
            by_class: self.form.classes,
        };
        // Of logs that are followed nobody knows when a call has ended.
        let by_call = self.made.show && !is_live && (whole_calls || count.filter.calls.is_some());
        let holders = [self.beside.has_pcap(), self.made.show, by_call];
        let holders = holders.into_iter().filter(|holds| *holds).count();
        let order = order(&count.filter, holders);
        let config = Config {
            request,
            is_live,
            jobs,
            whole_calls,
            count,
            pcap: self.beside.into_pcap(is_live, order)?,
            kind: match self.made {
                Made { show: true, .. } => ReportKind::Lines(self.form.into_lines(names, order, by_call)?),
                Made { calls: true, .. } => ReportKind::Calls(self.form.into_form(names, typed, None)),
                Made { .. } => ReportKind::Counts(self.form.into_form(names, typed, check)),
            },
        };
        Ok(Command::Report(Box::new(config)))
    }
}

fn without_blanks_at_ends(text: &str) -> String {
    text.lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

/// The gist of a message of several lines, without what the arguments may carry to steer a terminal.
fn one_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let gist = text.split("\n\n").next().unwrap_or_default();
    let gist = gist.strip_prefix("error: ").unwrap_or(gist);
    let words: Vec<&str> = gist.split(['\n', ' ']).filter(|word| !word.is_empty()).collect();
    let nearest = nearest(error).map_or_else(String::new, |nearest| format!("; the nearest is {nearest}"));
    format!("{}{nearest}; see --help", ecs_log::escape(words.join(" ").as_bytes()))
}

/// The option, or the value, that is nearest to the one that was mistyped.
fn nearest(error: &clap::Error) -> Option<&str> {
    let suggested = [ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    match suggested.into_iter().find_map(|kind| error.get(kind))? {
        ContextValue::String(nearest) => Some(nearest),
        ContextValue::Strings(all) => all.first().map(String::as_str),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn options_are_consistent() {
        super::command().debug_assert();
    }
}
