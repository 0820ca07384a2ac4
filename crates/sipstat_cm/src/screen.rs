//! The terminal, if there is one: its last line shows how far the work has come, and tables may go there too.

use std::io::{self, IsTerminal, Write};

use console::Term;
use indicatif::{ProgressBar, ProgressDrawTarget};
use sip_report::Screen;

/// How to ask the size of the terminal to which standard output goes; `None` if that is no terminal.
pub(crate) fn size() -> Option<fn() -> Screen> {
    let ask = || {
        let (height, width) = Term::stdout().size();
        Screen {
            width: width.into(),
            height: height.into(),
        }
    };
    io::stdout().is_terminal().then_some(ask)
}

/// Whether standard output goes to a terminal that shows colours, and nobody asks that there be none.
pub(crate) fn shows_color() -> bool {
    Term::stdout().features().colors_supported()
}

/// The line on standard error that says how far the work has come; on anything but a terminal there is none.
#[derive(Clone, Debug)]
pub(crate) struct Line(Option<ProgressBar>);

impl Line {
    /// A line that is not seen yet.
    pub(crate) fn new() -> Line {
        let is_seen = io::stderr().is_terminal();
        Line(is_seen.then(|| ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden())))
    }

    /// What draws it.
    pub(crate) fn bar(&self) -> Option<ProgressBar> {
        self.0.clone()
    }

    /// Does what writes to the same terminal.
    pub(crate) fn suspend<T>(&self, work: impl FnOnce() -> T) -> T {
        match &self.0 {
            Some(bar) if !bar.is_hidden() => bar.suspend(work),
            _ => work(),
        }
    }

    /// Takes the line away.
    pub(crate) fn clear(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

/// Standard output. Where it is a terminal too, most likely the same, the line is away while something is written.
#[derive(Debug)]
pub(crate) struct Output<W> {
    out: W,
    line: Line,
}

impl<W> Output<W> {
    pub(crate) fn new(out: W, line: &Line) -> Output<W> {
        let shares_terminal = io::stdout().is_terminal();
        let line = Line(line.0.clone().filter(|_| shares_terminal));
        Output { out, line }
    }
}

impl<W: Write> Write for Output<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.line.suspend(|| self.out.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
