//! What becomes of transactions, message by message.

use sip_filter::Link;

use super::{Followed, TIMEOUT};
use crate::gather::{Answer, Kind, Record};
use crate::pending::Due;
use crate::rows::RowNumber;
use crate::tally::Outcome;
use crate::time::Millis;
use crate::transactions::{Attempt, Number, State, Transaction};

impl Followed {
    /// Takes a message; what begins or is sent again in it `counts` if it lies in the range of time.
    pub(crate) fn take(&mut self, due: &Due, counts: bool) {
        let Due { record, link, .. } = due;
        let Some(number) = self.transactions.find(record.transaction) else {
            if record.kind == Kind::Invite {
                self.begin(due, counts);
            }
            return;
        };
        match record.kind {
            Kind::Invite => self.repeat(record, *link, counts),
            Kind::Response(answer) if self.is_repeated(number, answer) => self.repeat(record, *link, counts),
            Kind::Response(answer) => self.answer(number, answer, record.time),
            Kind::Cancel => self.cancel(number, record.time),
        }
        self.see(number, record.time);
    }

    /// A transaction begins, and with it an attempt, unless it is the repetition of one that was challenged.
    fn begin(&mut self, due: &Due, counts: bool) {
        if self.transactions.is_full() {
            self.evict();
        }
        let Due { record, source, .. } = due;
        let challenged = self.transactions.take_challenged(record.call);
        let attempt = match challenged.and_then(|number| self.hand_on(number, record.time)) {
            Some(attempt) => attempt,
            None => Attempt {
                row: if counts { self.count(record, due.link) } else { None },
                limit: self.limit(record.time),
                source: *source,
                is_measured: false,
            },
        };
        if attempt.row.is_some() {
            self.attempts.add(due);
        }
        self.transactions.add(Transaction {
            key: record.transaction,
            call: record.call,
            invited: record.time,
            seen: record.time,
            deadline: record.time.saturating_add(TIMEOUT).min(attempt.limit),
            state: State::Calling,
            attempt,
        });
    }

    /// Counts an attempt in its row.
    fn count(&mut self, record: &Record, link: Link) -> Option<RowNumber> {
        let row = self.rows.row(record.time, (link, record.direction));
        match row {
            Some(row) => self.rows.begin(row),
            None => self.missed.late = self.missed.late.saturating_add(1),
        }
        row
    }

    /// The attempt of a transaction that was challenged goes on in another.
    fn hand_on(&mut self, number: Number, time: Millis) -> Option<Attempt> {
        let mut transaction = *self.transactions.get(number)?;
        let State::Challenged(answer) = transaction.state else {
            return None;
        };
        let attempt = transaction.attempt;
        self.attempts.take(transaction.key);
        transaction.attempt.row = None;
        transaction.state = State::Decided(Some(answer));
        transaction.deadline = time.saturating_add(TIMEOUT);
        self.transactions.put(number, transaction);
        Some(attempt)
    }

    /// An INVITE or a final response was sent again.
    fn repeat(&mut self, record: &Record, link: Link, counts: bool) {
        if counts && let Some(row) = self.rows.row(record.time, (link, record.direction)) {
            self.rows.repeat(row);
        }
    }

    fn see(&mut self, number: Number, time: Millis) {
        if let Some(transaction) = self.transactions.get(number).copied() {
            let seen = transaction.seen.max(time);
            self.transactions.put(number, Transaction { seen, ..transaction });
        }
    }

    fn cancel(&mut self, number: Number, time: Millis) {
        if let Some(transaction) = self.transactions.get(number).copied()
            && matches!(transaction.state, State::Calling | State::Proceeding)
        {
            let cancelled = Transaction {
                state: State::Cancelling,
                deadline: time.saturating_add(TIMEOUT).min(transaction.attempt.limit),
                ..transaction
            };
            self.transactions.put(number, cancelled);
        }
    }

    /// Whether a final response is the same as the one that decided.
    fn is_repeated(&self, number: Number, answer: Answer) -> bool {
        let state = self.transactions.get(number).map(|transaction| transaction.state);
        state == Some(State::Challenged(answer)) || state == Some(State::Decided(Some(answer)))
    }

    /// A response came.
    fn answer(&mut self, number: Number, answer: Answer, time: Millis) {
        let Some(mut transaction) = self.transactions.get(number).copied() else {
            return;
        };
        if !matches!(
            transaction.state,
            State::Calling | State::Proceeding | State::Cancelling
        ) {
            return;
        }
        self.measure(&mut transaction, answer.code, time);
        match answer.code {
            100..200 => {
                if transaction.state == State::Calling {
                    transaction.state = State::Proceeding;
                    transaction.deadline = transaction.attempt.limit;
                }
                self.transactions.put(number, transaction);
            }
            401 | 407 => {
                transaction.state = State::Challenged(answer);
                transaction.deadline = transaction.attempt.limit;
                self.transactions.put(number, transaction);
                self.challenge(number, &transaction, time);
            }
            _ => {
                self.transactions.put(number, transaction);
                self.decide(number, Outcome::Final(answer), time);
            }
        }
    }

    /// A challenge came: the attempt goes on in a repetition. If there was one before it that was not repeated, that one is over.
    fn challenge(&mut self, number: Number, challenged: &Transaction, time: Millis) {
        let before = self.transactions.challenge(challenged.call, number);
        if let Some(before) = before.filter(|before| *before != number)
            && let Some(State::Challenged(answer)) = self.transactions.get(before).map(|transaction| transaction.state)
        {
            self.decide(before, Outcome::Final(answer), time);
        }
    }

    /// A response may be the first other than 100, and no challenge: then the delay up to it counts, if none before it was missed.
    fn measure(&mut self, transaction: &mut Transaction, code: u16, time: Millis) {
        if matches!(code, 100 | 401 | 407) || transaction.attempt.is_measured {
            return;
        }
        transaction.attempt.is_measured = true;
        if let Some(row) = transaction.attempt.row.filter(|_| !self.is_blind(transaction)) {
            self.rows.measure(row, time.saturating_sub(transaction.invited));
        }
    }
}
