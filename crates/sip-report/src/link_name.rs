//! What people read for a link.

use std::net::IpAddr;

use sip_filter::{Link, Names};

/// What stands for links that have no row of their own.
pub(crate) const OTHER_LINKS: &str = "other links";

/// The most characters of one name on a page.
const SHORT: usize = 60;

/// The link with names in the place of its addresses, where they have any: `10.1.1.1<-5070->sbc1`.
pub(crate) fn link_name(link: &Link, names: &Names) -> String {
    between(link, ends(link, names))
}

/// The same, where long names are cut.
pub(crate) fn short_link_name(link: &Link, names: &Names) -> String {
    between(link, ends(link, names).map(|name| cut(&name, SHORT)))
}

/// What links have in common that are called the same, whichever end stands first.
pub(crate) fn same_name(link: &Link, names: &Names) -> String {
    let mut ends = ends(link, names);
    ends.sort_unstable();
    between(link, ends)
}

/// The text, of which no more than so many characters stand on a page.
pub(crate) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn ends(link: &Link, names: &Names) -> [String; 2] {
    let name = |address: IpAddr| names.of(address).map_or_else(|| address.to_string(), str::to_owned);
    [name(link.low()), name(link.high())]
}

fn between(link: &Link, [low, high]: [String; 2]) -> String {
    format!("{low}<-{}->{high}", link.port())
}
