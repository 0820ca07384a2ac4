//! The line below the tables that says how it stands, for a person at a terminal.

use std::io::Write;

use ecs_trace::Standing;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use sip_report::AnyReport;

use crate::screen::Line;

/// What is shown in the line while logs are followed.
#[derive(Debug)]
pub(crate) struct Status(Option<ProgressBar>);

impl Status {
    pub(crate) fn new(line: &Line) -> Status {
        let bar = line.bar();
        if let Some(bar) = &bar {
            // A wide message is cut where the terminal ends.
            let style = ProgressStyle::with_template("{wide_msg}");
            bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(10));
            bar.reset();
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        }
        Status(bar)
    }

    /// Shows how it stands. The text is made only where somebody sees it.
    pub(crate) fn show(&self, report: &AnyReport<impl Write>, standing: Standing<'_>) {
        if let Some(bar) = &self.0 {
            // The width on the screen is known for these characters only.
            let narrow = |c: char| if c.is_ascii() { c } else { '?' };
            bar.set_message(text(report, standing).chars().map(narrow).collect::<String>());
            bar.tick();
        }
    }
}

/// `20170427:0844 to 08:44:31: messages 12, links 3; in all 345; 2017-0427-084412.log, 2 logs behind`.
fn text(report: &AnyReport<impl Write>, standing: Standing<'_>) -> String {
    let text = match standing.stamp {
        Some(stamp) => report.standing(&stamp),
        None => "nothing yet".to_owned(),
    };
    format!("{text}{standing}")
}
