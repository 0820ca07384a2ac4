//! What people read for a link.

use std::net::IpAddr;

use sip_filter::{Link, Names};

/// What stands for links that have no row of their own.
pub(crate) const OTHER_LINKS: &str = "other links";

/// The link with names in the place of its addresses, where they have any: `10.1.1.1<-5070->sbc1`.
pub(crate) fn link_name(link: &Link, names: &Names) -> String {
    let name = |address: IpAddr| names.of(address).map_or_else(|| address.to_string(), str::to_owned);
    format!("{}<-{}->{}", name(link.low()), link.port(), name(link.high()))
}
