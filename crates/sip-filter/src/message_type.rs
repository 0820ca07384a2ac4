//! The type under which a message counts: the columns of a table.

use std::fmt;
use std::ops::Range;

use sip_scan::{Message, Method, StartLine};

/// The codes that a response may have (RFC 3261, 7.2).
pub(crate) const CODES: Range<u16> = 100..700;

/// The numbers of classes begin here, behind those of all codes.
const FIRST_CLASS: u16 = 1000;

/// The number of the last type.
const OTHER_NUMBER: u16 = 2000;

/// What stands for all that has no name of its own. Nothing of what the message says reaches the output.
const OTHER: &str = "other";

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
    /// A response, by the first digit of its code.
    Class(u16),
    /// A request whose method is none of those that are told apart, or a response whose code is none of 100 to 699.
    Other,
}

impl MessageType {
    /// The types of requests that have a name, in the order of columns.
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
            StartLine::Request(Method::Other) => MessageType::Other,
            StartLine::Request(method) => MessageType::Request(method),
            StartLine::Response(code) if CODES.contains(&code) => MessageType::Response(code),
            StartLine::Response(_) => MessageType::Other,
        }
    }

    /// The first digit of the code of a response: 4 for 486. `None` for a request.
    pub fn class(self) -> Option<u16> {
        match self {
            MessageType::Response(code) => Some(code / 100),
            MessageType::Class(class) => Some(class),
            MessageType::Invite | MessageType::ReInvite | MessageType::Request(_) | MessageType::Other => None,
        }
    }

    /// The type under which a response counts where codes are summed by class. A request stays what it is.
    pub fn by_class(self) -> MessageType {
        self.class().map_or(self, MessageType::Class)
    }

    /// A number of its own. Numbers sort as types do, and compare in fewer steps.
    pub fn number(self) -> u16 {
        match self {
            MessageType::Invite => 0,
            MessageType::ReInvite => 1,
            MessageType::Request(method) => 1 + method as u16,
            MessageType::Response(code) => code,
            MessageType::Class(class) => FIRST_CLASS.saturating_add(class),
            MessageType::Other => OTHER_NUMBER,
        }
    }

    /// The type that has a number.
    pub fn of_number(number: u16) -> MessageType {
        let request = MessageType::REQUESTS.get(usize::from(number)).copied();
        request.unwrap_or(match number {
            OTHER_NUMBER.. => MessageType::Other,
            FIRST_CLASS.. => MessageType::Class(number.saturating_sub(FIRST_CLASS)),
            code => MessageType::Response(code),
        })
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
                Method::Other => OTHER,
            },
            MessageType::Other => OTHER,
            MessageType::Response(code) => return f.pad(&code.to_string()),
            MessageType::Class(class) => return f.pad(&format!("{class}xx")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::message;

    #[test]
    fn types_print_their_name_or_code_and_differ_in_their_bits() {
        let responses = [100, 200, 486, 699].map(MessageType::Response);
        let classes = responses.map(MessageType::by_class);
        let types = [
            MessageType::REQUESTS.as_slice(),
            &responses,
            &classes,
            &[MessageType::Other],
        ]
        .concat();
        let names: Vec<String> = types.iter().map(|message_type| format!("{message_type:>9}")).collect();
        insta::assert_snapshot!(names.join("\n"));
        let numbers: Vec<u16> = types.iter().map(|message_type| message_type.number()).collect();
        assert!(numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");
        let again: Vec<MessageType> = numbers.into_iter().map(MessageType::of_number).collect();
        assert_eq!(again, types);
        assert!(types.is_sorted(), "the order of columns");
    }

    #[test]
    fn a_response_has_a_class() {
        let response = MessageType::Response(486);
        assert_eq!(response.class(), Some(4));
        assert_eq!(response.by_class(), MessageType::Class(4));
        assert_eq!(MessageType::Class(4).class(), Some(4));
        for request in MessageType::REQUESTS {
            assert_eq!((request.class(), request.by_class()), (None, request));
        }
    }

    #[test]
    fn an_invite_within_a_dialog_is_a_type_of_its_own() {
        let of = |start_line, to_tag| {
            let message = Message {
                to_tag,
                ..message("20170427:0844", "10.2.2.2:1>10.1.1.1:5070", start_line, Method::Invite)
            };
            MessageType::of(&message)
        };
        let invite = StartLine::Request(Method::Invite);
        assert_eq!(of(invite, false), MessageType::Invite);
        assert_eq!(of(invite, true), MessageType::ReInvite);
        assert_eq!(
            of(StartLine::Request(Method::Ack), true),
            MessageType::Request(Method::Ack)
        );
        assert_eq!(of(StartLine::Response(200), true), MessageType::Response(200));
    }

    #[test]
    fn what_has_no_name_is_one_type() {
        let table = [
            (StartLine::Request(Method::Other), "other"),
            (StartLine::Response(100), "100"),
            (StartLine::Response(699), "699"),
            (StartLine::Response(700), "other"),
            (StartLine::Response(999), "other"),
        ];
        for (start_line, name) in table {
            let message = message("20170427:0844", "10.2.2.2:1>10.1.1.1:5070", start_line, Method::Other);
            assert_eq!(MessageType::of(&message).to_string(), name, "{start_line:?}");
        }
    }
}
