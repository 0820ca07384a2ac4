//! The type under which a message counts: the columns of a table.

use std::fmt;

use sip_scan::{Message, Method, StartLine};

/// The type under which a message counts. Types sort in the order of columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MessageType {
    /// An INVITE outside of a dialog.
    Invite,
    /// An INVITE within a dialog: its `To` bears a tag.
    ReInvite,
    /// Any other request, by its method.
    Request(Method),
    /// A response, by its code.
    Response(u16),
}

impl MessageType {
    /// The types of requests, in the order of columns.
    pub const REQUESTS: [MessageType; 16] = [
        MessageType::Invite,
        MessageType::ReInvite,
        MessageType::Request(Method::Bye),
        MessageType::Request(Method::Cancel),
        MessageType::Request(Method::Update),
        MessageType::Request(Method::Notify),
        MessageType::Request(Method::Subscribe),
        MessageType::Request(Method::Publish),
        MessageType::Request(Method::Ack),
        MessageType::Request(Method::Prack),
        MessageType::Request(Method::Refer),
        MessageType::Request(Method::Options),
        MessageType::Request(Method::Info),
        MessageType::Request(Method::Ping),
        MessageType::Request(Method::Register),
        MessageType::Request(Method::Message),
    ];

    /// The type of `message`.
    pub fn of(message: &Message) -> MessageType {
        match message.start_line {
            StartLine::Request(Method::Invite) if message.to_tag => MessageType::ReInvite,
            StartLine::Request(Method::Invite) => MessageType::Invite,
            StartLine::Request(method) => MessageType::Request(method),
            StartLine::Response(code) => MessageType::Response(code),
        }
    }

    /// A few bits that mostly differ between types; a cache finds its entry by them.
    pub fn bits(self) -> u32 {
        match self {
            MessageType::Invite => 1,
            MessageType::ReInvite => 2,
            MessageType::Request(method) => 3 + method as u32,
            MessageType::Response(code) => code.into(),
        }
    }
}

impl fmt::Display for MessageType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            MessageType::Invite => "INVITE",
            MessageType::ReInvite => "ReINVITE",
            MessageType::Request(method) => match method {
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
            MessageType::Response(code) => return f.pad(&code.to_string()),
        })
    }
}
