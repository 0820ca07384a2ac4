//! Finds, orders, chooses and opens the ECS logs of Avaya Communication Manager.
//!
//! [`select()`] turns what a person named (files, folders, patterns, standard input) into a list in order of time, in which
//! each log stands once, with what comes before it on its server. [`Log::open`] reads one of them, plain or gzip, also if it
//! lies in an archive. [`Inputs`] does the same if archives can be read only once. A [`Follower`] reads on where the server
//! writes. What goes wrong with one of them is a value beside the others; the rest goes on.
//!
//! ```no_run
//! use std::io::Read;
//!
//! let request = ecs_log::Request {
//!     folders: vec!["/var/log/ecs".into()],
//!     last: Some(10),
//!     range: Some("20170427:0844-20170427:0845".parse()?),
//!     ..Default::default()
//! };
//! let selection = ecs_log::select(&request);
//! for ecs_log::Chosen { log, .. } in &selection.logs {
//!     let mut block = vec![0; 128 * 1024];
//!     let n_read = log.open()?.read(&mut block).map_err(|cause| log.read_failed(cause))?;
//!     println!("{log}: {n_read} bytes in the first block");
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod archived;
mod doubt;
mod ends;
mod error;
mod escape;
mod find;
mod folder;
mod follow;
mod found;
mod gzip;
mod identity;
mod last_time;
mod listing;
mod log;
mod moment;
mod name;
mod name_pattern;
mod needed;
mod open;
mod pattern;
mod problems;
mod range;
mod recognise;
mod same;
mod select;
mod set_back;
mod slices;
mod sources;
mod stream;
#[cfg(test)]
mod testing;
mod tree;
mod when;
mod words;

pub use crate::error::Error;
pub use crate::escape::{escape, escape_path, escape_words};
pub use crate::find::{Inputs, Request};
pub use crate::follow::{Follower, Lost, Step};
pub use crate::gzip::GzipReader;
pub use crate::log::Log;
pub use crate::moment::{stamp_of_time, time_of_stamp};
pub use crate::name::LogName;
pub use crate::name_pattern::NamePattern;
pub use crate::open::LogReader;
pub use crate::range::{TimeRange, TimeRangeError};
pub use crate::recognise::Seeming;
pub use crate::select::{Namesakes, Selection, select};
pub use crate::slices::slices;
pub use crate::sources::{Before, Chosen, Role};
pub use crate::stream::{ArchiveStream, StreamedLog};
pub use crate::when::{CheckedRange, When, WhenError};
pub use crate::words::{waits_for, why_not_followed};
