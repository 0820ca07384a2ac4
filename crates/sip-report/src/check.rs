//! One line for Nagios, Icinga and cron: whether the counts of a stretch of time lie within the ranges that were given.
//!
//! The line, the ranges and the status are those of the Monitoring Plugins
//! (<https://www.monitoring-plugins.org/doc/guidelines.html>).

mod alert_range;
mod series;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::io::{self, Write};

use sip_filter::Names;
use sip_stats::{Cells, ClosedWindow};

pub use self::alert_range::{AlertRange, AlertRangeError};

use self::series::{Count, Series};
use crate::check_status::CheckStatus;
use crate::form_writer::{FormWriter, Run};
use crate::input::Read;

/// What is checked.
#[derive(Clone, Debug, Default)]
pub struct CheckOptions {
    /// The requests, as [`RequestFilter`](sip_filter::RequestFilter) reads them. Each word of the list is checked by itself.
    pub requests: String,
    /// The responses to them, as [`ResponseFilter`](sip_filter::ResponseFilter) reads them; each word is checked by itself, too.
    /// With `none` the requests are checked.
    pub responses: String,
    /// The range of the lesser alert.
    pub warning: Option<AlertRange>,
    /// The range of the greater alert.
    pub critical: Option<AlertRange>,
    /// How many seconds are looked at; 0 where no line tells.
    pub seconds: u64,
    /// Why the logs do not tell what the servers did last, in words.
    pub doubt: Option<String>,
    /// Names that stand in the place of addresses.
    pub names: Names,
}

/// Sums all windows, and writes the line when the run is over.
#[derive(Debug)]
pub(crate) struct Check {
    options: CheckOptions,
    series: Vec<Series>,
    cells: Cells,
    covered: u64,
    missing: u64,
    status: Option<CheckStatus>,
}

impl Check {
    pub(crate) fn new(options: CheckOptions) -> Check {
        Check {
            series: series::all(&options.requests, &options.responses),
            options,
            cells: Cells::default(),
            covered: 0,
            missing: 0,
            status: None,
        }
    }

    /// Why the counts tell nothing, if so.
    fn unknown(&self, run: &Run<'_>) -> Option<String> {
        let CheckOptions { seconds, doubt, .. } = &self.options;
        let seconds = *seconds;
        let dated = run.summary.records.saturating_sub(run.summary.undated);
        Some(if self.series.is_empty() {
            "neither requests nor responses are asked for".to_owned()
        } else if run.inputs.iter().all(|input| input.read == Read::Not) {
            "no log could be read".to_owned()
        } else if seconds == 0 {
            "no line of the logs bears a time".to_owned()
        } else if let Some(doubt) = doubt {
            doubt.clone()
        } else if dated.saturating_add(run.summary.edge) == 0 {
            format!(
                "no [MST line of SIP in these {}: is MST set for a signaling group?",
                length(seconds)
            )
        } else if run.summary.damage.uncounted().saturating_mul(2) > run.summary.records {
            let (uncounted, records) = (run.summary.damage.uncounted(), run.summary.records);
            format!("{uncounted} of {records} records are too damaged to count; see standard error")
        } else if self.covered.saturating_mul(2) < seconds {
            format!("the logs cover only {} of {seconds} s", self.covered)
        } else {
            return None;
        })
    }

    /// What the counts lack, in words: time that is not covered, lines that are missing, inputs that were not read.
    fn lacking(&self, run: &Run<'_>) -> String {
        let mut text = String::new();
        let (seconds, inputs) = (self.options.seconds, run.inputs.len());
        if self.covered < seconds {
            text += &format!("; covered {} of {seconds} s", self.covered);
        }
        match self.missing {
            0 => {}
            1 => text += "; 1 line missing",
            missing => text += &format!("; {missing} lines missing"),
        }
        match run.inputs.iter().filter(|input| input.read != Read::Whole).count() {
            0 => {}
            unread => text += &format!("; {unread} of {inputs} inputs not read to the end"),
        }
        text
    }

    /// The status, and the count that tells it: of the worst the greatest, of equal ones the first.
    fn judge(&self, counts: &[Count]) -> (CheckStatus, String) {
        let judged = self.series.iter().zip(counts);
        let judged = judged.map(|(series, count)| (self.options.status(count.all), count, series));
        let alerts = judged.clone().filter(|(status, ..)| *status != CheckStatus::Ok).count();
        let worst = judged.min_by_key(|(status, count, _)| Reverse((*status, count.all)));
        let Some((status, Count { all, most_on }, series)) = worst else {
            return (CheckStatus::Unknown, String::new());
        };
        let mut text = format!("{} {all} in {}", series.name, length(self.options.seconds));
        if let Some(link) = most_on {
            text += &format!(", most on {link}");
        }
        match alerts.saturating_sub(1) {
            0 => {}
            1 => text += "; 1 more alert",
            more => text += &format!("; {more} more alerts"),
        }
        (status, text)
    }
}

impl CheckOptions {
    fn status(&self, count: u64) -> CheckStatus {
        let alerts = |range: &Option<AlertRange>| range.as_ref().is_some_and(|range| range.alerts(count));
        if alerts(&self.critical) {
            CheckStatus::Critical
        } else if alerts(&self.warning) {
            CheckStatus::Warning
        } else {
            CheckStatus::Ok
        }
    }
}

impl FormWriter<ClosedWindow> for Check {
    fn window(&mut self, _: &mut dyn Write, closed: &ClosedWindow) -> io::Result<()> {
        if let Some(covered) = closed.coverage {
            self.covered = self.covered.saturating_add(covered.seconds.into());
            self.missing = self.missing.saturating_add(covered.missing.unwrap_or(0));
        }
        self.cells.merge(closed.cells.clone());
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write, run: &Run<'_>) -> io::Result<()> {
        let count = |series: &Series| series.count(&self.cells, &self.options.names);
        let counts: Vec<Count> = self.series.iter().map(count).collect();
        let (status, text) = match self.unknown(run) {
            Some(why) => (CheckStatus::Unknown, why),
            None => {
                let (status, text) = self.judge(&counts);
                (status, text + &self.lacking(run))
            }
        };
        self.status = Some(status);
        write!(out, "{}", status.line(&text))?;
        let range = |range: &Option<AlertRange>| range.as_ref().map(AlertRange::to_string).unwrap_or_default();
        let (warning, critical) = (range(&self.options.warning), range(&self.options.critical));
        let mut mark = " |";
        for (series, count) in self.series.iter().zip(counts) {
            // The guidelines write `U` where a value could not be told.
            let value = match status {
                CheckStatus::Unknown => "U".to_owned(),
                _ => count.all.to_string(),
            };
            write!(out, "{mark} {}={value};{warning};{critical};0;", series.label)?;
            mark = "";
        }
        writeln!(out)
    }

    fn status(&self) -> Option<CheckStatus> {
        self.status
    }
}

/// `5 min`: so many seconds in the greatest unit of which they are a multiple.
fn length(seconds: u64) -> String {
    let mut units = [(86_400, "d"), (3600, "h"), (60, "min")].into_iter();
    let unit = units.find(|(length, _)| seconds >= *length && seconds.is_multiple_of(*length));
    let (length, unit) = unit.unwrap_or((1, "s"));
    format!("{} {unit}", seconds / length)
}
