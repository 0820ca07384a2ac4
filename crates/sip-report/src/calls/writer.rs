//! The forms in which calls are written.

use std::io::{self, Write};
use std::mem;

use sip_calls::ClosedCalls;
use sip_filter::Names;

use super::table;
use crate::csv::Csv;
use crate::form::Form;
use crate::form_writer::{FormWriter, Run};
use crate::html::CallsHtml;
use crate::jsonl;
use crate::row::Rows;
use crate::table::TableOptions;

/// What writes calls in a form.
pub(super) fn of(form: Form) -> Box<dyn FormWriter<ClosedCalls>> {
    match form {
        Form::Table(options) => Box::new(Table {
            options,
            is_first: true,
        }),
        Form::Csv(names) => Box::new(Csv::new(names)),
        Form::JsonLines(names) => Box::new(JsonLines { names }),
        Form::Html(options) => Box::new(CallsHtml::new(options)),
        // Calls are not checked: the program refuses to be asked for that.
        Form::Check(_) => Box::new(Table {
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

impl FormWriter<ClosedCalls> for Table {
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

/// One line for each link and direction, and what all lines of JSON end with.
#[derive(Debug)]
struct JsonLines {
    names: Names,
}

impl FormWriter<ClosedCalls> for JsonLines {
    fn window(&mut self, mut out: &mut dyn Write, closed: &ClosedCalls) -> io::Result<()> {
        closed.rows(&self.names, &mut |row| row.write_json(&mut out))
    }

    fn end(&mut self, out: &mut dyn Write, run: &Run<'_>) -> io::Result<()> {
        jsonl::write_end(out, run)
    }
}
