//! The forms in which windows are written.

use std::io::{self, Write};

use sip_stats::ClosedWindow;

use crate::table;

/// The form in which windows are written. Each form is a module of its own; this type alone calls it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// Tables for people, as `sipstatCM.py` printed them.
    #[default]
    Table,
}

impl Form {
    /// Writes one window; `is_first` if none was written before.
    pub(crate) fn write(self, out: &mut impl Write, closed: &ClosedWindow, is_first: bool) -> io::Result<()> {
        match self {
            Form::Table => table::write(out, closed, is_first),
        }
    }
}
