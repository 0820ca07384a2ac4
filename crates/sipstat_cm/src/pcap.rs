//! The packets that are written beside what is shown, or in its place.

use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::PathBuf;

use ecs_log::{Request, escape_path};
use sip_filter::Filter;
use sip_pcap::{Form, GatherPackets, PacketSink, PacketWriter};
use sip_scan::Order;
use whole_file::{NotMade, WholeFile, Why};

use crate::messages::{self, INCOMPLETE};

/// Which packets are asked for, and where they go.
#[derive(Clone, Debug)]
pub(crate) struct PcapRequest {
    /// The file; none is standard output, where nothing else goes then.
    pub(crate) file: Option<PathBuf>,
    /// Whether a file that is there may be replaced.
    pub(crate) may_replace: bool,
    /// Whether messages of damaged records are wanted too.
    pub(crate) damaged: bool,
    /// How packets are put in order.
    pub(crate) order: Order,
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
    /// There cannot be such a file, or it would take the place of one of the `inputs`.
    pub(crate) fn begin(request: Option<&'a PcapRequest>, inputs: &Request) -> Result<Pcap<'a>, NotMade> {
        let file = request.and_then(|request| Some((request.file.as_ref()?, request.may_replace)));
        let create = |(path, may_replace): (&PathBuf, bool)| match inputs.may_read(path) {
            true => Err(NotMade::new(path, Why::IsRead)),
            false => WholeFile::create(path, may_replace, this_process::catch_signals()),
        };
        let file = file.map(create).transpose()?;
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
        let form = request.file.as_deref().map_or(Form::Pcapng, Form::of);
        let writer = PacketWriter::new(BufWriter::new(packets), form, &program)?;
        Ok((main, Some(PacketSink::new(request.order, writer))))
    }

    /// Gives the file its name, and says what people must know of the packets; the exit status if that is not the one of
    /// the run.
    pub(crate) fn close(&self, packets: Option<Packets<'_>>, stderr: &mut impl Write) -> Option<u8> {
        let told = packets?.told();
        if let Some(Err(error)) = self.file.as_ref().map(WholeFile::keep) {
            return Some(messages::say(stderr, INCOMPLETE, &messages::of_file(&error)));
        }
        let path = self.request.and_then(|request| request.file.as_deref());
        let name = path.map_or_else(|| "standard output".to_owned(), escape_path);
        messages::say_all(stderr, &told.lines(&name));
        None
    }

    /// The run ended with `error`, so there is no file. That is said also where nobody reads standard output, which is no
    /// error otherwise.
    pub(crate) fn give_up(&self, error: io::Error, stderr: &mut impl Write) -> io::Result<u8> {
        match &self.file {
            Some(file) if error.kind() == ErrorKind::BrokenPipe => {
                let path = escape_path(file.path());
                let line = format!("{path}: not made, as nobody reads standard output");
                Ok(messages::say(stderr, INCOMPLETE, &line))
            }
            _ => Err(error),
        }
    }
}
