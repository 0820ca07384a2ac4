//! The messages of archives that can be read only once, in the order of time though their logs lie in any order: such an archive is read
//! once for each stretch of time whose messages can be held.

use std::io::{self, BufWriter, Write};
use std::mem;

use ecs_log::slices;
use sip_filter::{Filter, FindCalls, StampRange};
use sip_report::ReportKind;

use crate::args::{Config, stamps};
use crate::messages::{self, NOTHING};
use crate::pcap::Pcap;
use crate::read::{Gatherers, Job, Sinks};
use crate::screen::Line;

/// Bytes of logs whose messages can be held. Each byte of a message takes three of a log.
const MOST_BYTES: u64 = 32 << 20;

/// What is asked for, and where it goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Whole<'a> {
    pub(crate) config: &'a Config,
    pub(crate) pcap: &'a Pcap<'a>,
    pub(crate) line: &'a Line,
}

/// The stretches of time. None where the order of time can be had by reading once, or is not asked for.
pub(crate) fn stretches(config: &Config) -> Vec<StampRange> {
    let is_wanted = match &config.kind {
        // They are held call by call.
        ReportKind::Lines(options) => !options.by_call,
        _ => config.pcap.is_some(),
    };
    if !is_wanted || config.is_live {
        return Vec::new();
    }
    let all = slices(&config.request, MOST_BYTES);
    let within = |slice: StampRange| match &config.count.filter.range {
        Some(range) => StampRange {
            first: slice.first.max(range.first),
            last: slice.last.min(range.last),
        },
        None => slice,
    };
    let all = all.iter().filter_map(stamps).map(within);
    let all: Vec<StampRange> = all.filter(|slice| slice.first <= slice.last).collect();
    if all.len() > 1 { all } else { Vec::new() }
}

/// Reads the logs once for what is told of them as a whole, and then once for the messages of each stretch; the exit status.
pub(crate) fn read(
    whole: &Whole<'_>,
    slices: &[StampRange],
    sinks: &mut Sinks<'_>,
    stderr: &mut impl Write,
) -> io::Result<u8> {
    let Whole { config, pcap, line } = *whole;
    let nothing = ReportKind::Found(FindCalls::new(Filter::none()));
    let nowhere: Box<dyn Write> = Box::new(io::sink());
    let mut others = (nothing.report(BufWriter::new(nowhere), &config.count, false), None);
    let packets = sinks.1.take();
    let is_of_messages = matches!(config.kind, ReportKind::Lines(_));
    let (at_once, sliced) = if is_of_messages {
        (&nothing, &config.kind)
    } else {
        (&config.kind, &nothing)
    };
    if is_of_messages {
        mem::swap(sinks, &mut others);
    }
    let read = |sinks: &mut Sinks<'_>, gather: &Gatherers, stderr: &mut dyn Write| {
        let job = Job {
            request: &config.request,
            gather,
            jobs: config.jobs,
            line,
        };
        job.read(sinks, &mut &mut *stderr)
    };
    let status = read(sinks, &(at_once.gather(&config.count), None), stderr)?;
    others.1 = packets;
    for range in slices.iter().filter(|_| status != NOTHING) {
        let mut count = config.count.clone();
        count.filter.range = Some(*range);
        let gather = (sliced.gather(&count), pcap.gather(&count.filter));
        read(&mut others, &gather, &mut io::sink())?;
    }
    if let Some(line) = others.0.missed() {
        messages::say(stderr, 0, &line);
    }
    sinks.1 = others.1;
    Ok(status)
}
