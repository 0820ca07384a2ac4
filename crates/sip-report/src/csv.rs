//! Counts as CSV, for spreadsheets: a head and one row for each count.

use std::io::{self, Write};
use std::mem;

use sip_stats::ClosedWindow;

use crate::count_rows;
use crate::form_writer::{FormWriter, Run};
use crate::row::csv_writer;

/// Writes counts as CSV.
#[derive(Debug, Default)]
pub(crate) struct Csv {
    has_head: bool,
}

impl FormWriter for Csv {
    fn window(&mut self, out: &mut dyn Write, closed: &ClosedWindow) -> io::Result<()> {
        let mut out = csv_writer(out);
        count_rows::of_window(closed, &mut |row| {
            if !mem::replace(&mut self.has_head, true) {
                count_rows::write_head(&mut out)?;
            }
            Ok(row.write_csv(&mut out)?)
        })?;
        out.flush()
    }

    fn end(&mut self, out: &mut dyn Write, _: &Run<'_>) -> io::Result<()> {
        if self.has_head {
            return Ok(());
        }
        let mut out = csv_writer(out);
        count_rows::write_head(&mut out)?;
        out.flush()
    }
}
