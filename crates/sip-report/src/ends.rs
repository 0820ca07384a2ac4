//! What rows say of a link.

use sip_filter::{Link, Names};

/// The two ends of a link, as rows have them.
#[derive(Debug, Default)]
pub(crate) struct Ends<'a> {
    pub(crate) near: String,
    pub(crate) far: String,
    /// The name of the far side; empty if it has none.
    pub(crate) name: &'a str,
    /// The port of the side that serves.
    pub(crate) port: u64,
}

impl<'a> Ends<'a> {
    /// Of a link, or of all links for which there was no room.
    pub(crate) fn of(link: Option<&Link>, names: &'a Names) -> Ends<'a> {
        link.map_or_else(Ends::default, |link| Ends {
            near: link.near().to_string(),
            far: link.far().to_string(),
            name: names.of(link.far()).unwrap_or_default(),
            port: link.port().into(),
        })
    }
}
