//! What became of each input.

/// What became of one input: a log, an archive, or whatever else was named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Where it is, safe to show: its path, and of a log in an archive its name there.
    pub input: String,
    /// How much of it was read.
    pub read: Read,
    /// Why not all of it was read; empty where all was.
    pub why: String,
}

/// How much of an input was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Read {
    /// All of it.
    Whole,
    /// What stands before a place that could not be read.
    InPart,
    /// Nothing.
    Not,
}
