//! What comes of the same logs, however they are read: side by side, from archives, or live.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a helper of a test fails by a panic, as the test does"
)]

mod archives;
mod batch;
mod context;
mod gatherers;
mod live;
mod logs;
mod seam;
