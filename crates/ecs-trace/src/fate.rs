//! What happens to a log.

use std::io;

use ecs_log::{Error, Log, Seeming};

/// What happened to one log.
#[derive(Debug)]
pub enum Fate {
    /// It was read to its end.
    Whole,
    /// There is nothing in it.
    Empty,
    /// It was read up to a place behind which it could not be read.
    InPart(Error),
    /// Nothing of it could be read.
    NotRead(Error),
    /// It is not empty, and no line of a log was found in it. The error says what it seems to be.
    NotALog(Error),
}

impl Fate {
    /// Of `log`, which `cause` ended.
    pub(crate) fn ended(log: &Log, cause: io::Error) -> Fate {
        let is_other = cause.get_ref().is_some_and(|cause| cause.is::<Seeming>());
        let error = log.read_failed(cause);
        if is_other {
            Fate::NotALog(error)
        } else {
            Fate::InPart(error)
        }
    }

    /// Why it could not be read, or not to its end; none where it was read whole.
    pub fn error(&self) -> Option<&Error> {
        match self {
            Fate::Whole | Fate::Empty => None,
            Fate::InPart(error) | Fate::NotRead(error) | Fate::NotALog(error) => Some(error),
        }
    }

    /// Whether what is in it was read, at least in part.
    pub fn is_read(&self) -> bool {
        matches!(self, Fate::Whole | Fate::Empty | Fate::InPart(_))
    }
}
