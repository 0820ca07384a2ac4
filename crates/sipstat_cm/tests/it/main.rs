//! Tests of the program as a user meets it: the real binary, its arguments, its files, its output.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a helper of a test fails by a panic, as the test does"
)]

mod archive_memory;
mod archives;
mod calls;
mod check;
mod context;
#[cfg(unix)]
mod cookbook;
#[cfg(unix)]
mod deploy;
#[cfg(unix)]
mod docs;
mod errors;
mod files;
mod harness;
mod hostile;
mod jobs;
mod list;
#[cfg(unix)]
mod live;
mod logs;
mod memory;
mod options;
mod page;
mod pcap;
mod range;
#[path = "../../../sip-pcap/src/reader.rs"]
mod reader;
mod rows;
mod samples;
mod show;
mod tables;
#[cfg(target_os = "linux")]
mod terminal;
mod told;
mod truth;
mod wanted;
mod wrap;
mod wrappings;
