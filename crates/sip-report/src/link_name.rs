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

#[cfg(test)]
mod tests {
    use sip_scan::{Method, StartLine};

    use super::*;
    use crate::testing::message;

    #[test]
    fn what_links_are_called() {
        let link = |ends: &str| {
            Link::of(&message(
                "20170427:0844",
                ends,
                StartLine::Response(503),
                Method::Invite,
            ))
        };
        let long = "n".repeat(61);
        let names = format!(
            "10.1.1.1 sbc\n10.3.3.3 sbc\n10.2.2.2 cm\n10.4.4.4 {long}\n10.5.5.5 {}\n",
            "é".repeat(60)
        );
        let names = Names::parse(names.as_bytes()).unwrap();
        let (low, high) = (link("10.1.1.1:5060>10.2.2.2:1"), link("10.3.3.3:5060>10.2.2.2:1"));
        assert_eq!(link_name(&low, &names), "sbc<-5060->cm");
        assert_eq!(link_name(&high, &names), "cm<-5060->sbc");
        assert_eq!(same_name(&low, &names), same_name(&high, &names));
        for other in ["10.1.1.1:5061>10.2.2.2:1", "10.1.1.1:5060>10.2.2.3:1"] {
            assert_ne!(same_name(&low, &names), same_name(&link(other), &names));
        }
        let long = link("10.4.4.4:5060>10.5.5.5:1");
        let expected = format!("{}…<-5060->{}", "n".repeat(60), "é".repeat(60));
        assert_eq!(short_link_name(&long, &names), expected);
    }
}
