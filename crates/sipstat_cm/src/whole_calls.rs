//! Whole calls: one pass finds the calls of the messages that match; the next takes all messages of these calls.

use std::io::{self, BufWriter, Write};

use ecs_log::Inputs;
use sip_filter::FindCalls;
use sip_report::{AnyReport, ReportKind};

use crate::args::{Config, stamps};
use crate::messages::{self, NOTHING};
use crate::read::Job;
use crate::screen::Line;

/// How many seconds before and after the range messages of the calls are looked for.
const AROUND: u32 = 180;

/// What asks for all messages of the calls that have one that `config` asks for. None where there is nothing to read; that is said.
pub(crate) fn of_matches(config: &Config, line: &Line, stderr: &mut impl Write) -> io::Result<Option<Config>> {
    if let Some(pipe) = Inputs::new(&config.request).pipe() {
        let text = format!("{pipe} can be read only once, and --whole-calls reads twice: name a file");
        messages::say(stderr, 0, &text);
        return Ok(None);
    }
    let kind = ReportKind::Found(FindCalls::new(config.count.filter.clone()));
    let nowhere: Box<dyn Write> = Box::new(io::sink());
    let mut sinks = (kind.report(BufWriter::new(nowhere), &config.count, false), None);
    let job = Job {
        request: &config.request,
        gather: &(kind.gather(&config.count), None),
        jobs: config.jobs,
        line,
    };
    // The next pass says it too, unless there is none.
    let mut said = Vec::new();
    let status = job.read(&mut sinks, &mut said)?;
    let (AnyReport::Found(found), true) = (sinks.0, status != NOTHING) else {
        stderr.write_all(&said)?;
        return Ok(None);
    };
    if found.is_full() {
        let text = format!(
            "more than {} calls match: only the first of them are shown, whole",
            sip_report::MOST_CALLS
        );
        messages::say(stderr, 0, &text);
    }
    let mut whole = Config {
        whole_calls: false,
        ..config.clone()
    };
    whole.count.filter = found.into_filter();
    if let Some(range) = &config.request.range {
        let range = range.widened(AROUND);
        whole.request.range = Some(range);
        whole.count.filter.range = stamps(&range);
        // The logs of that time are more than those that were the last of the range.
        whole.request.last = None;
    }
    Ok(Some(whole))
}
