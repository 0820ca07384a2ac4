//! A link: two addresses between which messages go, and the port of the side that serves.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use sip_scan::{Direction, Message, StartLine};

/// Between which addresses messages go, in both directions and whichever side sends the requests.
///
/// Links sort as tables show them: by the lower address, then by the port, then by the higher address. Logs of two servers that
/// talk to each other have two links with the same addresses and port, which print the same: each server is the
/// near side of one of them. They stand next to each other in the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link {
    low: Address,
    port: u16,
    high: Address,
    /// Whether the near side has the lower address.
    is_near_low: bool,
}

/// An address as a number. Numbers compare in fewer steps than `IpAddr`, and in the same order: IPv4 first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Address {
    is_v6: bool,
    bits: u128,
}

/// One of the two sides of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The server in whose logs the messages stand.
    Near,
    /// The other side.
    Far,
}

impl From<IpAddr> for Address {
    fn from(address: IpAddr) -> Address {
        match address {
            IpAddr::V4(v4) => Address {
                is_v6: false,
                bits: v4.to_bits().into(),
            },
            IpAddr::V6(v6) => Address {
                is_v6: true,
                bits: v6.to_bits(),
            },
        }
    }
}

impl From<Address> for IpAddr {
    fn from(address: Address) -> IpAddr {
        match u32::try_from(address.bits) {
            Ok(bits) if !address.is_v6 => Ipv4Addr::from_bits(bits).into(),
            _ => Ipv6Addr::from_bits(address.bits).into(),
        }
    }
}

impl Side {
    /// The side that serves `message`: a request goes to it, a response comes from it.
    pub fn serving(message: &Message) -> Side {
        match (message.start_line, message.direction) {
            (StartLine::Request(_), Direction::In) | (StartLine::Response(_), Direction::Out) => Side::Near,
            (StartLine::Request(_), Direction::Out) | (StartLine::Response(_), Direction::In) => Side::Far,
        }
    }
}

impl Link {
    /// The link of `message`. Its port is that of the side that serves: where a request goes to, or a response comes from.
    pub fn of(message: &Message) -> Link {
        let (source, destination) = (message.source, message.destination);
        let port = match message.start_line {
            StartLine::Request(_) => destination.port(),
            StartLine::Response(_) => source.port(),
        };
        let (source, destination) = (Address::from(source.ip()), Address::from(destination.ip()));
        let order = source.cmp(&destination);
        let (low, high) = if order.is_le() {
            (source, destination)
        } else {
            (destination, source)
        };
        // Where both addresses are the same, the near side is the lower one for either direction.
        let is_near_low = match message.direction {
            Direction::In => order.is_ge(),
            Direction::Out => order.is_le(),
        };
        Link {
            low,
            port,
            high,
            is_near_low,
        }
    }

    /// The lower of the two addresses.
    pub fn low(&self) -> IpAddr {
        self.low.into()
    }

    /// The higher of the two addresses.
    pub fn high(&self) -> IpAddr {
        self.high.into()
    }

    /// The port of the side that serves.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The address of the server in whose logs the messages stand: messages that came in went to it.
    pub fn near(&self) -> IpAddr {
        if self.is_near_low { self.low() } else { self.high() }
    }

    /// The address of the other side: messages that came in came from it.
    pub fn far(&self) -> IpAddr {
        if self.is_near_low { self.high() } else { self.low() }
    }

    /// Whether both have the same addresses and port, and so print the same. They may have different near sides.
    pub fn prints_as(&self, other: &Link) -> bool {
        (self.low, self.port, self.high) == (other.low, other.port, other.high)
    }

    /// A few bits that mostly differ between links; a cache finds its entry by them.
    pub fn bits(&self) -> u32 {
        let [a, b] =
            [self.low.bits, self.high.bits].map(|bits| (bits & u128::from(u32::MAX)).try_into().unwrap_or(0u32));
        a.wrapping_mul(31)
            .wrapping_add(b)
            .wrapping_mul(31)
            .wrapping_add(self.port.into())
    }
}

/// `10.1.1.1<-5070->10.2.2.2`.
impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}<-{}->{}", self.low(), self.port, self.high())
    }
}

#[cfg(test)]
mod tests {
    use sip_scan::Method;

    use super::*;
    use crate::testing::{REQUEST_BYE, message, went_out};

    const RESPONSE: StartLine = StartLine::Response(200);

    fn link(ends: &str) -> Link {
        Link::of(&message("20170427:084412", ends, REQUEST_BYE, Method::Bye))
    }

    #[test]
    fn a_link_is_the_same_for_requests_and_responses_in_both_directions() {
        let table = [
            (REQUEST_BYE, "10.2.2.2:40000>10.1.1.1:5070", "10.1.1.1<-5070->10.2.2.2"),
            (RESPONSE, "10.1.1.1:5070>10.2.2.2:40000", "10.1.1.1<-5070->10.2.2.2"),
            (REQUEST_BYE, "10.1.1.1:40000>10.2.2.2:5070", "10.1.1.1<-5070->10.2.2.2"),
            (RESPONSE, "10.2.2.2:5070>10.1.1.1:40000", "10.1.1.1<-5070->10.2.2.2"),
            (REQUEST_BYE, "10.10.1.1:5061>10.9.1.1:5060", "10.9.1.1<-5060->10.10.1.1"),
            (
                REQUEST_BYE,
                "[2001:db8::1]:5061>10.9.1.1:5060",
                "10.9.1.1<-5060->2001:db8::1",
            ),
            (REQUEST_BYE, "[::1]:5061>[::2]:5060", "::1<-5060->::2"),
        ];
        for (start_line, ends, want) in table {
            let message = message("20170427:084412", ends, start_line, Method::Bye);
            for link in [Link::of(&message), Link::of(&went_out(message))] {
                assert_eq!(link.to_string(), want, "{start_line:?} {ends}");
                let parts = format!("{}<-{}->{}", link.low(), link.port(), link.high());
                assert_eq!(parts, want, "{start_line:?} {ends}");
            }
        }
    }

    #[test]
    fn the_near_side_is_the_server_in_whose_logs_a_message_stands() {
        let (low, high) = ("10.1.1.1:5070", "[::1]:5060");
        // Start line, source, destination; near address and serving side of the message that came in, then of the one that
        // went out.
        let table = [
            (REQUEST_BYE, low, high, ("::1", Side::Near), ("10.1.1.1", Side::Far)),
            (REQUEST_BYE, high, low, ("10.1.1.1", Side::Near), ("::1", Side::Far)),
            (RESPONSE, low, high, ("::1", Side::Far), ("10.1.1.1", Side::Near)),
            (RESPONSE, high, low, ("10.1.1.1", Side::Far), ("::1", Side::Near)),
        ];
        for (start_line, source, destination, came_in, sent) in table {
            let ends = format!("{source}>{destination}");
            let message = message("20170427:084412", &ends, start_line, Method::Bye);
            for (message, (near, serving)) in [(message, came_in), (went_out(message), sent)] {
                let link = Link::of(&message);
                assert_eq!(link.near().to_string(), near, "{message:?}");
                let far = if near == "::1" { "10.1.1.1" } else { "::1" };
                assert_eq!(link.far().to_string(), far, "{message:?}");
                assert_eq!(Side::serving(&message), serving, "{message:?}");
            }
        }
    }

    #[test]
    fn links_that_differ_in_the_near_side_alone_print_the_same_and_are_neighbours() {
        let message = message(
            "20170427:084412",
            "10.2.2.2:40000>10.1.1.1:5070",
            REQUEST_BYE,
            Method::Bye,
        );
        let (near_low, near_high) = (Link::of(&message), Link::of(&went_out(message)));
        assert_ne!(near_low, near_high);
        assert!(near_low.prints_as(&near_high));
        let others = [
            "10.2.2.2:1>10.1.1.1:5071",
            "10.2.2.3:1>10.1.1.1:5070",
            "10.2.2.2:1>10.1.1.2:5070",
        ]
        .map(link);
        let mut links = [[near_low, near_high].as_slice(), &others].concat();
        links.sort();
        let place = links.iter().position(|link| *link == near_low).unwrap();
        let other_place = links.iter().position(|link| *link == near_high).unwrap();
        assert_eq!(place.abs_diff(other_place), 1, "{links:?}");
        for other in others {
            assert!(!near_low.prints_as(&other), "{other}");
        }
    }

    #[test]
    fn a_server_that_talks_to_itself_has_one_link() {
        let message = message(
            "20170427:084412",
            "10.1.1.1:40000>10.1.1.1:5070",
            REQUEST_BYE,
            Method::Bye,
        );
        assert_eq!(Link::of(&message), Link::of(&went_out(message)));
    }

    #[test]
    fn links_sort_by_address_as_a_number_then_by_port() {
        let mut links = [
            "[::1]:1>10.9.1.1:5061",
            "10.10.1.1:1>10.9.1.1:5061",
            "10.10.1.1:1>10.9.1.1:443",
            "10.1.1.1:1>10.9.1.1:5060",
            "10.2.1.1:1>10.1.1.1:5060",
            "10.10.1.1:1>10.1.1.1:5060",
        ]
        .map(link);
        links.sort();
        assert_eq!(
            links.map(|link| link.to_string()),
            [
                "10.1.1.1<-5060->10.2.1.1",
                "10.1.1.1<-5060->10.9.1.1",
                "10.1.1.1<-5060->10.10.1.1",
                "10.9.1.1<-443->10.10.1.1",
                "10.9.1.1<-5061->10.10.1.1",
                "10.9.1.1<-5061->::1",
            ]
        );
    }

    #[test]
    fn links_mostly_differ_in_their_bits() {
        let (mut bits, mut n_links) = (std::collections::BTreeSet::new(), 0);
        for (a, b) in (0..40).flat_map(|a| (0..40).map(move |b| (a, b))) {
            for port in [5060, 5061] {
                bits.insert(link(&format!("10.1.{a}.1:1>10.2.2.{b}:{port}")).bits());
                n_links += 1;
            }
        }
        assert!(bits.len() > n_links / 2, "{} of {n_links}", bits.len());
    }
}
