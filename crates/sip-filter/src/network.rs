//! Addresses that begin with the same bits, as `10.2.0.0/16` writes them (RFC 4632, 3.1; RFC 4291, 2.3).

use std::net::IpAddr;
use std::str::FromStr;

/// All addresses that begin with the same bits, or a single one.
///
/// It is written as an address, or as an address, `/` and how many bits: `10.2.2.2`, `10.2.0.0/16`, `2001:db8::/32`. The bits of
/// the address behind the prefix do not matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Network {
    address: IpAddr,
    n_bits: u8,
}

impl Network {
    /// The addresses that begin with the first `n_bits` bits of `address`. Returns `None` if it has not so many.
    pub fn new(address: IpAddr, n_bits: u8) -> Option<Network> {
        let left_out = |width: u8| width.checked_sub(n_bits).map(u32::from);
        let address = match address {
            IpAddr::V4(v4) => IpAddr::V4((v4.to_bits() & u32::MAX.checked_shl(left_out(32)?).unwrap_or(0)).into()),
            IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() & u128::MAX.checked_shl(left_out(128)?).unwrap_or(0)).into()),
        };
        Some(Network { address, n_bits })
    }

    /// How many bits the addresses have in common.
    pub fn n_bits(&self) -> u8 {
        self.n_bits
    }

    /// Returns true if and only if `address` is one of them.
    pub fn contains(&self, address: IpAddr) -> bool {
        address.is_ipv4() == self.address.is_ipv4() && Network::new(address, self.n_bits) == Some(*self)
    }
}

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Network {
        let n_bits = if address.is_ipv4() { 32 } else { 128 };
        Network { address, n_bits }
    }
}

impl FromStr for Network {
    type Err = ();

    fn from_str(text: &str) -> Result<Network, ()> {
        let Some((address, n_bits)) = text.split_once('/') else {
            return text.parse().map(|address: IpAddr| address.into()).map_err(|_| ());
        };
        // `parse` alone would also take a sign.
        let is_number = !n_bits.is_empty() && n_bits.bytes().all(|byte| byte.is_ascii_digit());
        let n_bits = n_bits.parse().ok().filter(|_| is_number).ok_or(())?;
        Network::new(address.parse().map_err(|_| ())?, n_bits).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::Network;

    #[test]
    fn what_a_network_holds() {
        for (network, inside, outside) in [
            ("10.2.2.2", "10.2.2.2", "10.2.2.3"),
            ("10.2.2.2/32", "10.2.2.2", "10.2.2.3"),
            ("10.2.2.2/31", "10.2.2.3", "10.2.2.4"),
            ("10.2.0.0/16", "10.2.255.255", "10.3.0.0"),
            ("10.2.3.4/16", "10.2.0.0", "10.1.255.255"),
            ("128.0.0.0/1", "255.255.255.255", "127.255.255.255"),
            ("0.0.0.0/0", "255.255.255.255", "::"),
            ("::/0", "ffff::", "0.0.0.0"),
            ("::1", "::1", "::2"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"),
            ("2001:db8::/128", "2001:db8::", "2001:db8::1"),
            ("::a02:202/128", "::a02:202", "10.2.2.2"),
        ] {
            let parsed: Network = network.parse().unwrap();
            assert!(parsed.contains(inside.parse().unwrap()), "{network} {inside}");
            assert!(!parsed.contains(outside.parse().unwrap()), "{network} {outside}");
        }
        assert_eq!("10.2.2.2/32".parse(), "10.2.2.2".parse::<Network>());
        assert_eq!("::1/128".parse(), "::1".parse::<Network>());
        assert_eq!("10.2.3.4/16".parse(), "10.2.0.0/16".parse::<Network>());
    }

    #[test]
    fn what_is_not_a_network() {
        for text in [
            "",
            "/",
            "10.2.2.2/",
            "/16",
            "10.2.2",
            "10.2.2.2/33",
            "10.2.2.2/-1",
            "10.2.2.2/+1",
            "10.2.2.2/256",
            "::1/129",
            "10.2.2.2/16/16",
            "10.2.2.2/255.255.0.0",
            "10.02.2.2",
            " 10.2.2.2",
            "[::1]",
            "sbc",
            "10.2.2.2:5060",
        ] {
            assert_eq!(text.parse::<Network>(), Err(()), "{text}");
        }
    }
}
