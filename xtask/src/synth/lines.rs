//! Writes records, and between them what other processes log, as the lines of a log.

use crate::synth::moment::Moment;
use crate::synth::random::Random;
use crate::synth::traffic::{Record, Traffic};

/// How many bytes of a record are on a line.
const BYTES_PER_LINE: usize = 64;

/// Of 100 records, how many interleave with the record that follows.
const INTERLEAVED: u64 = 3;

/// Of 100 records, after how many another process writes a line.
const OTHERS_BETWEEN: u64 = 40;

/// Of 100 interleaved lines, after how many another process writes a line.
const OTHERS_WITHIN: u64 = 3;

/// The two processes that trace SIP messages.
const TRACERS: (&str, &str) = ("capro(4711)", "capro(4712)");

/// The lines of all logs, one after the other. There is always another.
#[derive(Debug)]
pub(crate) struct Lines {
    traffic: Traffic,
    random: Random,
    sequence: u64,
    /// The lines of one record, or of two that interleave, and of other processes between them.
    text: Vec<u8>,
    /// How many bytes of `text` were handed out.
    n_written: usize,
    /// The time of all lines in `text`.
    moment: Moment,
}

impl Lines {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            traffic: Traffic::new(seed),
            random: Random::new(seed + 1),
            sequence: 1000,
            text: Vec::new(),
            n_written: 0,
            moment: Moment::BEGIN,
        }
    }

    /// Returns true if and only if all lines of each record that was begun are written.
    pub(crate) fn is_between_records(&self) -> bool {
        self.n_written == self.text.len()
    }

    /// The time of the line that `write_next` will write.
    pub(crate) fn next_moment(&mut self) -> Moment {
        if self.is_between_records() {
            self.refill();
        }
        self.moment
    }

    /// Appends a line to `out`.
    pub(crate) fn write_next(&mut self, out: &mut Vec<u8>) {
        if self.is_between_records() {
            self.refill();
        }
        let rest = self.text.get(self.n_written..).unwrap_or_default();
        let line = rest.split_inclusive(|&byte| byte == b'\n').next().unwrap_or_default();
        out.extend(line);
        self.n_written += line.len();
    }

    fn refill(&mut self) {
        self.text.clear();
        self.n_written = 0;
        let first = self.traffic.next_record();
        self.moment = first.moment;
        if self.random.chance(INTERLEAVED) {
            let mut second = self.traffic.next_record();
            second.first_process = !first.first_process;
            self.moment = second.moment;
            self.write_interleaved(&first, &second);
        } else {
            for line in dump(&first) {
                self.write_line(tracer(&first), &line);
            }
        }
        if self.random.chance(OTHERS_BETWEEN) {
            self.write_other();
        }
    }

    fn write_interleaved(&mut self, first: &Record, second: &Record) {
        let (mut first_lines, mut second_lines) = (dump(first), dump(second));
        // The first line of the first record comes first: the records begin in order of time.
        let mut takes_first = true;
        loop {
            let line = if takes_first {
                first_lines.next()
            } else {
                second_lines.next()
            };
            let record = if takes_first { first } else { second };
            let Some(line) = line else { break };
            self.write_line(tracer(record), &line);
            if self.random.chance(OTHERS_WITHIN) {
                self.write_other();
            }
            takes_first = self.random.chance(50);
        }
        for (record, lines) in [(first, first_lines), (second, second_lines)] {
            for line in lines {
                self.write_line(tracer(record), &line);
            }
        }
    }

    fn write_other(&mut self) {
        let random = &mut self.random;
        let (a, b) = (random.between(1, 3_000), random.hex(4));
        let text = match random.between(1, 4) {
            1 => format!("DENYEVT ERR event={a} d1={b} d2=0"),
            2 => format!(
                "IPEVT IPT_REG board=PROCR ip=10.1.7.{} net_reg= 1 ext= 4{a:04}",
                a % 250
            ),
            3 => format!("MTCEVT ALM type=WRN lname=SIP-SGRP pname={b} cbusy=no filt=n"),
            _ => format!("proc_err: pro={a}, err=203, seq={a},da1={b},da2=0"),
        };
        self.write_line("lxsys(333)", text.as_bytes());
    }

    /// Writes a line with `text` in the brackets.
    fn write_line(&mut self, process: &str, text: &[u8]) {
        self.sequence += 1;
        let (stamp, sequence) = (self.moment.stamp(), self.sequence);
        self.text
            .extend(format!("{stamp}:{sequence}:{process}:MED:[").into_bytes());
        self.text.extend(text);
        self.text.extend(b"]\n");
    }
}

fn tracer(record: &Record) -> &'static str {
    if record.first_process { TRACERS.0 } else { TRACERS.1 }
}

/// What is in the brackets of each line of `record`: its SIZE in the first, `++++` in the others.
fn dump(record: &Record) -> impl Iterator<Item = Vec<u8>> {
    record.bytes.chunks(BYTES_PER_LINE).enumerate().map(|(at, bytes)| {
        let head = if at == 0 {
            record.bytes.len().to_string()
        } else {
            "++++".to_owned()
        };
        let mut text = format!("MST  {head} ").into_bytes();
        for byte in bytes {
            text.extend([b' ', digit(byte >> 4), digit(byte & 15)]);
        }
        text
    })
}

fn digit(value: u8) -> u8 {
    if value < 10 { b'0' + value } else { b'a' + value - 10 }
}
