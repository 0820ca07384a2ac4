//! A link: two addresses, and the port of the side that serves.

use std::fmt;
use std::net::IpAddr;

use sip_scan::{Message, Start};

/// Where messages run: both directions of it, whichever side asks; sorts by address, then port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link {
    low: IpAddr,
    port: u16,
    high: IpAddr,
}

impl Link {
    /// The link of `message`; the serving port is the one a request goes to, or a response comes from.
    pub fn of(message: &Message<'_>) -> Link {
        let (source, destination) = (message.source, message.destination);
        let port = match message.start {
            Start::Request(_) => destination.port(),
            Start::Response(_) => source.port(),
        };
        let (source, destination) = (source.ip(), destination.ip());
        Link {
            low: source.min(destination),
            port,
            high: source.max(destination),
        }
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}<-{}->{}", self.low, self.port, self.high)
    }
}
