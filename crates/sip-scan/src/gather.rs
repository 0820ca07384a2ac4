//! The seam: what is made of the items that a scan yields, and who takes the results in order.
//!
//! Whoever reads logs knows nothing of what is done with a message. Each worker fills a part for each log; one sink
//! takes the parts in the order of the logs.

use std::fmt;

use crate::item::Item;
use crate::stamp::Stamp;
use crate::want::Want;

/// Makes something of items: counts, packets, calls. All workers share it.
pub trait Gather: Sync {
    /// What was made of one log, or of a piece of one.
    type Part: Default + Send;

    /// How much of each message is needed.
    fn want(&self) -> Want;

    /// Takes one item into `part`.
    fn take(&self, part: &mut Self::Part, item: &Item<'_>);

    /// How many bytes of memory `part` takes, roughly.
    fn held(part: &Self::Part) -> usize;
}

/// Two gatherers side by side are one again. It wants what either of them wants.
impl<A: Gather, B: Gather> Gather for (A, B) {
    type Part = (A::Part, B::Part);

    fn want(&self) -> Want {
        self.0.want().and(self.1.want())
    }

    fn take(&self, part: &mut Self::Part, item: &Item<'_>) {
        self.0.take(&mut part.0, item);
        self.1.take(&mut part.1, item);
    }

    fn held(part: &Self::Part) -> usize {
        A::held(&part.0).saturating_add(B::held(&part.1))
    }
}

/// What may be gathered, or not. Nothing is wanted where there is none.
impl<G: Gather> Gather for Option<G> {
    type Part = G::Part;

    fn want(&self) -> Want {
        self.as_ref().map_or(Want::Head, G::want)
    }

    fn take(&self, part: &mut G::Part, item: &Item<'_>) {
        if let Some(gather) = self {
            gather.take(part, item);
        }
    }

    fn held(part: &G::Part) -> usize {
        G::held(part)
    }
}

/// Where a part comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The number of the source: logs of one source follow one another.
    pub source: usize,
    /// The number of the log among those that were chosen.
    pub log: usize,
}

/// Takes parts in the order of the logs. One log may come in several parts.
pub trait Sink<P> {
    /// Why a part could not be taken; it ends the run.
    type Error;

    /// Live: reading begins at `at`, within a window.
    ///
    /// # Errors
    ///
    /// What keeps the sink from going on.
    fn begin(&mut self, _at: Stamp) -> Result<(), Self::Error> {
        Ok(())
    }

    /// Live: all that is there has been read, and the clock of the logs shows `at`. From then on time passes even where
    /// nothing comes.
    ///
    /// # Errors
    ///
    /// What keeps the sink from going on.
    fn caught_up(&mut self, _at: Stamp) -> Result<(), Self::Error> {
        Ok(())
    }

    /// Live: whether the sink needs nothing that may still come, because the time that was asked for is over.
    fn is_done(&self) -> bool {
        false
    }

    /// The log from which the next part comes, in words for people. It is told before each part.
    fn log(&mut self, _name: &dyn fmt::Display) {}

    /// Takes one part.
    ///
    /// # Errors
    ///
    /// What keeps the sink from going on.
    fn absorb(&mut self, part: P, from: Origin) -> Result<(), Self::Error>;

    /// Takes one part of a log that does not count. It is read since a log of its source that counts goes on where it ends.
    ///
    /// # Errors
    ///
    /// What keeps the sink from going on.
    fn lead_in(&mut self, _part: P, _from: Origin) -> Result<(), Self::Error> {
        Ok(())
    }

    /// Nothing older than `before` comes any more, as far as can be known.
    ///
    /// # Errors
    ///
    /// What keeps the sink from going on.
    fn settle(&mut self, before: Stamp) -> Result<(), Self::Error>;

    /// Nothing more comes. Where reading was stopped from outside, `at` says at which time of the logs.
    ///
    /// # Errors
    ///
    /// What keeps the sink from going on.
    fn finish(&mut self, at: Option<Stamp>) -> Result<(), Self::Error>;
}

/// Two sinks side by side, for what two gatherers made: each takes its own. Both must have all that they need before nothing
/// more is read.
impl<P, Q, A: Sink<P>, B: Sink<Q, Error = A::Error>> Sink<(P, Q)> for (A, B) {
    type Error = A::Error;

    fn begin(&mut self, at: Stamp) -> Result<(), A::Error> {
        self.0.begin(at)?;
        self.1.begin(at)
    }

    fn caught_up(&mut self, at: Stamp) -> Result<(), A::Error> {
        self.0.caught_up(at)?;
        self.1.caught_up(at)
    }

    fn is_done(&self) -> bool {
        self.0.is_done() && self.1.is_done()
    }

    fn log(&mut self, name: &dyn fmt::Display) {
        self.0.log(name);
        self.1.log(name);
    }

    fn absorb(&mut self, part: (P, Q), from: Origin) -> Result<(), A::Error> {
        self.0.absorb(part.0, from)?;
        self.1.absorb(part.1, from)
    }

    fn lead_in(&mut self, part: (P, Q), from: Origin) -> Result<(), A::Error> {
        self.0.lead_in(part.0, from)?;
        self.1.lead_in(part.1, from)
    }

    fn settle(&mut self, before: Stamp) -> Result<(), A::Error> {
        self.0.settle(before)?;
        self.1.settle(before)
    }

    fn finish(&mut self, at: Option<Stamp>) -> Result<(), A::Error> {
        self.0.finish(at)?;
        self.1.finish(at)
    }
}

/// A sink that may be there, or not. Where there is none, nothing is needed.
impl<P, S: Sink<P>> Sink<P> for Option<S> {
    type Error = S::Error;

    fn begin(&mut self, at: Stamp) -> Result<(), S::Error> {
        self.as_mut().map_or(Ok(()), |sink| sink.begin(at))
    }

    fn caught_up(&mut self, at: Stamp) -> Result<(), S::Error> {
        self.as_mut().map_or(Ok(()), |sink| sink.caught_up(at))
    }

    fn is_done(&self) -> bool {
        self.as_ref().is_none_or(S::is_done)
    }

    fn log(&mut self, name: &dyn fmt::Display) {
        if let Some(sink) = self {
            sink.log(name);
        }
    }

    fn absorb(&mut self, part: P, from: Origin) -> Result<(), S::Error> {
        self.as_mut().map_or(Ok(()), |sink| sink.absorb(part, from))
    }

    fn lead_in(&mut self, part: P, from: Origin) -> Result<(), S::Error> {
        self.as_mut().map_or(Ok(()), |sink| sink.lead_in(part, from))
    }

    fn settle(&mut self, before: Stamp) -> Result<(), S::Error> {
        self.as_mut().map_or(Ok(()), |sink| sink.settle(before))
    }

    fn finish(&mut self, at: Option<Stamp>) -> Result<(), S::Error> {
        self.as_mut().map_or(Ok(()), |sink| sink.finish(at))
    }
}
