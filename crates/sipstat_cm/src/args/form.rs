//! In which form the output is written.

use std::fs::File;
use std::io::Read;
use std::num::NonZero;
use std::path::PathBuf;

use clap::ValueEnum;
use ecs_log::escape_path;
use sip_filter::Names;
use sip_report::{CheckOptions, HtmlOptions, LineForm, LineOptions, TableOptions};
use sip_scan::Order;

use super::input::whole_number;
use crate::screen;

/// The most bytes of a file of names.
const MOST_NAMES: u64 = 16 << 20;

/// Options that say in which form the output is written.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "In which form")]
pub(super) struct Form {
    /// The form of the output: table, csv, jsonl, or html, a page to send (not with -f)
    #[arg(long, value_name = "FORM", default_value = "table", hide_possible_values = true)]
    format: Format,

    /// Add a row and a column TOTAL to each table
    #[arg(long)]
    total: bool,

    /// Show in each table only the N links with the most messages, most first, and the sum of the others
    #[arg(long, value_name = "N", value_parser = whole_number)]
    top: Option<NonZero<usize>>,

    /// Sum response codes by class: 4xx
    #[arg(long, conflicts_with_all = ["calls", "show"])]
    pub(super) classes: bool,

    /// Names for addresses, in the form of /etc/hosts; also for networks such as 10.2.0.0/16, the longest prefix wins
    #[arg(long, value_name = "FILE")]
    names: Option<PathBuf>,

    /// Whether zeros are dim and failures stand out: auto (on a terminal, unless NO_COLOR is set), always, never
    #[arg(long, value_name = "WHEN", default_value = "auto", hide_possible_values = true)]
    color: Color,
}

/// The form of the output.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Table,
    Csv,
    Jsonl,
    Html,
}

/// When there are colours.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

impl Form {
    /// The names for addresses; none if no file of them was given.
    pub(super) fn names(&self) -> Result<Names, String> {
        let Some(path) = &self.names else {
            return Ok(Names::default());
        };
        let failed = |reason: String| format!("{}: {reason}", escape_path(path));
        let mut text = Vec::new();
        let read = File::open(path).and_then(|file| file.take(MOST_NAMES.saturating_add(1)).read_to_end(&mut text));
        match read {
            Err(error) => return Err(failed(format!("cannot read the names: {error}"))),
            Ok(length) if u64::try_from(length).is_ok_and(|length| length <= MOST_NAMES) => {}
            Ok(_) => return Err(failed("a file of names has at most 16 MB".to_owned())),
        }
        Names::parse(&text).map_err(|error| failed(error.to_string()))
    }

    /// Whether a form can be written only when all has been read.
    pub(super) fn needs_an_end(&self) -> bool {
        matches!(self.format, Format::Html)
    }

    /// The form, which is that of a check if there is one; `command` is the whole command line, safe to show.
    pub(super) fn into_form(self, names: Names, command: String, check: Option<CheckOptions>) -> sip_report::Form {
        if let Some(check) = check {
            return sip_report::Form::Check(Box::new(CheckOptions { names, ..check }));
        }
        match self.format {
            Format::Table => sip_report::Form::Table(self.into_table(names)),
            Format::Csv => sip_report::Form::Csv(names),
            Format::Jsonl => sip_report::Form::JsonLines(names),
            Format::Html => sip_report::Form::Html(HtmlOptions {
                total: self.total,
                top: self.top,
                names,
                command,
            }),
        }
    }

    /// The form of messages as lines, and their order.
    ///
    /// # Errors
    ///
    /// One line that says which forms there are.
    pub(super) fn into_lines(self, names: Names, order: Order, by_call: bool) -> Result<LineOptions, String> {
        let form = match self.format {
            Format::Table => LineForm::Text(screen::size().map(|size| size().width)),
            Format::Csv => LineForm::Csv,
            Format::Jsonl => LineForm::JsonLines,
            Format::Html => return Err("--show: a page has no lines; give --format table, csv or jsonl".to_owned()),
        };
        Ok(LineOptions {
            form,
            names,
            by_call,
            order,
        })
    }

    fn into_table(self, names: Names) -> TableOptions {
        let color = match self.color {
            Color::Auto => screen::shows_color(),
            Color::Always => true,
            Color::Never => false,
        };
        TableOptions {
            total: self.total,
            top: self.top,
            names,
            color,
            screen: screen::size(),
        }
    }
}
