//! Keeps a folder of backups of ECS logs: finds what is missing, makes whole copies, and makes room for them.
//!
//! [`Operator`] does what is asked for, and tells of it. These are its steps: [`Folders`] opens the two folders and takes the
//! lock. [`Folders::survey`] looks at them. [`plan()`] decides what to do and touches nothing. [`Folders::carry_out`] does it.
//! This crate prints nothing: it reports [`Event`]s, and hands lines to an [`Audience`].
//!
//! At any moment each file under a final name is whole. A copy is written under a temporary name, flushed to disk and then
//! renamed. A run that was killed leaves temporary files at most, and the next run removes them.
//!
//! ```no_run
//! use std::sync::atomic::AtomicBool;
//! use std::time::Duration;
//!
//! use ecs_backup::{Checking, Folders, Form, Level, Options, Percent, Taken, Watcher};
//!
//! let options = Options {
//!     host: "acm-1".to_owned(),
//!     source: "/var/log/ecs".into(),
//!     destination: "/var/home/ftp/pub/ecsbkp".into(),
//!     files: "20*".parse()?,
//!     max_use: Percent::default(),
//!     form: Form::Gzip(Level::default()),
//!     keep_min: 1,
//!     now: 1_493_282_652,
//! };
//! let folders = Folders::prepare(&options)?;
//! if let Taken::Lock(lock) = folders.lock(Duration::ZERO, options.now)? {
//!     let plan = folders.plan(&options, Checking::Newest)?;
//!     let watcher = Watcher {
//!         report: &mut |event| println!("{event:?}"),
//!         is_to_end: &AtomicBool::new(false),
//!     };
//!     let outcome = folders.carry_out(&lock, plan, &options, watcher);
//!     println!("{} logs saved", outcome.n_copied);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod acl;
mod advice;
mod backup;
mod backup_list;
mod batch;
mod bytes;
mod carry_out;
mod check;
mod compare;
mod copy;
mod count;
mod error;
mod event;
mod failure;
mod file_system;
mod folder;
mod folders;
mod foresee;
mod gap;
mod history;
mod hold;
mod hold_file;
mod holding;
mod holds;
mod leftovers;
mod lock;
mod look;
mod names;
mod notices;
mod operator;
mod options;
mod order;
mod pair;
mod plan;
mod progress;
mod prune;
mod room;
mod run;
mod show;
mod source;
mod state;
mod state_file;
mod status;
mod survey;
mod task;
mod tell;
mod temp;
#[cfg(test)]
mod testing;
mod times;
mod words;

pub use crate::bytes::Bytes;
pub use crate::compare::Relation;
pub use crate::error::Error;
pub use crate::event::{Event, Outcome, Watcher};
pub use crate::folders::Folders;
pub use crate::gap::{Gap, GapBegin, GapEnd, begun};
pub use crate::history::{History, LastRun, RunEnd};
pub use crate::hold::{HoldName, HoldNameError, HoldRange};
pub use crate::holding::Released;
pub use crate::holds::{Hold, Holds, Keeps};
pub use crate::lock::{Holder, Lock, Taken};
pub use crate::names::LogFile;
pub use crate::notices::{HowFar, Reader, Told};
pub use crate::operator::{Audience, End, Manner, Operator, Request};
pub use crate::options::{Files, FilesError, Form, Level, Options, OutOfRange, Percent};
pub use crate::order::{Range, SavedOrder};
pub use crate::plan::{CopyPlan, CopyReason, Decision, LeaveReason, NarrowMargin, Plan, Seen, Verdict, plan};
pub use crate::room::DiskUse;
pub use crate::state::{Fate, Record, Stamp, State};
pub use crate::status::{HeldBackups, Outlook, Status, status};
pub use crate::survey::{Backup, Checking, Compared, Damage, PassedOver, Source, Survey};
