//! The packets that are written beside what is shown, or in its place.

use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::PathBuf;

use ecs_log::escape_path;
use sip_filter::Filter;
use sip_pcap::{Form, GatherPackets, MAX_TEXT, PacketSink, PacketWriter, Told};
use sip_scan::Order;

use crate::messages::{self, INCOMPLETE};
use crate::whole_file::{NotMade, WholeFile};

/// Which packets are asked for, and where they go.
#[derive(Clone, Debug)]
pub(crate) struct PcapRequest {
    pub(crate) to: To,
    /// Whether a file that is there may be replaced.
    pub(crate) may_replace: bool,
    /// Whether messages of damaged records are wanted too.
    pub(crate) damaged: bool,
    /// How packets are put in order.
    pub(crate) order: Order,
}

/// Where packets go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum To {
    /// To standard output, where nothing else goes then.
    Stdout,
    File(PathBuf),
}

/// What takes the packets.
pub(crate) type Packets<'a> = PacketSink<BufWriter<Box<dyn Write + 'a>>>;

/// The packets of one run.
#[derive(Debug)]
pub(crate) struct Pcap<'a> {
    request: Option<&'a PcapRequest>,
    file: Option<WholeFile>,
}

impl<'a> Pcap<'a> {
    /// Begins what is asked for, if anything is.
    ///
    /// # Errors
    ///
    /// There cannot be such a file.
    pub(crate) fn begin(request: Option<&'a PcapRequest>) -> Result<Pcap<'a>, NotMade> {
        let file = match request.map(|request| &request.to) {
            Some(To::File(path)) => Some(WholeFile::create(
                path,
                request.is_some_and(|request| request.may_replace),
            )?),
            Some(To::Stdout) | None => None,
        };
        Ok(Pcap { request, file })
    }

    /// What makes packets of messages.
    pub(crate) fn gather(&self, filter: &Filter) -> Option<GatherPackets> {
        self.request.map(|request| GatherPackets {
            filter: filter.clone(),
            damaged: request.damaged,
        })
    }

    /// Where all else goes, and what takes the packets.
    pub(crate) fn outputs<'w>(
        &'w self,
        stdout: impl Write + 'w,
    ) -> io::Result<(Box<dyn Write + 'w>, Option<Packets<'w>>)> {
        let Some(request) = self.request else {
            return Ok((Box::new(stdout), None));
        };
        let [main, packets]: [Box<dyn Write + 'w>; 2] = match &self.file {
            Some(file) => [Box::new(stdout), Box::new(file)],
            None => [Box::new(io::sink()), Box::new(stdout)],
        };
        let program = concat!(env!("CARGO_PKG_NAME"), " ").to_owned() + build_info::VERSION;
        let writer = PacketWriter::new(BufWriter::new(packets), request.to.form(), &program)?;
        Ok((main, Some(PacketSink::new(request.order, writer))))
    }

    /// Gives the file its name, and says what people must know of the packets; the exit status if that is not the one of
    /// the run.
    pub(crate) fn close(&self, told: Option<Told>, stderr: &mut impl Write) -> Option<u8> {
        let (Some(request), Some(told)) = (self.request, told) else {
            return None;
        };
        if let Some(Err(error)) = self.file.as_ref().map(WholeFile::keep) {
            return Some(messages::say(stderr, INCOMPLETE, &error.to_string()));
        }
        messages::say_all(stderr, &lines(&request.to, &told));
        None
    }

    /// The run ended with `error`, so there is no file. That is said also where nobody reads standard output, which is no
    /// error otherwise.
    pub(crate) fn give_up(&self, error: io::Error, stderr: &mut impl Write) -> io::Result<u8> {
        match &self.file {
            Some(file) if error.kind() == ErrorKind::BrokenPipe => {
                let error = file.not_made(&"not made, as nobody reads standard output");
                Ok(messages::say(stderr, INCOMPLETE, &error.to_string()))
            }
            _ => Err(error),
        }
    }
}

impl To {
    fn form(&self) -> Form {
        match self {
            To::File(path) if path.extension().is_some_and(|end| end.eq_ignore_ascii_case("pcap")) => Form::Pcap,
            To::File(_) | To::Stdout => Form::Pcapng,
        }
    }
}

/// What people should know of the packets, a line each.
fn lines(to: &To, told: &Told) -> Vec<String> {
    let name = match to {
        To::Stdout => "standard output".to_owned(),
        To::File(path) => escape_path(path),
    };
    let cut = format!("cut to the {MAX_TEXT} bytes that fit into a datagram");
    let all = [
        (
            told.left_out,
            "left out as damaged; --damaged writes them as far as they came",
        ),
        (told.cut, cut.as_str()),
        (
            told.behind,
            "not in the order of time: there was too much to hold, or a clock was set back",
        ),
    ];
    let noted = all.into_iter().filter(|(count, _)| *count > 0);
    let line = |(count, what): (u64, &str)| match count {
        1 => format!("{name}: 1 message {what}"),
        count => format!("{name}: {count} messages {what}"),
    };
    let nothing = (told.packets == 0).then(|| format!("{name}: no message to write; the file has no packet"));
    noted.map(line).chain(nothing).collect()
}
