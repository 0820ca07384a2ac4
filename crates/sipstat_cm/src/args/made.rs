//! What is made of the messages that are wanted.

use sip_filter::Interval;

use super::words::Words;

/// Options that say what is made of the messages.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "What is made of them")]
pub(super) struct Made {
    /// Tell how calls ended instead of counting messages: by window, link and direction of the INVITE, attempts, outcomes,
    /// ratios (RFC 6076), delays and retransmissions
    #[arg(long, conflicts_with_all = ["requests", "responses"])]
    pub(super) calls: bool,

    /// Length of a window: SEC, TENSEC, MIN, TENMIN, HOUR, DAY, or S, TS, M, T, H, D, or 1s, 10s, 1m, 10m, 1h, 1d
    #[arg(
        short,
        long,
        value_name = "INTERVAL",
        default_value = "MIN",
        value_parser = Words::<Interval>::new(interval_words),
        hide_possible_values = true
    )]
    pub(super) interval: Interval,

    /// Show the messages instead of counting them: one line for each, in the order of time, with direction, ends, start line,
    /// method, Call-ID and users. By default, with it all requests and responses are shown
    #[arg(long, conflicts_with = "calls")]
    pub(super) show: bool,
}

fn interval_words() -> Vec<String> {
    ["SEC", "TENSEC", "MIN", "TENMIN", "HOUR", "DAY"]
        .map(str::to_owned)
        .into()
}
