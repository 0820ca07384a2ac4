//! What gathers in these tests: a list of messages, and their whole texts.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt::Display;

use sip_scan::{Direction, Gather, Item, Messages, Origin, Sink, Stamp, StartLine, Want};

use crate::logs::{Place, Traffic, Written};

/// One message of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) stamp: Stamp,
    pub(crate) place: Place,
    pub(crate) direction: Direction,
    pub(crate) start_line: StartLine,
}

/// Lists messages.
pub(crate) struct ListMessages;

impl Gather for ListMessages {
    type Part = Vec<Listed>;

    fn want(&self) -> Want {
        Want::Head
    }

    fn take(&self, part: &mut Vec<Listed>, item: &Item<'_>) {
        match item {
            Item::Message(message) => {
                assert_eq!(message.damage, None, "{message:?}");
                part.push(Listed {
                    stamp: message.stamp,
                    place: (0, message.position.line),
                    direction: message.direction,
                    start_line: message.start_line,
                });
            }
            Item::Damaged(damaged) => panic!("{damaged:?}"),
            Item::Edge(_) | Item::Lines(_) => {}
        }
    }

    fn held(part: &Vec<Listed>) -> usize {
        size_of_val(part.as_slice())
    }
}

/// Keeps the whole text of each message.
pub(crate) struct KeepTexts;

impl Gather for KeepTexts {
    type Part = Vec<(Stamp, String)>;

    fn want(&self) -> Want {
        Want::Text(Messages::ALL)
    }

    fn take(&self, part: &mut Vec<(Stamp, String)>, item: &Item<'_>) {
        if let Item::Message(message) = item {
            let text = message.text.unwrap();
            part.push((message.stamp, String::from_utf8(text.to_vec()).unwrap()));
        }
    }

    fn held(part: &Vec<(Stamp, String)>) -> usize {
        part.iter().map(|(_, text)| text.len()).sum()
    }
}

/// Takes lists, and holds against them what it is told.
#[derive(Default)]
pub(crate) struct List {
    pub(crate) all: Vec<Listed>,
    settled: Option<Stamp>,
    /// How many parts had something.
    pub(crate) parts: usize,
    pub(crate) is_finished: bool,
    /// What the next part's log is called, and in the end those of all that had something, by their numbers.
    log: String,
    pub(crate) names: BTreeMap<usize, String>,
}

impl List {
    /// In the order of the stamps, then of the places.
    pub(crate) fn sorted(mut self) -> Vec<Listed> {
        assert!(self.is_finished);
        self.all.sort_by_key(|listed| (listed.stamp, listed.place));
        self.all
    }
}

impl Sink<Vec<Listed>> for List {
    type Error = Infallible;

    fn log(&mut self, name: &dyn Display) {
        self.log = name.to_string();
    }

    fn absorb(&mut self, part: Vec<Listed>, from: Origin) -> Result<(), Infallible> {
        self.parts += usize::from(!part.is_empty());
        if !part.is_empty() {
            let name = self.names.entry(from.log).or_insert_with(|| self.log.clone());
            assert_eq!(*name, self.log, "a log has one name");
        }
        for mut listed in part {
            assert!(
                self.settled.is_none_or(|settled| settled <= listed.stamp),
                "{listed:?} is late"
            );
            listed.place.0 = from.log;
            self.all.push(listed);
        }
        Ok(())
    }

    fn settle(&mut self, before: Stamp) -> Result<(), Infallible> {
        self.settled = self.settled.max(Some(before));
        Ok(())
    }

    fn finish(&mut self, _at: Option<Stamp>) -> Result<(), Infallible> {
        assert!(!self.is_finished, "it is finished once");
        self.is_finished = true;
        Ok(())
    }
}

/// Takes texts.
#[derive(Default)]
pub(crate) struct Texts(pub(crate) Vec<(Stamp, String)>);

impl Sink<Vec<(Stamp, String)>> for Texts {
    type Error = Infallible;

    fn absorb(&mut self, part: Vec<(Stamp, String)>, _from: Origin) -> Result<(), Infallible> {
        self.0.extend(part);
        Ok(())
    }

    fn settle(&mut self, _before: Stamp) -> Result<(), Infallible> {
        Ok(())
    }

    fn finish(&mut self, _at: Option<Stamp>) -> Result<(), Infallible> {
        self.0.sort();
        Ok(())
    }
}

/// Takes both.
pub(crate) type Both = (List, Option<Texts>);

pub(crate) fn stamp(written: &Written) -> Stamp {
    let text = format!("20170427:{}", written.time);
    Stamp::new(text.as_bytes().try_into().unwrap()).unwrap()
}

impl Traffic {
    /// The list that must come of it.
    pub(crate) fn list(&self) -> Vec<Listed> {
        let listed = self.messages.iter().map(|(written, place)| Listed {
            stamp: stamp(written),
            place: *place,
            direction: if written.is_out { Direction::Out } else { Direction::In },
            start_line: StartLine::Request(sip_scan::Method::Bye),
        });
        let mut list: Vec<Listed> = listed.collect();
        list.sort_by_key(|listed| (listed.stamp, listed.place));
        list
    }

    /// The texts that must come of it.
    pub(crate) fn texts(&self) -> Vec<(Stamp, String)> {
        let texts = self
            .messages
            .iter()
            .map(|(written, _)| (stamp(written), written.text.clone()));
        let mut texts: Vec<(Stamp, String)> = texts.collect();
        texts.sort();
        texts
    }
}
