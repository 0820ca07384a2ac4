//! The forms in which what was gathered is written.

use sip_filter::Names;
use sip_stats::ClosedWindow;

use crate::check::{Check, CheckOptions};
use crate::csv::Csv;
use crate::form_writer::FormWriter;
use crate::html::{Html, HtmlOptions};
use crate::jsonl::JsonLines;
use crate::table::{Table, TableOptions};

/// The form in which what was gathered is written. Each form is a module of its own; this type alone makes it.
#[derive(Clone, Debug)]
pub enum Form {
    /// Tables for people, as `sipstatCM.py` printed them.
    Table(TableOptions),
    /// CSV for spreadsheets: one row for each count. Beside the far address stands its name.
    Csv(Names),
    /// Lines of JSON for programs: counts with names, windows, inputs and a summary.
    JsonLines(Names),
    /// One page with charts, to send. It is written when the run is closed.
    Html(HtmlOptions),
    /// One line for Nagios and Icinga. It is written when the run is closed.
    Check(Box<CheckOptions>),
}

/// The table of `sipstatCM.py`, to the letter.
impl Default for Form {
    fn default() -> Form {
        Form::Table(TableOptions::default())
    }
}

impl Form {
    pub(crate) fn writer(self) -> Box<dyn FormWriter<ClosedWindow>> {
        match self {
            Form::Table(options) => Box::new(Table::new(options)),
            Form::Csv(names) => Box::new(Csv::new(names)),
            Form::JsonLines(names) => Box::new(JsonLines { names }),
            Form::Html(options) => Box::new(Html::new(options)),
            Form::Check(options) => Box::new(Check::new(*options)),
        }
    }
}
