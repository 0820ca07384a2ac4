//! How much of each message is wanted.

use crate::start_line::{Method, StartLine};

/// How much of each SIP message a [`Gather`](crate::Gather) needs. What is not wanted is not kept and not decoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Want {
    /// The start line, the method of `CSeq` and, for an INVITE, whether `To` bears a tag.
    #[default]
    Head,
    /// Of such messages also what tells dialogs and transactions apart (RFC 3261, 12 and 17).
    Dialog(Messages),
    /// Of such messages also the whole text.
    Text(Messages),
    /// Of such messages both.
    DialogAndText(Messages),
}

/// Messages, by the method of their `CSeq`, and by whether they are requests or of which class their code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Messages {
    /// A bit for each method.
    methods: u16,
    /// A bit for requests, and one for each class of codes.
    starts: u16,
}

impl Messages {
    /// All messages.
    pub const ALL: Messages = Messages {
        methods: u16::MAX,
        starts: u16::MAX,
    };

    /// Those whose `CSeq` has a method for which `has_method` says so, and with such a start line. Of a class of responses all count if
    /// one does.
    pub fn of(has_method: impl Fn(Method) -> bool, has_requests: bool, has_code: impl Fn(u16) -> bool) -> Messages {
        let named = Method::NAMES.iter().map(|(method, _)| *method);
        let methods = named.chain([Method::Other]).filter(|method| has_method(*method));
        let codes = (0..1000).filter(|code| has_code(*code)).map(StartLine::Response);
        let starts = has_requests
            .then_some(StartLine::Request(Method::Other))
            .into_iter()
            .chain(codes);
        Messages {
            methods: methods.fold(0, |bits, method| bits | method_bit(method)),
            starts: starts.fold(0, |bits, start| bits | start_bit(start)),
        }
    }

    /// Whether a message is one of these.
    fn has(self, start_line: StartLine, cseq: Method) -> bool {
        self.methods & method_bit(cseq) != 0 && self.starts & start_bit(start_line) != 0
    }

    /// These and others. There may be a few more in it: it is by method and by start line apart.
    fn and(self, other: Messages) -> Messages {
        Messages {
            methods: self.methods | other.methods,
            starts: self.starts | other.starts,
        }
    }
}

impl Want {
    /// What this wants, and what `other` wants.
    pub fn and(self, other: Want) -> Want {
        match (self, other) {
            (Want::Head, want) | (want, Want::Head) => want,
            (Want::Dialog(some), Want::Dialog(others)) => Want::Dialog(some.and(others)),
            (Want::Text(some), Want::Text(others)) => Want::Text(some.and(others)),
            (
                Want::Dialog(some) | Want::Text(some) | Want::DialogAndText(some),
                Want::Dialog(others) | Want::Text(others) | Want::DialogAndText(others),
            ) => Want::DialogAndText(some.and(others)),
        }
    }

    /// Of which messages more than the head is wanted, if of any.
    fn messages(self) -> Option<Messages> {
        match self {
            Want::Head => None,
            Want::Dialog(messages) | Want::Text(messages) | Want::DialogAndText(messages) => Some(messages),
        }
    }

    /// Whether more than the head is wanted of any message.
    pub(crate) fn is_more(self) -> bool {
        self.messages().is_some()
    }

    /// Whether more than the head is wanted of such a message.
    pub(crate) fn is_more_of(self, start_line: StartLine, cseq: Method) -> bool {
        self.messages().is_some_and(|messages| messages.has(start_line, cseq))
    }
}

fn method_bit(method: Method) -> u16 {
    1 << (method as u16)
}

fn start_bit(start_line: StartLine) -> u16 {
    match start_line {
        StartLine::Request(_) => 1 << 10,
        StartLine::Response(code) => 1 << (code / 100 % 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_by_method_and_start_line() {
        let some = Messages::of(|method| method == Method::Invite, true, |code| code == 486);
        let (bye, invite) = (StartLine::Request(Method::Bye), StartLine::Request(Method::Invite));
        for (start_line, cseq, want) in [
            (invite, Method::Invite, true),
            (bye, Method::Bye, false),
            (StartLine::Response(486), Method::Invite, true),
            (StartLine::Response(404), Method::Invite, true),
            (StartLine::Response(503), Method::Invite, false),
            (StartLine::Response(486), Method::Bye, false),
            (StartLine::Response(486), Method::Other, false),
        ] {
            assert_eq!(some.has(start_line, cseq), want, "{start_line:?} {cseq:?}");
            assert!(Messages::ALL.has(start_line, cseq));
            assert_eq!(Want::Dialog(some).is_more_of(start_line, cseq), want);
            assert!(!Want::Head.is_more_of(start_line, cseq));
        }
        let responses = Messages::of(|method| method == Method::Other, false, |code| code == 200);
        assert!(!responses.has(StartLine::Request(Method::Other), Method::Other));
        assert!(responses.has(StartLine::Response(200), Method::Other));
        assert!(some.and(responses).has(StartLine::Response(200), Method::Invite));
    }

    #[test]
    fn what_two_want() {
        let invites = Messages::of(|method| method == Method::Invite, true, |_| true);
        let byes = Messages::of(|method| method == Method::Bye, true, |_| true);
        let both = invites.and(byes);
        for (one, other, want) in [
            (Want::Head, Want::Head, Want::Head),
            (Want::Head, Want::Dialog(byes), Want::Dialog(byes)),
            (Want::Dialog(invites), Want::Dialog(byes), Want::Dialog(both)),
            (Want::Dialog(invites), Want::Text(byes), Want::DialogAndText(both)),
            (
                Want::DialogAndText(invites),
                Want::Text(byes),
                Want::DialogAndText(both),
            ),
            (Want::DialogAndText(invites), Want::Head, Want::DialogAndText(invites)),
            (Want::Text(invites), Want::Head, Want::Text(invites)),
            (Want::Text(invites), Want::Text(byes), Want::Text(both)),
        ] {
            assert_eq!((one.and(other), other.and(one)), (want, want));
        }
        assert!(!Want::Head.is_more() && Want::Dialog(byes).is_more());
    }
}
