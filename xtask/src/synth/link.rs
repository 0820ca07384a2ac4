//! The links of the server to its peers, and the header with which each record of a message begins.

use std::net::Ipv4Addr;

/// What the peer is. It shows in the order of the headers that it writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Peer {
    /// Writes `From, To, Call-ID, CSeq` first, as the server itself does.
    SessionManager,
    /// Writes them last.
    Foreign,
}

/// Which way a message went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    In,
    Out,
}

/// The addresses of server and peer, and the port on which each of them serves.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) server: Ipv4Addr,
    pub(crate) server_port: u16,
    pub(crate) peer: Ipv4Addr,
    pub(crate) peer_port: u16,
    pub(crate) peer_kind: Peer,
    pub(crate) tls: bool,
}

/// All links. A link that is listed twice is used twice as much.
pub(crate) const LINKS: &[Link] = &[
    session_manager([10, 1, 1, 1], [10, 1, 2, 11], 5061),
    session_manager([10, 1, 1, 1], [10, 1, 2, 11], 5061),
    session_manager([10, 1, 1, 1], [10, 1, 2, 12], 5061),
    session_manager([10, 1, 1, 1], [10, 1, 2, 12], 5070),
    session_manager([10, 1, 1, 2], [10, 2, 2, 11], 5060),
    Link {
        server_port: 5062,
        ..session_manager([10, 1, 1, 2], [10, 2, 2, 12], 5061)
    },
    foreign([10, 1, 1, 1], [10, 9, 1, 5], 5060),
    foreign([10, 1, 1, 1], [192, 0, 2, 40], 5061),
];

/// Ports from which connections are opened.
pub(crate) const CLIENT_PORTS: &[u16] = &[16_211, 20_518, 27_402, 33_750, 41_997, 49_160, 54_083, 61_224];

const fn session_manager(server: [u8; 4], peer: [u8; 4], port: u16) -> Link {
    Link {
        peer_kind: Peer::SessionManager,
        ..foreign(server, peer, port)
    }
}

const fn foreign(server: [u8; 4], peer: [u8; 4], port: u16) -> Link {
    let [a, b, c, d] = server;
    let [e, f, g, h] = peer;
    Link {
        server: Ipv4Addr::new(a, b, c, d),
        server_port: port,
        peer: Ipv4Addr::new(e, f, g, h),
        peer_port: port,
        peer_kind: Peer::Foreign,
        tls: port != 5060,
    }
}

impl Link {
    /// The name of the transport in a `Via`.
    pub(crate) fn transport(&self) -> &'static str {
        if self.tls { "TLS" } else { "TCP" }
    }

    /// The 17 bytes before the message. A request goes from a port of the client to the port on which the other side serves, and
    /// a response goes back the same way.
    pub(crate) fn header(&self, direction: Direction, is_request: bool, client_port: u16) -> Vec<u8> {
        let (server_port, peer_port) = match (direction, is_request) {
            (Direction::Out, true) | (Direction::In, false) => (client_port, self.peer_port),
            (Direction::In, true) | (Direction::Out, false) => (self.server_port, client_port),
        };
        let server = (self.server, server_port);
        let peer = (self.peer, peer_port);
        let (record_type, from, to) = match direction {
            Direction::In => (0x8a, peer, server),
            Direction::Out => (0x8b, server, peer),
        };
        let mut header = vec![record_type];
        for (address, port) in [from, to] {
            header.push(4);
            header.extend(address.octets());
            header.extend(port.to_be_bytes());
        }
        header.extend([0, if self.tls { 2 } else { 1 }]);
        header
    }
}

#[cfg(test)]
mod tests {
    use super::{Direction, LINKS};

    #[test]
    fn a_request_in_goes_to_the_port_of_the_server() {
        let header = LINKS[0].header(Direction::In, true, 54_083);
        assert_eq!(header.len(), 17);
        assert_eq!(header[..6], [0x8a, 4, 10, 1, 2, 11]);
        assert_eq!(header[6..], [0xd3, 0x43, 4, 10, 1, 1, 1, 0x13, 0xc5, 0, 2]);
    }

    #[test]
    fn a_response_in_comes_from_the_port_of_the_peer() {
        let header = LINKS[0].header(Direction::In, false, 54_083);
        assert_eq!(header[..8], [0x8a, 4, 10, 1, 2, 11, 0x13, 0xc5]);
        assert_eq!(header[8..], [4, 10, 1, 1, 1, 0xd3, 0x43, 0, 2]);
    }
}
