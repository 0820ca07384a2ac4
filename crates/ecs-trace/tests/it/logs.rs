//! Makes logs: SIP messages, as the lines in which a server writes them, cut into files anywhere.

use std::fs;
use std::path::Path;

/// Numbers that look random and are the same each time.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// A number below `limit`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

/// A message that a test has written.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    /// The time of day, `HHMMSSmmm`.
    pub(crate) time: String,
    pub(crate) is_out: bool,
    /// The whole SIP message.
    pub(crate) text: String,
    process: usize,
}

impl Written {
    /// A BYE at a time of day, by one of some processes.
    pub(crate) fn bye(time: &str, process: usize) -> Written {
        Written {
            time: format!("{time:0<9}"),
            is_out: process % 2 == 1,
            text: format!(
                "BYE sip:{time}@example.com SIP/2.0\r\nFrom: <sip:cm@example.com>;tag=a1\r\nTo: <sip:sm@example.com>\r\n\
                 Call-ID: {time}-{process}\r\nCSeq: 2 BYE\r\nContent-Length: 0\r\n\r\n"
            ),
            process,
        }
    }

    /// The lines of its record, each with its end.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut bytes = vec![if self.is_out { 0x8b } else { 0x8a }];
        bytes.extend(b"\x04\x0a\x02\x02\x02\x9c\x40\x04\x0a\x01\x01\x01\x13\xce\x00\x02");
        bytes.extend(self.text.as_bytes());
        let line = |(n, part): (usize, &[u8])| {
            let size = if n == 0 {
                bytes.len().to_string()
            } else {
                "++++".to_owned()
            };
            let hex: Vec<String> = part.iter().map(|byte| format!("{byte:02x}")).collect();
            let Written { time, process, .. } = self;
            format!(
                "20170427:{time}:1001:capro({process}):MED:[MST  {size}  {}]\n",
                hex.join(" ")
            )
        };
        bytes.chunks(64).enumerate().map(line).collect()
    }
}

/// A log: what it is called, and what it holds.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) content: Vec<u8>,
}

/// Where a message begins: in which log, and on which of its lines, from 1.
pub(crate) type Place = (usize, u64);

/// Messages, the logs that hold them, and where each of them begins.
pub(crate) struct Traffic {
    pub(crate) messages: Vec<(Written, Place)>,
    pub(crate) files: Vec<File>,
}

impl Traffic {
    /// Messages of three processes whose lines interleave, in `count` logs that are cut anywhere, also within lines. One
    /// of them is empty.
    pub(crate) fn new(random: &mut Random, count: usize) -> Traffic {
        let mut pending: [Vec<String>; 3] = Default::default();
        let (mut content, mut begun) = (Vec::new(), Vec::new());
        for n in 0..count * 12 {
            let process = random.below(3);
            if pending[process].is_empty() {
                let time = format!("0800{:02}{:03}", n / 200, n % 200 * 5);
                let message = Written::bye(&time, process);
                pending[process] = message.lines();
                begun.push((message, content.len()));
            }
            content.extend(pending[process].remove(0).into_bytes());
        }
        for line in pending.iter().flatten() {
            content.extend(line.as_bytes());
        }
        // No record goes on over more logs than it may.
        let size = content.len() / (count - 1);
        let mut ends: Vec<usize> = (1..count - 1).map(|n| n * size - random.below(size / 3)).collect();
        ends.push(ends[random.below(ends.len())]);
        ends.sort_unstable();
        Traffic::cut(&content, &begun, &ends)
    }

    fn cut(content: &[u8], begun: &[(Written, usize)], ends: &[usize]) -> Traffic {
        let begins: Vec<usize> = [0].into_iter().chain(ends.iter().copied()).collect();
        let ends = ends.iter().copied().chain([content.len()]);
        let files = begins.iter().zip(ends).enumerate().map(|(n, (begin, end))| File {
            name: name(n),
            content: content[*begin..end].to_vec(),
        });
        let place = |at: usize| {
            let log = begins.iter().rposition(|begin| *begin <= at).unwrap();
            let before = &content[begins[log]..at];
            let lines = before.iter().filter(|byte| **byte == b'\n').count();
            (log, u64::try_from(lines).unwrap() + 1)
        };
        Traffic {
            messages: begun
                .iter()
                .map(|(message, at)| (message.clone(), place(*at)))
                .collect(),
            files: files.collect(),
        }
    }
}

/// The name of the `n`th log. It was begun before all that is written here.
pub(crate) fn name(n: usize) -> String {
    format!("2017-0427-07{:02}{:02}.log", n / 60, n % 60)
}

/// Writes the logs into a folder.
pub(crate) fn write(folder: &Path, files: &[File]) {
    fs::create_dir_all(folder).unwrap();
    for File { name, content } in files {
        fs::write(folder.join(name), content).unwrap();
    }
}
