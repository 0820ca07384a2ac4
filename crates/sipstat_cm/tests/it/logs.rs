//! Makes logs: SIP messages, as the lines in which a server writes them.

use std::net::SocketAddrV4;

/// A message that came in at 08:44:12 from 10.2.2.2 to port 5070 of 10.1.1.1.
#[derive(Clone)]
pub(crate) struct Sip {
    stamp: String,
    process: String,
    first_byte: u8,
    ends: String,
    start: String,
    to: &'static str,
    cseq: String,
    call_id: String,
    per_line: usize,
    body: usize,
}

pub(crate) fn request(method: &str) -> Sip {
    Sip {
        stamp: "20170427:084412000".to_owned(),
        process: "capro(4711)".to_owned(),
        first_byte: 0x8a,
        ends: "10.2.2.2:40000>10.1.1.1:5070".to_owned(),
        start: format!("{method} sip:sm@example.com SIP/2.0"),
        to: "<sip:sm@example.com>",
        cseq: method.to_owned(),
        call_id: "5f0c7e".to_owned(),
        per_line: 64,
        body: 0,
    }
}

/// A response to `method`, from port 5070 of 10.1.1.1.
pub(crate) fn response(code: u16, method: &str) -> Sip {
    Sip {
        ends: "10.1.1.1:5070>10.2.2.2:40000".to_owned(),
        start: format!("SIP/2.0 {code} Whatever"),
        ..request(method)
    }
}

impl Sip {
    /// When: `20170427:084412`, with or without milliseconds.
    pub(crate) fn at(self, time: &str) -> Sip {
        let stamp = format!("{time:0<18}");
        Sip { stamp, ..self }
    }

    pub(crate) fn out(self) -> Sip {
        Sip {
            first_byte: 0x8b,
            ..self
        }
    }

    /// From and to: `10.2.2.2:40000>10.1.1.1:5070`.
    pub(crate) fn ends(self, ends: &str) -> Sip {
        let ends = ends.to_owned();
        Sip { ends, ..self }
    }

    /// Inside of a dialog.
    pub(crate) fn in_dialog(self) -> Sip {
        Sip {
            to: "<sip:sm@example.com>;tag=b2",
            ..self
        }
    }

    pub(crate) fn call(self, call_id: &str) -> Sip {
        let call_id = call_id.to_owned();
        Sip { call_id, ..self }
    }

    pub(crate) fn process(self, process: &str) -> Sip {
        let process = process.to_owned();
        Sip { process, ..self }
    }

    /// How many bytes stand on a line.
    pub(crate) fn per_line(self, per_line: usize) -> Sip {
        Sip { per_line, ..self }
    }

    /// How many bytes its body has.
    pub(crate) fn body(self, body: usize) -> Sip {
        Sip { body, ..self }
    }

    /// The lines of its record, each with its end.
    pub(crate) fn lines(&self) -> Vec<String> {
        let (source, destination) = self.ends.split_once('>').unwrap();
        let mut bytes = vec![self.first_byte];
        for end in [source, destination] {
            let end: SocketAddrV4 = end.parse().unwrap();
            bytes.push(4);
            bytes.extend(end.ip().octets());
            bytes.extend(end.port().to_be_bytes());
        }
        bytes.extend([0, 2]);
        let Sip {
            start,
            to,
            cseq,
            call_id,
            body,
            ..
        } = self;
        let text = format!(
            "{start}\r\nFrom: <sip:cm@example.com>;tag=a1\r\nTo: {to}\r\nCall-ID: {call_id}\r\nCSeq: 9 {cseq}\r\n\
             Content-Length: {body}\r\n\r\n"
        );
        bytes.extend(text.into_bytes());
        bytes.extend(b"x".repeat(*body));
        let line = |(n, part): (usize, &[u8])| {
            let size = if n == 0 {
                bytes.len().to_string()
            } else {
                "++++".to_owned()
            };
            let hex: Vec<String> = part.iter().map(|byte| format!("{byte:02x}")).collect();
            let Sip { stamp, process, .. } = self;
            format!("{stamp}:1001:{process}:MED:[MST  {size}  {}]\n", hex.join(" "))
        };
        bytes.chunks(self.per_line).enumerate().map(line).collect()
    }

    pub(crate) fn log(&self) -> String {
        self.lines().concat()
    }
}

/// The messages, one behind the other.
pub(crate) fn log(messages: &[Sip]) -> String {
    messages.iter().map(Sip::log).collect()
}
