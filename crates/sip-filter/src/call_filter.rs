//! Which calls are wanted, by their Call-ID.

use sip_scan::Message;

/// Messages that have one of the Call-IDs that were listed, byte for byte (RFC 3261, 8.1.1.4).
///
/// The scanner must keep what [`Want::Dialog`](sip_scan::Want::Dialog) asks for; else no message has a Call-ID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallFilter(Vec<String>);

impl CallFilter {
    /// Returns true if and only if `message` belongs to one of the calls.
    pub fn has(&self, message: &Message) -> bool {
        let call_id = message.dialog.as_ref().and_then(|dialog| dialog.call_id);
        call_id.is_some_and(|call_id| self.0.iter().any(|wanted| wanted.as_bytes() == call_id))
    }
}

impl FromIterator<String> for CallFilter {
    fn from_iter<I: IntoIterator<Item = String>>(call_ids: I) -> CallFilter {
        CallFilter(call_ids.into_iter().collect())
    }
}
