//! What is made beside that.

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use sip_scan::Order;

use crate::pcap::PcapRequest;

/// The heading of options that belong nowhere else.
pub(super) const BESIDE: &str = "Beside that";

/// Options that say what is made beside that.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = BESIDE)]
pub(super) struct Beside {
    /// Also write the messages as packets, for Wireshark, to FILE: pcapng, or pcap where the name ends in .pcap; to standard
    /// output in the place of all else where FILE is -, and only so with -f. Their times are those of the server's clock,
    /// written as if it showed UTC. By default, with it all requests and responses count
    #[arg(long, value_name = "FILE")]
    pcap: Option<PathBuf>,

    /// Replace FILE where it is there already
    #[arg(long, requires = "pcap")]
    force: bool,

    /// Also write messages of damaged records as packets, as far as they came
    #[arg(long, requires = "pcap")]
    damaged: bool,
}

impl Beside {
    /// Whether packets are wanted.
    pub(super) fn has_pcap(&self) -> bool {
        self.pcap.is_some()
    }

    /// Which packets are wanted.
    ///
    /// # Errors
    ///
    /// One line that says where they cannot go.
    pub(super) fn into_pcap(self, is_live: bool, order: Order) -> Result<Option<PcapRequest>, String> {
        let file = match self.pcap {
            None => return Ok(None),
            Some(path) if path.as_os_str() == "-" => None,
            Some(path) => Some(path),
        };
        match file {
            None if io::stdout().is_terminal() => {
                Err("--pcap -: standard output is a terminal; name a file, or send it to another program".to_owned())
            }
            Some(_) if is_live => Err(
                "--pcap FILE: logs that are followed have no end, and a file must be whole; use --pcap -".to_owned(),
            ),
            file => Ok(Some(PcapRequest {
                file,
                may_replace: self.force,
                damaged: self.damaged,
                order,
            })),
        }
    }
}
