//! Messages that came after their window was closed.

use sip_filter::Window;

/// Messages that came after their window was closed. They are in no window that was handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Late {
    /// How many messages; at least one.
    pub messages: u64,
    /// The first of the windows to which they belong.
    pub first: Window,
    /// The last of these windows.
    pub last: Window,
}

impl Late {
    /// Both together.
    pub(crate) fn and(self, other: Late) -> Late {
        Late {
            messages: self.messages.saturating_add(other.messages),
            first: self.first.min(other.first),
            last: self.last.max(other.last),
        }
    }
}
