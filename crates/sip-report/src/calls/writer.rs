//! The forms in which calls are written.

use std::fmt::Debug;
use std::io::{self, Write};
use std::mem;

use sip_calls::ClosedCalls;

use super::{rows, table};
use crate::form::Form;
use crate::form_writer::Run;
use crate::jsonl;
use crate::row::csv_writer;
use crate::table::TableOptions;

/// Writes calls in one form.
pub(super) trait CallWriter: Debug {
    /// A window is closed.
    fn window(&mut self, out: &mut dyn Write, closed: &ClosedCalls) -> io::Result<()>;

    /// The run is over.
    fn end(&mut self, out: &mut dyn Write, run: &Run<'_>) -> io::Result<()>;
}

/// What writes calls in a form.
pub(super) fn of(form: Form) -> Box<dyn CallWriter> {
    match form {
        Form::Table(options) => Box::new(Table {
            options,
            is_first: true,
        }),
        Form::Csv => Box::<Csv>::default(),
        Form::JsonLines => Box::new(JsonLines),
        // Calls have no page: the program refuses to be asked for one.
        Form::Html(_) => Box::new(Table {
            options: TableOptions::default(),
            is_first: true,
        }),
    }
}

/// One table after the other, with an empty line between them.
#[derive(Debug)]
struct Table {
    options: TableOptions,
    is_first: bool,
}

impl CallWriter for Table {
    fn window(&mut self, out: &mut dyn Write, closed: &ClosedCalls) -> io::Result<()> {
        if !mem::take(&mut self.is_first) {
            writeln!(out)?;
        }
        table::write(out, closed, &self.options)
    }

    fn end(&mut self, _: &mut dyn Write, _: &Run<'_>) -> io::Result<()> {
        Ok(())
    }
}

/// A head and one row for each link and direction.
#[derive(Debug, Default)]
struct Csv {
    has_head: bool,
}

impl CallWriter for Csv {
    fn window(&mut self, out: &mut dyn Write, closed: &ClosedCalls) -> io::Result<()> {
        let mut out = csv_writer(out);
        rows::of_window(closed, &mut |row| {
            if !mem::replace(&mut self.has_head, true) {
                rows::write_head(&mut out)?;
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
        rows::write_head(&mut out)?;
        out.flush()
    }
}

/// One line for each link and direction, and what all lines of JSON end with.
#[derive(Debug)]
struct JsonLines;

impl CallWriter for JsonLines {
    fn window(&mut self, mut out: &mut dyn Write, closed: &ClosedCalls) -> io::Result<()> {
        rows::of_window(closed, &mut |row| row.write_json(&mut out))
    }

    fn end(&mut self, out: &mut dyn Write, run: &Run<'_>) -> io::Result<()> {
        jsonl::write_end(out, run)
    }
}
