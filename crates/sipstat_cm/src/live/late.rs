//! Messages that came when the table of their time had been printed.

use sip_stats::{Counts, Window};

/// How many, and from which windows, since it was last told.
#[derive(Clone, Debug, Default)]
pub(crate) struct Late {
    windows: Option<(Window, Window)>,
    messages: u64,
}

impl Late {
    /// Notes what of `counts` lies in windows that are written: all up to `written`.
    pub(crate) fn note(&mut self, counts: &Counts, written: Option<Window>) {
        let Some(written) = written else {
            return;
        };
        for (window, cells) in counts.windows.range(..=written).filter(|(_, cells)| !cells.is_empty()) {
            let (first, last) = self.windows.unwrap_or((*window, *window));
            self.windows = Some((first.min(*window), last.max(*window)));
            self.messages = self.messages.saturating_add(cells.messages());
        }
    }

    /// What is to be told, once.
    pub(crate) fn take(&mut self) -> Option<String> {
        let (first, last) = self.windows.take()?;
        let messages = match std::mem::take(&mut self.messages) {
            1 => "1 message".to_owned(),
            messages => format!("{messages} messages"),
        };
        Some(if first == last {
            format!("{messages} of {first} not counted: the table was printed before")
        } else {
            format!("{messages} of {first} to {last} not counted: the tables were printed before")
        })
    }
}
