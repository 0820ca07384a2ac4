//! What happens to a log.

use ecs_log::Error;

/// What happened to one log.
#[derive(Debug)]
pub enum Fate {
    /// It was read to its end.
    Whole,
    /// It was read up to a place behind which it could not be read.
    InPart(Error),
    /// Nothing of it could be read.
    NotRead(Error),
}

impl Fate {
    /// Why it could not be read, or not to its end; none where it was read whole.
    pub fn error(&self) -> Option<&Error> {
        match self {
            Fate::Whole => None,
            Fate::InPart(error) | Fate::NotRead(error) => Some(error),
        }
    }
}
