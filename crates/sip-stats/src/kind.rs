//! The type of a message: what the columns of a table are.

use std::fmt;

use sip_scan::{Message, Method, Start};

/// The type under which a message counts; sorts as columns do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// An INVITE outside of a dialog.
    Invite,
    /// An INVITE within a dialog: its `To` bears a tag.
    ReInvite,
    /// Any other request, by its method.
    Request(Method),
    /// A response, by its code.
    Response(u16),
}

impl Kind {
    /// The types of requests, in the order of columns.
    pub const REQUESTS: [Kind; 16] = [
        Kind::Invite,
        Kind::ReInvite,
        Kind::Request(Method::Bye),
        Kind::Request(Method::Cancel),
        Kind::Request(Method::Update),
        Kind::Request(Method::Notify),
        Kind::Request(Method::Subscribe),
        Kind::Request(Method::Publish),
        Kind::Request(Method::Ack),
        Kind::Request(Method::Prack),
        Kind::Request(Method::Refer),
        Kind::Request(Method::Options),
        Kind::Request(Method::Info),
        Kind::Request(Method::Ping),
        Kind::Request(Method::Register),
        Kind::Request(Method::Message),
    ];

    /// The type of `message`.
    pub fn of(message: &Message) -> Kind {
        match message.start {
            Start::Request(Method::Invite) if message.to_tag => Kind::ReInvite,
            Start::Request(Method::Invite) => Kind::Invite,
            Start::Request(method) => Kind::Request(method),
            Start::Response(code) => Kind::Response(code),
        }
    }
}

impl Kind {
    /// Some bits that mostly differ where types do.
    pub(crate) fn bits(self) -> u32 {
        match self {
            Kind::Invite => 1,
            Kind::ReInvite => 2,
            Kind::Request(method) => 3 + method as u32,
            Kind::Response(code) => code.into(),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Kind::Invite => "INVITE",
            Kind::ReInvite => "ReINVITE",
            Kind::Request(method) => match method {
                Method::Invite => "INVITE",
                Method::Bye => "BYE",
                Method::Cancel => "CANCEL",
                Method::Update => "UPDATE",
                Method::Notify => "NOTIFY",
                Method::Subscribe => "SUBSCRIBE",
                Method::Publish => "PUBLISH",
                Method::Ack => "ACK",
                Method::Prack => "PRACK",
                Method::Refer => "REFER",
                Method::Options => "OPTIONS",
                Method::Info => "INFO",
                Method::Ping => "PING",
                Method::Register => "REGISTER",
                Method::Message => "MESSAGE",
                Method::Other => "other",
            },
            Kind::Response(code) => return f.pad(&code.to_string()),
        })
    }
}
