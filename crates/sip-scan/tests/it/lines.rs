//! Lines of a log, made one by one.

/// The time stamp of all of them.
pub(crate) const STAMP: &str = "20170427:084412345";

/// The start of a record that came in: type, ends and transport.
const IN: [u8; 17] = [0x8a, 4, 10, 2, 2, 2, 0x13, 0xce, 4, 10, 1, 1, 1, 0x9c, 0xbb, 0, 2];

/// A request that counts, without its empty line.
pub(crate) const BYE: &str = "BYE sip:1@example.com SIP/2.0\r\nCSeq: 9 BYE\r\n";

/// The bytes of a record with `text`.
pub(crate) fn record(text: &str) -> Vec<u8> {
    [&IN, text.as_bytes()].concat()
}

/// The first line of a record of `size` bytes.
pub(crate) fn first(process: &str, size: impl ToString, bytes: &[u8]) -> String {
    line(process, &size.to_string(), bytes)
}

/// A further line.
pub(crate) fn further(process: &str, bytes: &[u8]) -> String {
    line(process, "++++", bytes)
}

fn line(process: &str, place: &str, bytes: &[u8]) -> String {
    let hex: Vec<String> = bytes.iter().map(|b| format!("{b:02x}")).collect();
    format!("{STAMP}:1001:{process}:MED:[MST  {place}  {}]\n", hex.join(" "))
}
