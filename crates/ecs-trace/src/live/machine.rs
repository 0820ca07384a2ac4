//! What live reading needs of the machine it runs on.

use std::time::{Duration, SystemTime};

/// The machine: its clock, a pause, and whether to go on.
pub trait Machine {
    /// The time since any fixed moment; it never goes back.
    fn now(&self) -> Duration;

    /// The time of day, as files bear it.
    fn wall(&self) -> SystemTime;

    /// Lets a while pass, since there is nothing to read.
    fn pause(&mut self);

    /// Whether somebody wants an end.
    fn is_asked_to_end(&self) -> bool;

    /// Whether somebody still reads what is made of the logs.
    fn has_reader(&self) -> bool;
}
