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
        let text = format!("{count:>width$}");
        if !self.color {
            return text;
        }
        let style = if count == 0 {
            Style::new().dimmed()
        } else {
            of_column(column)
        };
        let digits = text.trim_start();
        let blanks = text.strip_suffix(digits).unwrap_or_default();
        format!("{blanks}{}", self.with(style, digits))
    }

    fn with(self, style: Style, text: impl Display) -> String {
        if self.color {
            format!("{style}{text}{style:#}")
        } else {
            text.to_string()
        }
    }
}

/// Responses that say that a request failed stand out: 5xx and 6xx more than 4xx, with which phones are asked for their password.
fn of_column(column: Column) -> Style {
    let class = match column {
        Column::Type(message_type) => message_type.class(),
        Column::Total => return Style::new().bold(),
    };
    match class {
        Some(4) => AnsiColor::Yellow.on_default(),
        Some(5 | 6) => AnsiColor::Red.on_default().bold(),
        _ => Style::new(),
    }
}
