//! The INVITE transactions that are followed, a bounded number of them.

use std::collections::{BTreeSet, HashMap};

use slab::Slab;

use crate::gather::Answer;
use crate::rows::RowNumber;
use crate::time::Millis;

/// Which transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Number(usize);

/// An INVITE transaction, with the attempt that it is the last part of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Transaction {
    /// Its hash, and that of what it has in common with its repetition.
    pub(crate) key: u64,
    pub(crate) call: u64,
    /// When its INVITE was sent first.
    pub(crate) invited: Millis,
    /// When its last message came.
    pub(crate) seen: Millis,
    /// At this time it is decided, or forgotten, whatever has come.
    pub(crate) deadline: Millis,
    pub(crate) state: State,
    pub(crate) attempt: Attempt,
}

/// What is handed on to the repetition after a challenge.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attempt {
    /// Where it is counted. None where it is not: it lies outside of the range of time, or came too late.
    pub(crate) row: Option<RowNumber>,
    /// When its window is closed, whatever is undecided.
    pub(crate) limit: Millis,
    pub(crate) source: usize,
    /// Whether the first response was measured, or may have been missed.
    pub(crate) is_measured: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// No response came.
    Calling,
    /// A provisional response came.
    Proceeding,
    /// A CANCEL was sent.
    Cancelling,
    /// The final response was a challenge; the INVITE may be repeated.
    Challenged(Answer),
    /// It is decided, by a final response if there was one. It is kept for a while, since messages may be sent again.
    Decided(Option<Answer>),
}

impl Transaction {
    pub(crate) fn is_decided(&self) -> bool {
        matches!(self.state, State::Decided(_))
    }
}

/// The transactions, by their keys and by what is to be done next.
#[derive(Debug, Default)]
pub(crate) struct Transactions {
    all: Slab<Transaction>,
    by_key: HashMap<u64, Number>,
    /// Those that were challenged last, by what they have in common with their repetition.
    challenged: HashMap<u64, Number>,
    deadlines: BTreeSet<(Millis, Number)>,
}

impl Transactions {
    /// The most that are followed at a time.
    pub(crate) const MAX: usize = 200_000;

    pub(crate) fn is_full(&self) -> bool {
        self.all.len() >= Transactions::MAX
    }

    pub(crate) fn find(&self, key: u64) -> Option<Number> {
        self.by_key.get(&key).copied()
    }

    pub(crate) fn get(&self, number: Number) -> Option<&Transaction> {
        self.all.get(number.0)
    }

    /// Adds one whose key is not there.
    pub(crate) fn add(&mut self, transaction: Transaction) {
        let number = Number(self.all.insert(transaction));
        self.by_key.insert(transaction.key, number);
        self.deadlines.insert((transaction.deadline, number));
    }

    /// Puts what became of one in its place.
    pub(crate) fn put(&mut self, number: Number, transaction: Transaction) {
        let Some(place) = self.all.get_mut(number.0) else {
            return;
        };
        let before = std::mem::replace(place, transaction);
        if before.deadline != transaction.deadline {
            self.deadlines.remove(&(before.deadline, number));
            self.deadlines.insert((transaction.deadline, number));
        }
    }

    /// Forgets one.
    pub(crate) fn remove(&mut self, number: Number) {
        if let Some(transaction) = self.all.try_remove(number.0) {
            self.by_key.remove(&transaction.key);
            self.deadlines.remove(&(transaction.deadline, number));
        }
    }

    /// The one whose deadline comes first.
    pub(crate) fn next(&self) -> Option<(Millis, Number)> {
        self.deadlines.first().copied()
    }

    /// Notes that one was challenged. Gives back the one that was challenged before it, and is no longer waited for.
    pub(crate) fn challenge(&mut self, call: u64, number: Number) -> Option<Number> {
        self.challenged.insert(call, number)
    }

    /// The one that was challenged last, which the repetition takes over.
    pub(crate) fn take_challenged(&mut self, call: u64) -> Option<Number> {
        self.challenged.remove(&call)
    }

    /// One that was challenged is no longer waited for.
    pub(crate) fn end_challenge(&mut self, call: u64, number: Number) {
        if self.challenged.get(&call) == Some(&number) {
            self.challenged.remove(&call);
        }
    }

    /// All that there are.
    pub(crate) fn numbers(&self) -> Vec<Number> {
        self.all.iter().map(|(number, _)| Number(number)).collect()
    }
}
