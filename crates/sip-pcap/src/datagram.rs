//! A SIP message as an IP packet with one UDP datagram.

use std::net::{IpAddr, SocketAddr};

use etherparse::{IpNumber, Ipv4Header, Ipv6Header, UdpHeader};

/// The most bytes of a message that fit into one datagram over IPv4: 65,535 without the headers of IP and UDP.
pub const MAX_TEXT: usize = 65_507;

/// How many hops a packet may go; most systems say so.
const HOPS: u8 = 64;

/// The packet that carries as much of `text` as fits into a datagram.
pub(crate) fn packet(source: SocketAddr, destination: SocketAddr, text: &[u8]) -> Box<[u8]> {
    let text = text.get(..MAX_TEXT).unwrap_or(text);
    match headers(source, destination, text) {
        Some(headers) => [headers.as_slice(), text].concat().into(),
        // Nothing that short is too long for a datagram.
        None => Box::default(),
    }
}

/// The headers of IP and UDP before `text`, with their checksums.
fn headers(source: SocketAddr, destination: SocketAddr, text: &[u8]) -> Option<Vec<u8>> {
    let ports = (source.port(), destination.port());
    let length = u16::try_from(text.len().checked_add(UdpHeader::LEN)?).ok()?;
    match (source.ip(), destination.ip()) {
        (IpAddr::V4(from), IpAddr::V4(to)) => {
            let mut ip = Ipv4Header::new(length, HOPS, IpNumber::UDP, from.octets(), to.octets()).ok()?;
            ip.header_checksum = ip.calc_header_checksum();
            let udp = UdpHeader::with_ipv4_checksum(ports.0, ports.1, &ip, text).ok()?;
            Some([ip.to_bytes().as_slice(), &udp.to_bytes()].concat())
        }
        (from, to) => {
            let ip = Ipv6Header {
                payload_length: length,
                next_header: IpNumber::UDP,
                hop_limit: HOPS,
                source: octets(from),
                destination: octets(to),
                ..Ipv6Header::default()
            };
            let udp = UdpHeader::with_ipv6_checksum(ports.0, ports.1, &ip, text).ok()?;
            Some([ip.to_bytes().as_slice(), &udp.to_bytes()].concat())
        }
    }
}

fn octets(address: IpAddr) -> [u8; 16] {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().octets(),
        IpAddr::V6(v6) => v6.octets(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader::opened;

    #[test]
    fn a_packet_bears_addresses_ports_and_the_text_with_right_checksums() {
        for (source, destination) in [
            ("10.2.1.2:50000", "10.1.1.1:5070"),
            ("255.255.255.255:65535", "0.0.0.0:0"),
            ("[2001:db8::1]:5060", "[::1]:5061"),
            ("10.2.1.2:50000", "[::1]:5061"),
        ] {
            let (source, destination): (SocketAddr, SocketAddr) =
                (source.parse().unwrap(), destination.parse().unwrap());
            for text in [&b"BYE sip:a SIP/2.0\r\n\r\n"[..], b"", b"odd"] {
                let packet = packet(source, destination, text);
                let opened = opened(&packet);
                let mapped = |end: SocketAddr| match (source, destination) {
                    (SocketAddr::V4(_), SocketAddr::V4(_)) | (SocketAddr::V6(_), SocketAddr::V6(_)) => end,
                    _ => SocketAddr::new(IpAddr::from(octets(end.ip())), end.port()),
                };
                assert_eq!(
                    (opened.source, opened.destination),
                    (mapped(source), mapped(destination))
                );
                assert_eq!(opened.text, text);
            }
        }
    }

    /// Else a program that looks at hops takes the packet for one that was on its way too long.
    #[test]
    fn a_packet_may_go_on_over_as_many_hops_as_usual() {
        for (source, place) in [("10.2.1.2:50000", 8), ("[2001:db8::1]:5060", 7)] {
            let end: SocketAddr = source.parse().unwrap();
            assert_eq!(packet(end, end, b"x").get(place), Some(&HOPS), "{source}");
        }
    }

    #[test]
    fn what_does_not_fit_is_cut() {
        let ends = [("10.2.1.2:5060", "10.1.1.1:5060"), ("[::2]:5060", "[::1]:5060")];
        for (source, destination) in
            ends.map(|(source, destination)| (source.parse().unwrap(), destination.parse().unwrap()))
        {
            for (length, fits) in [
                (MAX_TEXT - 1, MAX_TEXT - 1),
                (MAX_TEXT, MAX_TEXT),
                (MAX_TEXT + 1, MAX_TEXT),
            ] {
                let text: Vec<u8> = (0..length).map(|n| u8::try_from(n % 251).unwrap()).collect();
                let packet = packet(source, destination, &text);
                assert_eq!(opened(&packet).text, text[..fits], "{length}");
            }
        }
    }
}
