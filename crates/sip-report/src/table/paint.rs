//! The colours of a table on a terminal.

use std::fmt::Display;

use anstyle::{AnsiColor, Style};

use super::grid::Column;

/// Paints the parts of a table, or leaves them as they are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paint {
    pub(crate) color: bool,
}

impl Paint {
    /// The time of a table.
    pub(crate) fn title(self, text: impl Display) -> String {
        self.with(Style::new().bold(), text)
    }

    /// What stands above a column.
    pub(crate) fn head(self, column: Column, text: impl Display) -> String {
        self.with(of_column(column), text)
    }

    /// A count, with `width` characters.
    pub(crate) fn count(self, column: Column, count: u64, width: usize) -> String {
        if self.color {
            self.number(of_column(column), &count.to_string(), width)
        } else {
            format!("{count:>width$}")
        }
    }

    /// A number of a column that shows responses of a class, or none, with `width` characters.
    pub(crate) fn of_class(self, class: Option<u16>, number: &str, width: usize) -> String {
        self.number(of_class(class), number, width)
    }

    fn number(self, style: Style, number: &str, width: usize) -> String {
        let blanks = " ".repeat(width.saturating_sub(number.len()));
        let style = if number == "0" { Style::new().dimmed() } else { style };
        format!("{blanks}{}", self.with(style, number))
    }

    fn with(self, style: Style, text: impl Display) -> String {
        if self.color {
            format!("{style}{text}{style:#}")
        } else {
            text.to_string()
        }
    }
}

fn of_column(column: Column) -> Style {
    match column {
        Column::Type(message_type) => of_class(message_type.class()),
        Column::Total => Style::new().bold(),
    }
}

/// Responses that say that a request failed stand out: 5xx and 6xx more than 4xx, with which phones are asked for their password.
fn of_class(class: Option<u16>) -> Style {
    match class {
        Some(4) => AnsiColor::Yellow.on_default(),
        Some(5 | 6) => AnsiColor::Red.on_default().bold(),
        _ => Style::new(),
    }
}
