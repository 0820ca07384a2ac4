//! The forms in which windows are written.

use std::io::{self, Write};

use sip_stats::ClosedWindow;

use crate::table::{self, TableOptions};

/// The form in which windows are written. Each form is a module of its own; this type alone calls it.
#[derive(Clone, Debug)]
pub enum Form {
    /// Tables for people, as `sipstatCM.py` printed them.
    Table(TableOptions),
}

/// The table of `sipstatCM.py`, to the letter.
impl Default for Form {
    fn default() -> Form {
        Form::Table(TableOptions::default())
    }
}

impl Form {
    /// Writes one window; `is_first` if none was written before.
    pub(crate) fn write(&self, out: &mut impl Write, closed: &ClosedWindow, is_first: bool) -> io::Result<()> {
        match self {
            Form::Table(options) => table::write(out, closed, is_first, options),
        }
    }
}
