//! What is made of the messages that are wanted.

use ecs_log::TimeRange;
use sip_filter::Interval;
use sip_report::{AlertRange, CheckOptions};

use super::wanted::Wanted;
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
    interval: Interval,

    /// Show the messages instead of counting them: one line for each, in the order of time, with direction, ends, start line,
    /// method, Call-ID and users. By default, with it all requests and responses are shown
    #[arg(long, conflicts_with_all = ["calls", "interval", "total", "top"])]
    pub(super) show: bool,

    /// Check the counts of the last whole minutes for Nagios and Icinga: print one line, and exit with 0 (OK), 1 (WARNING),
    /// 2 (CRITICAL) or 3 (UNKNOWN). Each response listed is checked, IN and OUT apart, summed over all links; with
    /// --responses none each request. Without -w and -c it is OK where the logs tell enough. By default, with it -t is 5m
    #[arg(
        long,
        conflicts_with_all = ["calls", "show", "interval", "follow", "list", "pcap", "format", "total", "top", "classes"]
    )]
    pub(super) check: bool,

    /// With --check: the counts that are no warning, [@]START:END as the Monitoring Plugins have it, such as 10 for 0 to 10, or
    /// 1: for at least 1; behind @ those that are one
    #[arg(short, long, value_name = "RANGE", requires = "check", allow_hyphen_values = true)]
    warning: Option<AlertRange>,

    /// With --check: the same for counts that are critical
    #[arg(short, long, value_name = "RANGE", requires = "check", allow_hyphen_values = true)]
    critical: Option<AlertRange>,
}

impl Made {
    /// How long windows are. Those of a check are summed: the fewer the better.
    pub(super) fn interval(&self) -> Interval {
        if self.check { Interval::Day } else { self.interval }
    }

    /// What is checked of what is `wanted`, in `range`, if that is asked for. `doubt` says why the logs do not tell it.
    ///
    /// # Errors
    ///
    /// One line that says that the range has no end.
    pub(super) fn check(
        &self,
        wanted: &Wanted,
        range: Option<&TimeRange>,
        doubt: Option<String>,
    ) -> Result<Option<CheckOptions>, String> {
        let seconds = match range.map(TimeRange::seconds) {
            Some(None) if self.check => {
                return Err("--check: the range has no end; give -t START-END, or a length such as 5m".to_owned());
            }
            seconds => seconds.flatten().unwrap_or_default(),
        };
        Ok(self.check.then(|| CheckOptions {
            requests: wanted.requests.text.clone(),
            responses: wanted.responses.text.clone(),
            warning: self.warning.clone(),
            critical: self.critical.clone(),
            seconds,
            doubt,
            ..CheckOptions::default()
        }))
    }
}

fn interval_words() -> Vec<String> {
    ["SEC", "TENSEC", "MIN", "TENMIN", "HOUR", "DAY"]
        .map(str::to_owned)
        .into()
}
