//! One dialog: its parties, and the text of each of its messages.

mod headers;

use std::net::Ipv4Addr;

use crate::synth::link::{CLIENT_PORTS, Direction, Link, Peer};
use crate::synth::message::{Headers, message, reason_phrase};
use crate::synth::random::Random;
use crate::synth::script::{Party, Say, Step};

const NAMES: &[&str] = &[
    "Ada Brook",
    "Ben Castle",
    "Cora Dale",
    "Front Desk",
    "Sales 2",
    "Meeting Room 4",
    "Van Elk",
];

/// A party of a dialog.
#[derive(Debug)]
struct User {
    number: u64,
    name: &'static str,
    tag: String,
    /// The port from which its requests come.
    client_port: u16,
    /// The `CSeq` number of its newest request.
    newest: u64,
    /// The `CSeq` number of its newest INVITE.
    invite: u64,
}

/// A dialog, with what stays the same in all of its messages.
#[derive(Debug)]
pub(crate) struct Dialog {
    link: &'static Link,
    server_side: Party,
    caller: User,
    called: User,
    call_id: String,
    session_id: String,
    branch_seed: u64,
    /// How many hosts a request of the peer passes before it is traced.
    hops: u64,
    random: Random,
}

impl Dialog {
    pub(crate) fn new(link: &'static Link, random: &mut Random) -> Self {
        let mut random = Random::new(random.number());
        let session = random.hex(16) + &random.hex(16);
        Self {
            link,
            server_side: if random.chance(50) {
                Party::Caller
            } else {
                Party::Called
            },
            caller: User::new(&mut random),
            called: User::new(&mut random),
            call_id: random.hex(16) + &random.hex(12),
            session_id: session,
            branch_seed: random.number(),
            hops: random.between(1, 4),
            random,
        }
    }

    /// The bytes of the record of `step`: header and message.
    pub(crate) fn record(&mut self, step: &Step) -> Vec<u8> {
        let direction = if step.by == self.server_side {
            Direction::Out
        } else {
            Direction::In
        };
        let is_request = !matches!(step.say, Say::Answer(..));
        let asking = if is_request { step.by } else { step.by.other() };
        let client_port = self.user(asking).client_port;
        let mut record = self.link.header(direction, is_request, client_port);
        record.extend(self.message(step).into_bytes());
        record
    }

    fn message(&mut self, step: &Step) -> String {
        let (method, asking) = match step.say {
            Say::Begin(method) | Say::Within(method) => (method, step.by),
            Say::Answer(_, method) => (method, step.by.other()),
        };
        let number = match step.say {
            Say::Answer(..) => self.user(asking).number_of(method),
            Say::Begin(_) | Say::Within(_) => self.user_mut(asking).next_number(method),
        };
        let four = self.first_four(step.say, asking, &format!("{number} {method}"));
        let mut others = self.vias(method, asking, number);
        let start_line = match step.say {
            Say::Answer(code, _) => {
                self.response_headers(&mut others, step.by, code, method);
                format!("SIP/2.0 {code} {}", reason_phrase(code))
            }
            Say::Begin(_) | Say::Within(_) => {
                self.request_headers(&mut others, step, method);
                format!("{method} {} SIP/2.0", self.uri(step.by.other()))
            }
        };
        let foreign = self.link.peer_kind == Peer::Foreign && step.by != self.server_side;
        let (mut headers, rest) = if foreign { (others, four) } else { (four, others) };
        headers.append(&rest);
        let address = self.address(step.by);
        let sender = self.user(step.by).number;
        message(
            &start_line,
            headers,
            step.body.content(sender, address, &mut self.random),
        )
    }

    /// The headers that the server and Session Manager write first.
    fn first_four(&self, say: Say, asking: Party, sequence: &str) -> Headers {
        let (from, to) = (self.user(asking), self.user(asking.other()));
        let tagged = match say {
            Say::Begin(_) => false,
            Say::Within(_) => true,
            Say::Answer(code, _) => code > 100,
        };
        let tag = if tagged {
            format!(";tag={}", to.tag)
        } else {
            String::new()
        };
        let mut headers = Headers::default();
        let name = from.name;
        headers.add(
            "From",
            format!("\"{name}\" <sip:{}@example.com>;tag={}", from.number, from.tag),
        );
        headers.add("To", format!("<sip:{}@example.com>{tag}", to.number));
        headers.add("Call-ID", &self.call_id);
        headers.add("CSeq", sequence);
        headers
    }

    /// One `Via` for each host that a request passed.
    fn vias(&self, method: &str, asking: Party, number: u64) -> Headers {
        // The branch of a CANCEL is that of the INVITE, which has the same number (RFC 3261, 9.1).
        let seed = self.branch_seed ^ (number << 2) ^ if method == "ACK" { 1 } else { 0 };
        let mut random = Random::new(seed ^ if asking == Party::Caller { 2 } else { 0 });
        let mut headers = Headers::default();
        let (transport, address) = (self.link.transport(), self.address(asking));
        let hops = self.hops_of(asking);
        for hop in 1..=hops {
            let branch = random.hex(16) + &random.hex(10);
            let passed = if hop < hops {
                format!("-AP;ft={}", 100 + hop)
            } else {
                String::new()
            };
            let port = self.port(asking);
            headers.add(
                "Via",
                format!("SIP/2.0/{transport} {address}:{port};branch=z9hG4bK{branch}{passed}"),
            );
        }
        headers
    }

    /// How many hosts a request of `party` passes before it is traced. The host of the party counts.
    fn hops_of(&self, party: Party) -> u64 {
        if party == self.server_side { 1 } else { self.hops }
    }

    fn uri(&self, party: Party) -> String {
        let (address, port) = (self.address(party), self.port(party));
        let transport = self.link.transport().to_lowercase();
        format!("sip:{}@{address}:{port};transport={transport}", self.user(party).number)
    }

    fn address(&self, party: Party) -> Ipv4Addr {
        if party == self.server_side {
            self.link.server
        } else {
            self.link.peer
        }
    }

    fn port(&self, party: Party) -> u16 {
        if party == self.server_side {
            self.link.server_port
        } else {
            self.link.peer_port
        }
    }

    fn user(&self, party: Party) -> &User {
        match party {
            Party::Caller => &self.caller,
            Party::Called => &self.called,
        }
    }

    fn user_mut(&mut self, party: Party) -> &mut User {
        match party {
            Party::Caller => &mut self.caller,
            Party::Called => &mut self.called,
        }
    }
}

impl User {
    fn new(random: &mut Random) -> Self {
        Self {
            number: random.between(40_000, 49_999),
            name: *random.pick(NAMES),
            tag: random.hex(16) + &random.hex(12),
            client_port: *random.pick(CLIENT_PORTS),
            newest: 0,
            invite: 0,
        }
    }

    fn next_number(&mut self, method: &str) -> u64 {
        if !matches!(method, "ACK" | "CANCEL") {
            self.newest += 1;
        }
        if method == "INVITE" {
            self.invite = self.newest;
        }
        self.number_of(method)
    }

    /// The `CSeq` number of the transaction that is open for `method`.
    fn number_of(&self, method: &str) -> u64 {
        if matches!(method, "INVITE" | "ACK" | "CANCEL") {
            self.invite
        } else {
            self.newest
        }
    }

    fn identity(&self) -> String {
        format!("\"{}\" <sip:{}@example.com>", self.name, self.number)
    }
}
