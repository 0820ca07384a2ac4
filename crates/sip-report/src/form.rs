//! The forms in which what was gathered is written.

use std::fmt::Debug;
use std::io::{self, Write};

use sip_stats::{ClosedWindow, Summary};

use crate::csv::Csv;
use crate::html::{Html, HtmlOptions};
use crate::input::Input;
use crate::jsonl::JsonLines;
use crate::table::{Table, TableOptions};

/// The form in which what was gathered is written. Each form is a module of its own; this type alone makes it.
#[derive(Clone, Debug)]
pub enum Form {
    /// Tables for people, as `sipstatCM.py` printed them.
    Table(TableOptions),
    /// CSV for spreadsheets: one row for each count.
    Csv,
    /// Lines of JSON for programs: counts, windows, inputs and a summary.
    JsonLines,
    /// One page with charts, to send. It is written when the run is closed.
    Html(HtmlOptions),
}

/// The table of `sipstatCM.py`, to the letter.
impl Default for Form {
    fn default() -> Form {
        Form::Table(TableOptions::default())
    }
}

impl Form {
    pub(crate) fn writer(self) -> Box<dyn FormWriter> {
        match self {
            Form::Table(options) => Box::new(Table::new(options)),
            Form::Csv => Box::<Csv>::default(),
            Form::JsonLines => Box::<JsonLines>::default(),
            Form::Html(options) => Box::new(Html::new(options)),
        }
    }
}

/// Writes one form. It may write each window when that is over, or hold what it needs of all until the end.
pub(crate) trait FormWriter: Debug {
    /// A window is over. They come in the order of time, each once; also those that have no table of their own
    /// ([`Cells::is_shown`](sip_stats::Cells::is_shown)).
    fn window(&mut self, out: &mut dyn Write, closed: &ClosedWindow) -> io::Result<()>;

    /// The run is over.
    fn end(&mut self, out: &mut dyn Write, run: &Run<'_>) -> io::Result<()>;
}

/// What is known of a run when it is over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run<'a> {
    /// What was counted in all.
    pub(crate) summary: &'a Summary,
    /// What became of each input; live, of those that could not be read.
    pub(crate) inputs: &'a [Input],
}
