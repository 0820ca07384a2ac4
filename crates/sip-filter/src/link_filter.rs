//! Which links are wanted: by the addresses at their ends, and by the port.

use std::fmt;
use std::net::IpAddr;

use crate::link::Link;
use crate::names::Names;
use crate::network::Network;

/// Links that have one of the ends that were listed.
///
/// The list has `|` or `,` between: addresses, networks such as `10.2.0.0/16`, names, each also with the port that the link is
/// printed with (`10.2.2.2:5070`, `[2001:db8::1]:5070`), and links as they are printed (`10.1.1.1<-5070->10.2.2.2`).
///
/// ```
/// use sip_filter::{LinkFilter, Names};
///
/// let names = Names::parse(b"10.2.2.2 sbc\n")?;
/// let filter = LinkFilter::parse("sbc:5070, 10.3.0.0/16", &names)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkFilter(Vec<Pattern>);

/// One word of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pattern {
    one: End,
    /// The other end, where a whole link was given.
    other: Option<End>,
    port: Option<u16>,
}

/// The addresses of which one must be at the end of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
struct End(Vec<Network>);

impl LinkFilter {
    /// Reads a list in which the names of `names` may stand.
    ///
    /// # Errors
    ///
    /// A word is none of what may be listed.
    pub fn parse(list: &str, names: &Names) -> Result<LinkFilter, LinkFilterError> {
        let patterns = list.split(['|', ',']).map(str::trim);
        let patterns = patterns.map(|word| Pattern::parse(word, names).ok_or_else(|| LinkFilterError(word.to_owned())));
        patterns.collect::<Result<_, _>>().map(LinkFilter)
    }

    /// Returns true if and only if `link` is wanted.
    pub fn has(&self, link: &Link) -> bool {
        self.0.iter().any(|pattern| pattern.fits(link))
    }
}

impl Pattern {
    fn parse(word: &str, names: &Names) -> Option<Pattern> {
        let link = word.split_once("<-").and_then(|(one, rest)| {
            let (port, other) = rest.split_once("->")?;
            let (one, other) = (End::parse(one, names)?, End::parse(other, names)?);
            let port = Some(port_of(port)?);
            Some(Pattern {
                one,
                other: Some(other),
                port,
            })
        });
        let alone = |one: End, port| Pattern { one, other: None, port };
        let with_port = || {
            let (end, port) = word.rsplit_once(':')?;
            Some(alone(End::parse(end, names)?, Some(port_of(port)?)))
        };
        link.or_else(|| Some(alone(End::parse(word, names)?, None)))
            .or_else(with_port)
    }

    fn fits(&self, link: &Link) -> bool {
        let (low, high) = (link.low(), link.high());
        self.port.is_none_or(|port| port == link.port())
            && match &self.other {
                None => self.one.has(low) || self.one.has(high),
                Some(other) => (self.one.has(low) && other.has(high)) || (self.one.has(high) && other.has(low)),
            }
    }
}

impl End {
    /// An address or a network, in brackets or not, or a name.
    fn parse(text: &str, names: &Names) -> Option<End> {
        let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
        if let Ok(network) = bare.unwrap_or(text).parse() {
            return Some(End(vec![network]));
        }
        let networks = names.networks(text);
        (!networks.is_empty()).then(|| End(networks.to_vec()))
    }

    fn has(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }
}

/// Digits only: `parse` alone would also take a sign.
fn port_of(text: &str) -> Option<u16> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())?
}

/// A word that is none of what a [`LinkFilter`] is made of. The text says what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkFilterError(String);

impl fmt::Display for LinkFilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is neither an address nor a name that is known; expected a list, with | or , between, of addresses \
             (10.2.2.2), addresses with a port (10.2.2.2:5070, [2001:db8::1]:5070), networks (10.2.0.0/16), links as they \
             are printed (10.1.1.1<-5070->10.2.2.2), and known names",
            self.0.escape_debug()
        )
    }
}

impl std::error::Error for LinkFilterError {}

#[cfg(test)]
mod tests {
    use sip_scan::Method;

    use super::{Link, LinkFilter, LinkFilterError, Names};
    use crate::testing::{REQUEST_BYE, message};

    fn names() -> Names {
        Names::parse(b"10.2.2.2 sbc pair\n10.2.2.3 pair\n10.9.0.0/16 branch\n10.8.8.8 a:5070\n").unwrap()
    }

    fn parse(list: &str) -> Result<LinkFilter, LinkFilterError> {
        LinkFilter::parse(list, &names())
    }

    #[test]
    fn which_links_a_list_has() {
        let ends = [
            "10.1.1.1:1>10.2.2.2:5070",
            "10.2.2.2:1>10.1.1.1:5061",
            "10.2.2.3:1>10.9.9.9:5070",
            "[2001:db8::1]:1>10.8.8.8:5070",
        ];
        let links = ends.map(|ends| Link::of(&message("20170427:0844", ends, REQUEST_BYE, Method::Bye)));
        // A list, and a digit for each link that it has.
        for (list, expected) in [
            ("10.1.1.1", "01"),
            ("10.2.2.2", "01"),
            ("10.2.2.2:5070", "0"),
            ("10.2.2.2:5061", "1"),
            ("10.2.2.2:5060", ""),
            ("[10.2.2.2]:5070", "0"),
            ("10.2.0.0/16", "012"),
            ("10.2.0.0/16:5070", "02"),
            ("0.0.0.0/0", "0123"),
            ("::/0", "3"),
            ("2001:db8::1", "3"),
            ("[2001:db8::1]", "3"),
            ("[2001:db8::1]:5070", "3"),
            ("[2001:db8::/32]:5070", "3"),
            ("[2001:db8::1]:5061", ""),
            ("10.1.1.1<-5070->10.2.2.2", "0"),
            ("10.2.2.2<-5070->10.1.1.1", "0"),
            ("10.1.1.1<-5061->10.2.2.2", "1"),
            ("10.1.1.1<-5070->10.1.1.1", ""),
            ("10.2.2.2<-5070->10.2.2.2", ""),
            ("10.8.8.8<-5070->2001:db8::1", "3"),
            ("10.2.0.0/16<-5070->10.9.0.0/16", "2"),
            ("sbc<-5070->10.1.1.1", "0"),
            ("pair<-5070->branch", "2"),
            ("sbc", "01"),
            ("SBC:5061", "1"),
            ("pair", "012"),
            ("pair:5070", "02"),
            ("branch", "2"),
            ("a:5070", "3"),
            ("a:5070:5070", "3"),
            ("a:5070:5071", ""),
            ("sbc:5061, branch", "12"),
            ("sbc:5061|branch", "12"),
        ] {
            let filter = parse(list).expect(list);
            let found: String = (0..4)
                .filter(|&place| filter.has(&links[place]))
                .map(|place| place.to_string())
                .collect();
            assert_eq!(found, expected, "{list}");
        }
    }

    #[test]
    fn what_is_not_an_end() {
        for list in [
            "",
            "|",
            "10.2.2.2,",
            "sbc2",
            "10.2.2",
            "10.2.2.2:",
            "10.2.2.2:65536",
            "10.2.2.2:+1",
            "10.2.2.2:sip",
            ":5070",
            "10.1.1.1<-->10.2.2.2",
            "10.1.1.1<-x->10.2.2.2",
            "10.1.1.1<-5070-10.2.2.2",
            "<-5070->10.2.2.2",
            "10.1.1.1<-5070->",
            "[10.2.2.2",
            "\u{1b}[2J",
            "10.2.2.2 10.2.2.3",
        ] {
            let error = parse(list).expect_err(list);
            assert!(list.contains(&error.0), "{list}: {error}");
        }
        insta::assert_snapshot!(parse("10.1.1.1,\u{1b}").unwrap_err(), @r"`\u{1b}` is neither an address nor a name that is known; expected a list, with | or , between, of addresses (10.2.2.2), addresses with a port (10.2.2.2:5070, [2001:db8::1]:5070), networks (10.2.0.0/16), links as they are printed (10.1.1.1<-5070->10.2.2.2), and known names");
    }
}
