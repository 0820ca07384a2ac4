//! Which messages of what is read are wanted.

use clap::builder::ArgPredicate;
use ecs_log::TimeRange;
use sip_filter::{Filter, MessageType, RequestFilter, ResponseFilter, StampRange};
use sip_scan::Stamp;

use super::words::Words;

/// Options that say which messages are wanted.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Which messages")]
pub(super) struct Wanted {
    /// Requests to count, with the responses to them: a list with | or , between, of INVITE ReINVITE BYE CANCEL UPDATE
    /// NOTIFY SUBSCRIBE PUBLISH ACK PRACK REFER OPTIONS INFO PING REGISTER MESSAGE, or ALL
    #[arg(
        long,
        alias = "request",
        value_name = "LIST",
        default_value = "INVITE|ReINVITE|BYE|CANCEL",
        default_value_ifs([("pcap", ArgPredicate::IsPresent, "ALL"), ("show", ArgPredicate::Equals("true".into()), "ALL")]),
        value_parser = Words::<RequestFilter>::new(request_words),
        hide_possible_values = true
    )]
    requests: RequestFilter,

    /// Responses to count: a list with | or , between of the first digits of their codes, such as 182|480|5, or ALL
    #[arg(
        long,
        alias = "response",
        value_name = "LIST",
        default_value = "4|5|6",
        default_value_ifs([("pcap", ArgPredicate::IsPresent, "ALL"), ("show", ArgPredicate::Equals("true".into()), "ALL")])
    )]
    responses: ResponseFilter,
}

impl Wanted {
    /// Which messages are wanted, of those within `range`.
    pub(super) fn into_filter(self, range: Option<&TimeRange>) -> Filter {
        let stamps = |range: &TimeRange| {
            Some(StampRange {
                first: Stamp::new(range.first_stamp())?,
                last: Stamp::new(range.last_stamp())?,
            })
        };
        Filter {
            requests: self.requests,
            responses: self.responses,
            range: range.and_then(stamps),
        }
    }
}

fn request_words() -> Vec<String> {
    let types = MessageType::REQUESTS.iter().map(ToString::to_string);
    types.chain(["ALL".to_owned()]).collect()
}
