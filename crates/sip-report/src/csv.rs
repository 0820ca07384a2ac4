//! CSV, for spreadsheets: a head and one row for each count, or for the calls of each link.

use std::io::{self, Write};
use std::mem;

use sip_filter::Names;

use crate::form_writer::{FormWriter, Run};
use crate::row::{Rows, csv_writer};

/// Writes windows as CSV.
#[derive(Debug)]
pub(crate) struct Csv {
    names: Names,
    has_head: bool,
}

impl Csv {
    /// With the names that addresses have.
    pub(crate) fn new(names: Names) -> Csv {
        let has_head = false;
        Csv { names, has_head }
    }

    /// Writes the head, unless it was written.
    fn head<W: Rows>(has_head: &mut bool, out: &mut csv::Writer<impl Write>) -> csv::Result<()> {
        if mem::replace(has_head, true) {
            return Ok(());
        }
        out.write_record(W::KEYS)
    }
}

impl<W: Rows> FormWriter<W> for Csv {
    fn window(&mut self, out: &mut dyn Write, closed: &W) -> io::Result<()> {
        let mut out = csv_writer(out);
        closed.rows(&self.names, &mut |row| {
            Csv::head::<W>(&mut self.has_head, &mut out)?;
            Ok(row.write_csv(&mut out)?)
        })?;
        out.flush()
    }

    fn end(&mut self, out: &mut dyn Write, _: &Run<'_>) -> io::Result<()> {
        let mut out = csv_writer(out);
        Csv::head::<W>(&mut self.has_head, &mut out)?;
        out.flush()
    }
}
