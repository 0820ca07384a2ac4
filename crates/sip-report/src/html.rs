//! One page to send: complete without a network and without any script, with charts of our own. All of it is escaped by the
//! template.

mod axis;
mod calendar;
mod calls;
mod chart;
mod cover;
mod cover_strip;
mod links;
mod options;
mod page;
mod sections;
mod tally;
#[cfg(test)]
pub(crate) mod tests;

use std::io::{self, Write};

use askama::Template;
use sip_stats::{ClosedWindow, Gap};

pub(crate) use self::calls::CallsHtml;
pub use self::options::HtmlOptions;

use self::page::Page;
use self::tally::Tally;
use crate::form_writer::{FormWriter, Run};

/// Gathers windows, and writes the page when the run is over.
#[derive(Debug)]
pub(crate) struct Html {
    options: HtmlOptions,
    tally: Tally,
}

impl Html {
    pub(crate) fn new(options: HtmlOptions) -> Html {
        let tally = Tally::default();
        Html { options, tally }
    }
}

impl FormWriter<ClosedWindow> for Html {
    fn window(&mut self, _: &mut dyn Write, closed: &ClosedWindow) -> io::Result<()> {
        self.tally.add(closed);
        Ok(())
    }

    fn gap(&mut self, _: &mut dyn Write, gap: &Gap) -> io::Result<()> {
        self.tally.add_gap(gap);
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write, run: &Run<'_>) -> io::Result<()> {
        let page = Page::of(&mut self.tally, run, &self.options);
        let text = page.render().map_err(io::Error::other)?;
        writeln!(out, "{text}")
    }
}
