//! A link: two addresses, and the port of the side that serves.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use sip_scan::{Message, Start};

/// Where messages run: both directions of it, whichever side asks; sorts by address, then port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link {
    low: Address,
    port: u16,
    high: Address,
}

/// An address as a number, which compares in fewer steps than `IpAddr`, and in the same order: IPv4 first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Address {
    is_v6: bool,
    bits: u128,
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

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match u32::try_from(self.bits) {
            Ok(bits) if !self.is_v6 => Ipv4Addr::from_bits(bits).fmt(f),
            _ => Ipv6Addr::from_bits(self.bits).fmt(f),
        }
    }
}

impl Link {
    /// The link of `message`; the serving port is the one a request goes to, or a response comes from.
    pub fn of(message: &Message) -> Link {
        let (source, destination) = (message.source, message.destination);
        let port = match message.start {
            Start::Request(_) => destination.port(),
            Start::Response(_) => source.port(),
        };
        let (source, destination) = (Address::from(source.ip()), Address::from(destination.ip()));
        Link {
            low: source.min(destination),
            port,
            high: source.max(destination),
        }
    }

    /// Some bits that mostly differ where links do.
    pub(crate) fn bits(&self) -> u32 {
        let [a, b] =
            [self.low.bits, self.high.bits].map(|bits| (bits & u128::from(u32::MAX)).try_into().unwrap_or(0u32));
        a.wrapping_mul(31)
            .wrapping_add(b)
            .wrapping_mul(31)
            .wrapping_add(self.port.into())
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}<-{}->{}", self.low, self.port, self.high)
    }
}

#[cfg(test)]
mod tests {
    use sip_scan::Method;

    use super::*;
    use crate::testing::message;

    #[test]
    fn one_link_for_both_directions_of_both() {
        let (request, response) = (Start::Request(Method::Bye), Start::Response(200));
        let table = [
            (request, "10.2.2.2:40000>10.1.1.1:5070", "10.1.1.1<-5070->10.2.2.2"),
            (response, "10.1.1.1:5070>10.2.2.2:40000", "10.1.1.1<-5070->10.2.2.2"),
            (request, "10.1.1.1:40000>10.2.2.2:5070", "10.1.1.1<-5070->10.2.2.2"),
            (response, "10.2.2.2:5070>10.1.1.1:40000", "10.1.1.1<-5070->10.2.2.2"),
            (request, "10.10.1.1:5061>10.9.1.1:5060", "10.9.1.1<-5060->10.10.1.1"),
            (
                request,
                "[2001:db8::1]:5061>10.9.1.1:5060",
                "10.9.1.1<-5060->2001:db8::1",
            ),
        ];
        for (start, ends, want) in table {
            let link = Link::of(&message("20170427:084412", ends, start, Method::Bye));
            assert_eq!(link.to_string(), want, "{start:?} {ends}");
        }
    }

    #[test]
    fn links_sort_by_address_as_a_number_then_by_port() {
        let request = Start::Request(Method::Bye);
        let mut links: Vec<Link> = [
            "10.10.1.1:1>10.9.1.1:5061",
            "10.10.1.1:1>10.9.1.1:443",
            "10.1.1.1:1>10.9.1.1:5060",
            "10.2.1.1:1>10.1.1.1:5060",
            "10.10.1.1:1>10.1.1.1:5060",
        ]
        .map(|ends| Link::of(&message("20170427:084412", ends, request, Method::Bye)))
        .to_vec();
        links.sort();
        let texts: Vec<String> = links.iter().map(Link::to_string).collect();
        assert_eq!(
            texts,
            [
                "10.1.1.1<-5060->10.2.1.1",
                "10.1.1.1<-5060->10.9.1.1",
                "10.1.1.1<-5060->10.10.1.1",
                "10.9.1.1<-443->10.10.1.1",
                "10.9.1.1<-5061->10.10.1.1",
            ]
        );
    }
}
