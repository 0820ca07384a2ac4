//! What becomes of transactions as time goes by.

use std::collections::HashMap;

use sip_filter::Interval;

use crate::failed::Attempts;
use crate::gaps::Gaps;
use crate::rows::{ClosedCalls, Rows};
use crate::tally::Outcome;
use crate::time::Millis;
use crate::transactions::{Number, State, Transaction, Transactions};

mod messages;

/// How long a transaction goes on without a response, and after a CANCEL; and how long messages may be sent again after it is
/// decided: 64 times T1 (RFC 3261, 17.1.1.2 and 9.1).
pub(crate) const TIMEOUT: Millis = 32_000;
/// How long after its end a window waits for its attempts to be decided.
pub(crate) const PATIENCE: Millis = 180_000;

/// What of the calls is not told, since there was too much, or it came too late.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Missed {
    /// Attempts that were given up before they were decided, as too many transactions were open. They count as open.
    pub evicted: u64,
    /// INVITEs that came after their window was closed. They do not count.
    pub late: u64,
}

/// All that is known up to a time.
#[derive(Debug)]
pub(crate) struct Followed {
    transactions: Transactions,
    pub(crate) rows: Rows,
    attempts: Attempts,
    gaps: Gaps,
    /// Up to when the gaps of each source are known.
    heard: HashMap<usize, Millis>,
    /// Whether time passes by a clock too.
    is_live: bool,
    /// All that is older has been taken.
    reached: Millis,
    missed: Missed,
}

impl Followed {
    pub(crate) fn new(interval: Interval, is_live: bool) -> Followed {
        Followed {
            transactions: Transactions::default(),
            rows: Rows::new(interval),
            attempts: Attempts::default(),
            gaps: Gaps::default(),
            heard: HashMap::new(),
            is_live,
            reached: 0,
            missed: Missed::default(),
        }
    }

    /// What is not told.
    pub(crate) fn missed(&self) -> Missed {
        self.missed
    }

    /// A source has a gap that begins at `from`.
    pub(crate) fn add_gap(&mut self, source: usize, from: Millis) {
        self.gaps.add(source, from);
    }

    /// The gaps of a source are known up to a time.
    pub(crate) fn hear(&mut self, source: usize, to: Millis) {
        let heard = self.heard.entry(source).or_insert(to);
        *heard = to.max(*heard);
    }

    /// Up to when time may pass where nothing older than `before` comes any more. A source that is silent is waited for, but not longer
    /// than a window waits where somebody else says that time passes: the clock live, or another source.
    pub(crate) fn heard_before(&self, before: Millis) -> Millis {
        let heard = self.heard.values().fold(before, |heard, to| heard.min(*to));
        if self.is_live || self.heard.len() > 1 {
            heard.max(before.saturating_sub(PATIENCE))
        } else {
            heard
        }
    }

    /// Whether the window of `time` has waited long enough.
    pub(crate) fn is_past(&self, time: Millis) -> bool {
        self.reached > self.limit(time)
    }

    /// The first window, if it is over and all its attempts are decided.
    pub(crate) fn next_closed(&mut self) -> Option<ClosedCalls> {
        self.rows.close_first(self.reached)
    }

    /// Lets time pass up to `to`: what is over by then is decided.
    pub(crate) fn advance(&mut self, to: Millis) {
        loop {
            let deadline = self.transactions.next().filter(|(deadline, _)| *deadline < to);
            // The line with which a gap begins stands before it.
            match (self.gaps.next().filter(|from| *from < to), deadline) {
                (Some(from), Some((deadline, number))) if deadline < from => self.expire(number),
                (Some(_), _) => self.gaps.reach_first(),
                (None, Some((_, number))) => self.expire(number),
                (None, None) => break,
            }
        }
        self.reached = self.reached.max(to);
    }

    /// Nothing more comes: what is undecided remains so.
    pub(crate) fn give_up(&mut self) {
        while self.gaps.next().is_some_and(|from| from <= self.reached) {
            self.gaps.reach_first();
        }
        for number in self.transactions.numbers() {
            if let Some(transaction) = self.transactions.get(number).copied()
                && !transaction.is_decided()
            {
                self.decide(number, self.unless_missed(&transaction, Outcome::Open), self.reached);
            }
        }
        self.reached = self.rows.end().map_or(self.reached, |end| self.reached.max(end));
    }

    /// The deadline of a transaction has passed.
    fn expire(&mut self, number: Number) {
        let Some(transaction) = self.transactions.get(number).copied() else {
            return;
        };
        let outcome = match transaction.state {
            State::Decided(_) => return self.transactions.remove(number),
            State::Challenged(answer) => Outcome::Final(answer),
            State::Calling if transaction.deadline < transaction.attempt.limit => Outcome::Unanswered,
            State::Cancelling if transaction.deadline < transaction.attempt.limit => Outcome::Cancelled,
            State::Calling | State::Proceeding | State::Cancelling => Outcome::Open,
        };
        let heard = self.heard.get(&transaction.attempt.source);
        let outcome = if heard.is_some_and(|to| *to < transaction.deadline) {
            Outcome::Unknown
        } else {
            self.unless_missed(&transaction, outcome)
        };
        self.decide(number, outcome, transaction.deadline);
    }

    /// The outcome of a transaction for want of more messages; it is not known if these may have been logged in a gap.
    fn unless_missed(&self, transaction: &Transaction, outcome: Outcome) -> Outcome {
        if self.is_blind(transaction) {
            Outcome::Unknown
        } else {
            outcome
        }
    }

    /// Whether something may have been missed since the last message of a transaction.
    fn is_blind(&self, transaction: &Transaction) -> bool {
        self.gaps.is_after(transaction.attempt.source, transaction.seen)
    }

    /// A transaction is decided at a time.
    fn decide(&mut self, number: Number, outcome: Outcome, at: Millis) {
        let Some(mut transaction) = self.transactions.get(number).copied() else {
            return;
        };
        let answer = match (outcome, transaction.state) {
            (Outcome::Final(answer), _) | (_, State::Challenged(answer)) => Some(answer),
            _ => None,
        };
        if matches!(transaction.state, State::Challenged(_)) {
            self.transactions.end_challenge(transaction.call, number);
        }
        let named = self.attempts.take(transaction.key);
        if let Some(row) = transaction.attempt.row.take() {
            self.rows
                .decide(row, outcome, named.and_then(|named| named.failed(outcome)));
        }
        transaction.state = State::Decided(answer);
        transaction.deadline = at.saturating_add(TIMEOUT);
        self.transactions.put(number, transaction);
    }

    /// Gives up the transaction whose deadline is next, so that there is room for another.
    fn evict(&mut self) {
        let Some((_, number)) = self.transactions.next() else {
            return;
        };
        if self
            .transactions
            .get(number)
            .is_some_and(|transaction| transaction.attempt.row.is_some())
        {
            self.missed.evicted = self.missed.evicted.saturating_add(1);
        }
        self.decide(number, Outcome::Open, self.reached);
        self.transactions.remove(number);
    }

    /// When the window of `time` has waited long enough.
    fn limit(&self, time: Millis) -> Millis {
        self.rows.end_of_window(time).saturating_add(PATIENCE)
    }
}
