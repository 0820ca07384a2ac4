//! The line below the tables that says how it stands, for a person at a terminal.

use std::io::IsTerminal;
use std::path::Path;

use ecs_log::{Log, escape_path};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use sip_report::Report;

use crate::live::clock::stamp;
use crate::live::lane::Lane;

/// A line on standard error; on anything but a terminal, nothing.
#[derive(Debug)]
pub(crate) struct Status(Option<ProgressBar>);

impl Status {
    pub(crate) fn new() -> Status {
        Status(std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
            // A wide message is cut where the terminal ends.
            let style = ProgressStyle::with_template("{wide_msg}");
            bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
        }))
    }

    /// Shows `text`, made only where somebody sees it.
    pub(crate) fn show(&self, text: impl FnOnce() -> String) {
        if let Some(bar) = &self.0 {
            // Its width is known for these characters only.
            let text = text();
            let narrow = text.chars().map(|c| if c.is_ascii() { c } else { '?' });
            bar.set_message(narrow.collect::<String>());
            bar.tick();
        }
    }

    /// Does what writes to the same terminal.
    pub(crate) fn suspend<T>(&self, work: impl FnOnce() -> T) -> T {
        match &self.0 {
            Some(bar) => bar.suspend(work),
            None => work(),
        }
    }

    /// Takes the line away.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

/// `20170427:0844 to 08:44:31: messages 12, links 3; in all 345; 2017-0427-084412.log, 2 logs behind`.
pub(crate) fn text<W: std::io::Write>(lane: &Lane, report: &Report<W>) -> String {
    let time = lane.clock.latest();
    let mut text = match time.and_then(stamp) {
        Some(stamp) => report.standing(&stamp),
        None => "nothing yet".to_owned(),
    };
    let file_name = lane.log().and_then(Log::path).and_then(Path::file_name);
    if let Some(name) = file_name {
        text += &format!("; {}", escape_path(Path::new(name)));
    }
    match lane.waiting() {
        0 => {}
        1 => text += ", 1 log behind",
        waiting => text += &format!(", {waiting} logs behind"),
    }
    text
}
