//! What the messages of one cell have in common.

use std::fmt;

use sip_filter::{MessageType, Side};
use sip_scan::{Direction, Message, Method, StartLine};

/// What the messages of one cell have in common, beside their window and their link: type, method of `CSeq`, and whether they
/// are responses, which the type tells of all but those of [`MessageType::Other`]. Keys sort in this order.
///
/// They are kept as one number, so that keys compare in one step.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CellKey(pub(crate) u32);

impl CellKey {
    /// Of `message`, which counts under `message_type`.
    pub fn of(message: &Message, message_type: MessageType) -> CellKey {
        let is_response = matches!(message.start_line, StartLine::Response(_));
        CellKey(u32::from(message_type.number()) << 8 | (message.cseq as u32) << 1 | u32::from(is_response))
    }

    /// The type under which they count.
    pub fn message_type(&self) -> MessageType {
        MessageType::of_number(u16::try_from(self.0 >> 8).unwrap_or(u16::MAX))
    }

    /// The method that their `CSeq` names.
    pub fn method(&self) -> Method {
        let method = self.0 >> 1 & 0x7f;
        let mut methods = MessageType::REQUESTS.iter().filter_map(|request| match request {
            MessageType::Request(method) => Some(*method),
            _ => None,
        });
        match method {
            0 => Method::Invite,
            _ => methods.find(|known| *known as u32 == method).unwrap_or(Method::Other),
        }
    }

    /// Whether they are responses.
    pub fn is_response(&self) -> bool {
        self.0 & 1 == 1
    }

    /// The side that serves the messages that went in `direction`: a request goes to it, a response comes from it.
    pub fn serving(&self, direction: Direction) -> Side {
        if self.is_response() == (direction == Direction::Out) {
            Side::Near
        } else {
            Side::Far
        }
    }

    /// Whether both count under the same type.
    pub(crate) fn has_type_of(&self, other: &CellKey) -> bool {
        self.0 >> 8 == other.0 >> 8
    }

    /// The key as a number, of which a few bits find the entry of a cache.
    pub(crate) fn bits(&self) -> u32 {
        self.0
    }
}

impl fmt::Debug for CellKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} {:?} {}",
            self.message_type(),
            self.method(),
            self.is_response()
        )
    }
}
