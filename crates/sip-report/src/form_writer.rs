//! What a form does with what was gathered.

use std::fmt::Debug;
use std::io::{self, Write};

use sip_stats::{Gap, Summary};

use crate::check_status::CheckStatus;
use crate::input::Input;

/// Writes windows `W`, of counts or of calls, in one form. It may write each when that is over, or hold what it needs of all until the
/// end.
pub(crate) trait FormWriter<W>: Debug {
    /// A window is over. They come in the order of time, each once; those of counts also where they have no table of their own
    /// ([`Cells::is_shown`](sip_stats::Cells::is_shown)).
    fn window(&mut self, out: &mut dyn Write, closed: &W) -> io::Result<()>;

    /// Nothing was logged for a while. It comes in the place of the windows within.
    fn gap(&mut self, _out: &mut dyn Write, _gap: &Gap) -> io::Result<()> {
        Ok(())
    }

    /// The run is over.
    fn end(&mut self, out: &mut dyn Write, run: &Run<'_>) -> io::Result<()>;

    /// How a check ended. `None` before the end, and where nothing is checked.
    fn status(&self) -> Option<CheckStatus> {
        None
    }
}

/// What is known of a run when it is over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run<'a> {
    /// What was counted in all.
    pub(crate) summary: &'a Summary,
    /// What became of each input; live, of those that could not be read.
    pub(crate) inputs: &'a [Input],
}
