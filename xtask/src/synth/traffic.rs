//! Many dialogs at once: their messages, and the other records that the server traces, in order of time.

use std::collections::BTreeMap;

use crate::synth::dialog::Dialog;
use crate::synth::link::LINKS;
use crate::synth::moment::Moment;
use crate::synth::random::Random;
use crate::synth::script::{SCRIPTS, Step};

/// Of 100 records, how many are not SIP messages.
const OTHER_RECORDS: u64 = 6;

/// Types of records that are not SIP messages.
const OTHER_TYPES: &[u8] = &[0x09, 0x0a, 0x51, 0x52, 0x82, 0x83];

/// How long the server runs before its first record is written. So the first log already has calls in every state.
const WARM_UP_SECONDS: u64 = 40;

/// A record as the server traced it.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) moment: Moment,
    /// Whether the first of the two tracing processes wrote it, or the second.
    pub(crate) first_process: bool,
    pub(crate) bytes: Vec<u8>,
}

/// A dialog, and the steps of its script that are still to come.
#[derive(Debug)]
struct Playing {
    dialog: Dialog,
    steps: std::slice::Iter<'static, Step>,
    first_process: bool,
}

/// A server at work.
#[derive(Debug)]
pub(crate) struct Traffic {
    random: Random,
    next_begin: Moment,
    begun: u64,
    /// The dialogs, by the time of the next step, and by number where the times are equal.
    playing: BTreeMap<(Moment, u64), Playing>,
}

impl Traffic {
    pub(crate) fn new(seed: u64) -> Self {
        let mut traffic = Self {
            random: Random::new(seed),
            next_begin: Moment::BEGIN,
            begun: 0,
            playing: BTreeMap::new(),
        };
        while traffic.next_record().moment.seconds() < WARM_UP_SECONDS {}
        traffic
    }

    /// The next record. There is always one.
    pub(crate) fn next_record(&mut self) -> Record {
        loop {
            let Some(((moment, number), mut playing)) = self.playing.pop_first() else {
                self.begin();
                continue;
            };
            if self.next_begin <= moment {
                self.playing.insert((moment, number), playing);
                self.begin();
                continue;
            }
            if self.random.chance(OTHER_RECORDS) {
                self.playing.insert((moment, number), playing);
                return self.other_record(moment);
            }
            let Some(step) = playing.steps.next() else {
                continue;
            };
            let first_process = playing.first_process;
            let bytes = playing.dialog.record(step);
            self.wait(moment, number, playing);
            return Record {
                moment,
                first_process,
                bytes,
            };
        }
    }

    fn begin(&mut self) {
        let moment = self.next_begin;
        let playing = Playing {
            dialog: Dialog::new(self.random.pick(LINKS), &mut self.random),
            steps: self.random.pick(SCRIPTS).iter(),
            first_process: self.random.chance(70),
        };
        self.begun += 1;
        self.wait(moment, self.begun, playing);
        // More and more dialogs begin for five minutes, then fewer and fewer.
        let second = moment.seconds() % 600;
        let height = if second < 300 { second } else { 600 - second };
        self.next_begin = moment.plus(self.random.between(0, 60 + height / 6));
    }

    /// Puts `playing` back, to go on when its next step is due. A dialog without steps is over.
    fn wait(&mut self, now: Moment, number: u64, playing: Playing) {
        if let Some(step) = playing.steps.as_slice().first() {
            let wait = self.random.between(step.after / 2, step.after * 3 / 2);
            self.playing.insert((now.plus(wait), number), playing);
        }
    }

    fn other_record(&mut self, moment: Moment) -> Record {
        let mut bytes = vec![*self.random.pick(OTHER_TYPES)];
        let size = self.random.between(12, 300);
        bytes.extend(self.random.bytes(size));
        Record {
            moment,
            first_process: self.random.chance(70),
            bytes,
        }
    }
}
