//! Names for addresses, in the form of `/etc/hosts`.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::net::IpAddr;

use crate::network::Network;

/// The longest name that a host may have (RFC 1035, 2.3.4). Longer ones would tear a table apart.
const MAX_NAME: usize = 255;

/// Names for addresses.
///
/// The text is that of `/etc/hosts`: in each line an address and its names, with blanks between; what follows `#` is a comment.
/// The first name is shown, the others are known too. In the address's place may stand `10.2.0.0/16`, for all addresses that begin
/// so. Of several lines for one address the one with the longest prefix names it, of equal ones the first.
///
/// ```
/// let names = sip_filter::Names::parse(b"10.2.2.2 sbc sbc.example.com\n10.2.0.0/16 branch # all others\n")?;
/// assert_eq!(names.of([10, 2, 2, 2].into()), Some("sbc"));
/// assert_eq!(names.of([10, 2, 9, 9].into()), Some("branch"));
/// assert_eq!(names.of([10, 3, 0, 1].into()), None);
/// # Ok::<(), sip_filter::NamesError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// The name that is shown for the addresses of each network.
    shown: HashMap<Network, String>,
    /// How many bits the networks have, each once, the most last.
    n_bits: BTreeSet<u8>,
    /// Each name in lower case, and all it was given to.
    networks: HashMap<String, Vec<Network>>,
}

impl Names {
    /// Reads the text of a file.
    ///
    /// # Errors
    ///
    /// The first line that cannot be read, and why.
    pub fn parse(text: &[u8]) -> Result<Names, NamesError> {
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let mut names = Names::default();
        for (number, line) in (1..).zip(text.split(|&byte| byte == b'\n')) {
            names
                .add_line(line)
                .map_err(|reason| NamesError { line: number, reason })?;
        }
        Ok(names)
    }

    /// The name of `address`: that of the longest prefix.
    pub fn of(&self, address: IpAddr) -> Option<&str> {
        let networks = self
            .n_bits
            .iter()
            .rev()
            .filter_map(|&n_bits| Network::new(address, n_bits));
        networks
            .filter_map(|network| self.shown.get(&network))
            .map(String::as_str)
            .next()
    }

    /// All that was given the name, whatever the case of its letters.
    pub fn networks(&self, name: &str) -> &[Network] {
        let networks = self.networks.get(&name.to_lowercase());
        networks.map_or(&[], Vec::as_slice)
    }

    fn add_line(&mut self, line: &[u8]) -> Result<(), Reason> {
        let line = line.split(|&byte| byte == b'#').next().unwrap_or_default();
        let line = str::from_utf8(line).map_err(|_| Reason::NotUtf8)?;
        let mut words = line.split_ascii_whitespace();
        let Some(address) = words.next() else {
            return Ok(());
        };
        // A zone, as in `fe80::1%eth0`, is that of this computer. No log has one.
        let without_zone = address.split_once('%').map_or(address, |(address, _)| address);
        let network: Network = without_zone.parse().map_err(|()| Reason::Address(address.to_owned()))?;
        let mut words = words.peekable();
        let first = *words.peek().ok_or_else(|| Reason::NoName(address.to_owned()))?;
        for name in words {
            check(name)?;
            let networks = self.networks.entry(name.to_lowercase()).or_default();
            if !networks.contains(&network) {
                networks.push(network);
            }
        }
        self.n_bits.insert(network.n_bits());
        self.shown.entry(network).or_insert_with(|| first.to_owned());
        Ok(())
    }
}

/// Refuses a name that would steer a terminal or mislead its reader, or that is too long.
fn check(name: &str) -> Result<(), Reason> {
    // Of what does not stand for itself on a terminal, `escape_debug` gives the number: `\u{202e}`.
    let is_shown = |char: char| !char.is_control() && char.escape_debug().nth(1) != Some('u');
    if name.len() > MAX_NAME || !name.chars().all(is_shown) {
        return Err(Reason::Name(name.chars().take(MAX_NAME).collect()));
    }
    Ok(())
}

/// A file of [`Names`] that cannot be read. The text says which line, why, and what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamesError {
    line: u64,
    reason: Reason,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Reason {
    NotUtf8,
    Address(String),
    NoName(String),
    Name(String),
}

impl fmt::Display for NamesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        match &self.reason {
            Reason::NotUtf8 => f.write_str("it is not UTF-8")?,
            Reason::Address(word) => write!(f, "`{}` is not an address", word.escape_debug())?,
            Reason::NoName(address) => write!(f, "`{}` has no name", address.escape_debug())?,
            Reason::Name(name) => write!(f, "`{}` is not a name that can be shown", name.escape_debug())?,
        }
        f.write_str("; expected an address or a network and its names, such as 10.2.2.2 sbc or 10.2.0.0/16 branch")
    }
}

impl std::error::Error for NamesError {}

#[cfg(test)]
mod tests {
    use super::Names;

    #[track_caller]
    fn check(text: &str, table: &[(&str, Option<&str>)]) {
        let names = Names::parse(text.as_bytes()).unwrap();
        for (address, name) in table {
            assert_eq!(names.of(address.parse().unwrap()), *name, "{address}");
        }
    }

    #[test]
    fn the_longest_prefix_names_an_address() {
        check(
            "0.0.0.0/0 world\n10.2.2.0/24\tbranch  b\n10.2.2.2 sbc\n10.2.0.0/16 region\n10.2.2.2 later\n::1 self\n",
            &[
                ("10.2.2.2", Some("sbc")),
                ("10.2.2.3", Some("branch")),
                ("10.2.3.3", Some("region")),
                ("10.3.3.3", Some("world")),
                ("::1", Some("self")),
                ("::2", None),
            ],
        );
    }

    #[test]
    fn lines_as_hosts_files_have_them() {
        check(
            "\u{feff}# a comment\r\n\r\n  10.2.2.2   Sbc-1 sbc.example.com # another\r\n10.2.2.3 b#c\nfe80::1%lo0 local\n10.2.2.4 Müller",
            &[
                ("10.2.2.2", Some("Sbc-1")),
                ("10.2.2.3", Some("b")),
                ("fe80::1", Some("local")),
                ("10.2.2.4", Some("Müller")),
            ],
        );
        assert!(
            Names::parse(b"# caf\xe9\n10.2.2.2 sbc # \xe9\n").is_ok(),
            "a comment may be in any encoding"
        );
        check("", &[("10.2.2.2", None)]);
    }

    #[test]
    fn a_name_stands_for_all_that_it_was_given_to() {
        let names = Names::parse(b"10.2.2.2 sbc Trunk\n10.2.0.0/16 branch trunk\n10.2.2.2 TRUNK\n").unwrap();
        let networks = |texts: &[&str]| -> Vec<_> { texts.iter().map(|text| text.parse().unwrap()).collect() };
        assert_eq!(names.networks("sbc"), networks(&["10.2.2.2"]));
        assert_eq!(names.networks("tRunk"), networks(&["10.2.2.2", "10.2.0.0/16"]));
        assert!(names.networks("other").is_empty());
    }

    #[test]
    fn what_cannot_be_read() {
        let long = format!("10.2.2.2 {}", "n".repeat(256));
        assert!(Names::parse(&long.as_bytes()[..264]).is_ok());
        let texts = [
            b"10.2.2.2 sbc\n\nsbc 10.2.2.2".as_slice(),
            b"10.2.2.2",
            b"10.2.2.2/33 sbc",
            b"10.2.2.2 a\x1b[2J",
            b"10.2.2.2 a b\x07",
            "10.2.2.2 a\u{202e}".as_bytes(),
            "10.2.2.2 a\u{9b}31m".as_bytes(),
            "10.2.2.2 a\u{200b}".as_bytes(),
            b"10.2.2.2 M\xfcller",
            b"\x1b 10.2.2.2",
        ];
        let errors = texts.map(|text| Names::parse(text).unwrap_err().to_string());
        let errors = errors.map(|error| error.split("; expected").next().unwrap().to_owned());
        insta::assert_snapshot!(errors.join("\n"), @r"
        line 3: `sbc` is not an address
        line 1: `10.2.2.2` has no name
        line 1: `10.2.2.2/33` is not an address
        line 1: `a\u{1b}[2J` is not a name that can be shown
        line 1: `b\u{7}` is not a name that can be shown
        line 1: `a\u{202e}` is not a name that can be shown
        line 1: `a\u{9b}31m` is not a name that can be shown
        line 1: `a\u{200b}` is not a name that can be shown
        line 1: it is not UTF-8
        line 1: `\u{1b}` is not an address
        ");
        let error = Names::parse(long.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(&"n".repeat(255)), "{error}");
        assert!(error.ends_with("such as 10.2.2.2 sbc or 10.2.0.0/16 branch"), "{error}");
    }
}
