//! CSV, for spreadsheets: a head and one row for each count, or for the calls of each link.

use std::io::{self, Write};
use std::mem;

use crate::form_writer::{FormWriter, Run};
use crate::row::{Rows, csv_writer};

/// Writes windows as CSV.
#[derive(Debug, Default)]
pub(crate) struct Csv {
    has_head: bool,
}

impl Csv {
    /// Writes the head, unless it was written.
    fn head<W: Rows>(&mut self, out: &mut csv::Writer<impl Write>) -> csv::Result<()> {
        if mem::replace(&mut self.has_head, true) {
            return Ok(());
        }
        out.write_record(W::KEYS)
    }
}

impl<W: Rows> FormWriter<W> for Csv {
    fn window(&mut self, out: &mut dyn Write, closed: &W) -> io::Result<()> {
        let mut out = csv_writer(out);
        closed.rows(&mut |row| {
            self.head::<W>(&mut out)?;
            Ok(row.write_csv(&mut out)?)
        })?;
        out.flush()
    }

    fn end(&mut self, out: &mut dyn Write, _: &Run<'_>) -> io::Result<()> {
        let mut out = csv_writer(out);
        self.head::<W>(&mut out)?;
        out.flush()
    }
}
