//! Calls that failed, and what is kept of attempts so that these can be told.

use std::collections::HashMap;

use sip_filter::Link;
use sip_scan::{Direction, Stamp};

use crate::gather::Answer;
use crate::pending::Due;
use crate::tally::Outcome;
use crate::time::{Millis, stamp};

/// The most attempts of which it is kept whose they are. Those for which there is no room are not told where they fail.
const MAX_ATTEMPTS: usize = 50_000;

/// A call that failed, or that nobody answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedCall {
    /// When its INVITE was logged; after a challenge, the last one.
    pub invited: Stamp,
    /// Its link.
    pub link: Link,
    /// Which way the INVITE went.
    pub direction: Direction,
    /// The code of the final response; none where no response came.
    pub code: Option<u16>,
    /// The first 100 bytes of its Call-ID.
    pub call_id: Box<[u8]>,
}

/// Whose the attempts are that are followed, by the keys of their transactions.
#[derive(Debug, Default)]
pub(crate) struct Attempts(HashMap<u64, Named>);

/// Whose an attempt is.
#[derive(Debug)]
pub(crate) struct Named {
    invited: Millis,
    link: Link,
    direction: Direction,
    call_id: Box<[u8]>,
}

impl Attempts {
    /// An attempt begins, or goes on, with an INVITE.
    pub(crate) fn add(&mut self, due: &Due) {
        let Some(call_id) = due.call_id.clone().filter(|_| self.0.len() < MAX_ATTEMPTS) else {
            return;
        };
        let named = Named {
            invited: due.record.time,
            link: due.link,
            direction: due.record.direction,
            call_id,
        };
        self.0.insert(due.record.transaction, named);
    }

    /// The attempt is decided, or goes on in another transaction.
    pub(crate) fn take(&mut self, transaction: u64) -> Option<Named> {
        self.0.remove(&transaction)
    }
}

impl Named {
    /// The failed call, if the attempt failed.
    pub(crate) fn failed(self, outcome: Outcome) -> Option<FailedCall> {
        let code = match outcome {
            Outcome::Final(Answer { code: 487, .. }) => return None,
            Outcome::Final(Answer { code: code @ 300.., .. }) => Some(code),
            Outcome::Unanswered => None,
            _ => return None,
        };
        Some(FailedCall {
            invited: stamp(self.invited)?,
            link: self.link,
            direction: self.direction,
            code,
            call_id: self.call_id,
        })
    }
}
