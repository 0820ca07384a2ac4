//! Which messages of what is read are wanted.

use clap::ArgMatches;
use clap::builder::{ArgPredicate, NonEmptyStringValueParser};
use clap::parser::ValueSource;
use ecs_log::TimeRange;
use sip_filter::{CallFilter, Filter, LinkFilter, MessageType, Names, RequestFilter, ResponseFilter, StampRange};
use sip_scan::Stamp;

use super::words::{Listed, Words};

/// Options that say which messages are wanted.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Which messages")]
pub(super) struct Wanted {
    /// Requests to count, with the responses to them: a list with | or , between, of INVITE ReINVITE BYE CANCEL UPDATE
    /// NOTIFY SUBSCRIBE PUBLISH ACK PRACK REFER OPTIONS INFO PING REGISTER MESSAGE, or ALL; none counts responses
    /// alone
    #[arg(
        long,
        alias = "request",
        value_name = "LIST",
        default_value = "INVITE|ReINVITE|BYE|CANCEL",
        default_value_ifs(all_with()),
        value_parser = Words::<Listed<RequestFilter>>::new(request_words),
        hide_possible_values = true
    )]
    pub(super) requests: Listed<RequestFilter>,

    /// Responses to count: a list with | or , between of codes, of their first digits, or of classes, such as 182|48|5xx, or
    /// ALL, or none
    #[arg(
        long,
        alias = "response",
        value_name = "LIST",
        default_value = "4|5|6",
        default_value_ifs(all_with())
    )]
    pub(super) responses: Listed<ResponseFilter>,

    /// Only messages with such an end: a list with | or , between of addresses, networks such as 10.2.0.0/16, names of
    /// --names, each also with the port that the link is printed with, as 10.2.2.2:5070, or links as they are printed
    #[arg(long, value_name = "LIST")]
    link: Option<String>,

    /// Only messages with this Call-ID; may be given more than once. By default, with it all requests and responses count
    #[arg(long, value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    call: Vec<String>,

    /// With each message that is wanted, all messages of its call, of any type and on any link, up to 180 s before and after
    /// the time of -t; for --show and --pcap, of files and folders. By default, with it and --responses no request is looked for
    #[arg(long, conflicts_with_all = ["calls", "list"])]
    pub(super) whole_calls: bool,
}

impl Wanted {
    /// Which options are given changes what the others are by default: where whole calls are looked for by their responses, a request
    /// tells nothing.
    pub(super) fn note_given(&mut self, matches: &ArgMatches) {
        let is_given = |option| matches.value_source(option) == Some(ValueSource::CommandLine);
        if self.whole_calls && is_given("responses") && !is_given("requests") {
            self.requests.value = RequestFilter::none();
        }
    }

    /// Which messages are wanted, of those within `range`.
    ///
    /// # Errors
    ///
    /// One line that says which word of `--link` is neither an address nor one of `names`.
    pub(super) fn into_filter(self, names: &Names, range: Option<&TimeRange>) -> Result<Filter, String> {
        let links = self.link.map(|list| LinkFilter::parse(&list, names)).transpose();
        Ok(Filter {
            requests: self.requests.value,
            responses: self.responses.value,
            links: links.map_err(|error| format!("--link: {error}"))?,
            calls: (!self.call.is_empty()).then(|| CallFilter::from_iter(self.call)),
            range: range.and_then(stamps),
        })
    }
}

/// A range of time as the stamps of a log have it.
pub(crate) fn stamps(range: &TimeRange) -> Option<StampRange> {
    Some(StampRange {
        first: Stamp::new(range.first_stamp())?,
        last: Stamp::new(range.last_stamp())?,
    })
}

/// With which options all messages are wanted by default.
fn all_with() -> [(&'static str, ArgPredicate, &'static str); 4] {
    [
        ("call", ArgPredicate::IsPresent, "ALL"),
        ("pcap", ArgPredicate::IsPresent, "ALL"),
        ("show", ArgPredicate::Equals("true".into()), "ALL"),
        ("calls", ArgPredicate::Equals("true".into()), "ALL"),
    ]
}

fn request_words() -> Vec<String> {
    let types = MessageType::REQUESTS.iter().map(ToString::to_string);
    types.chain(["ALL", "none"].map(str::to_owned)).collect()
}
