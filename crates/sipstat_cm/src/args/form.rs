//! In which form the output is written.

use std::num::NonZero;

use clap::ValueEnum;
use sip_report::TableOptions;

use super::input::whole_number;
use crate::screen;

/// Options that say in which form the output is written.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "In which form")]
pub(super) struct Form {
    /// Add a row and a column TOTAL to each table
    #[arg(long)]
    total: bool,

    /// Show in each table only the N links with the most messages, most first, and the sum of the others
    #[arg(long, value_name = "N", value_parser = whole_number)]
    top: Option<NonZero<usize>>,

    /// Sum response codes by class: 4xx
    #[arg(long)]
    pub(super) classes: bool,

    /// Whether zeros are dim and failures stand out: auto (on a terminal, unless NO_COLOR is set), always, never
    #[arg(long, value_name = "WHEN", default_value = "auto", hide_possible_values = true)]
    color: Color,
}

/// When there are colours.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

impl Form {
    pub(super) fn into_form(self) -> sip_report::Form {
        let color = match self.color {
            Color::Auto => screen::shows_color(),
            Color::Always => true,
            Color::Never => false,
        };
        sip_report::Form::Table(TableOptions {
            total: self.total,
            top: self.top,
            color,
            screen: screen::size(),
        })
    }
}
