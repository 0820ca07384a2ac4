//! What people are told: each fault in one line, however many files have it, and what lasts for many runs once a day.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

/// How long it takes until what lasts is told again, in seconds: a day, less some minutes, since no two runs of a crontab begin
/// at quite the same second.
const TELL_EVERY: i64 = 24 * 60 * 60 - 10 * 60;

/// Who reads what a run says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reader {
    /// Mail of cron: what lasts is told once a day.
    Mail,
    /// A file of all that happened: everything is told each time.
    Log,
    /// Somebody at a terminal. Everything is told, and nothing counts as told: the mail goes to others.
    Terminal,
}

/// What a run must do or see for a condition to be over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Ends {
    /// It looked at the folders.
    Looked,
    /// It saved a log.
    Saved,
}

/// One thing to tell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Notice {
    /// The same for all files with the same fault.
    fault: String,
    /// Which file or folder, and what is wrong, in one line.
    what: String,
    advice: String,
    /// `None` if it is told at once, and not again.
    ends: Option<Ends>,
}

impl Notice {
    /// Something that happened and is told once.
    pub(crate) fn once(fault: impl Into<String>, what: String, advice: impl Into<String>) -> Notice {
        Notice {
            fault: fault.into(),
            what,
            advice: advice.into(),
            ends: None,
        }
    }

    /// Something that lasts.
    pub(crate) fn lasting(self, ends: Ends) -> Notice {
        let ends = Some(ends);
        Notice { ends, ..self }
    }

    /// The line, if there are so many more files with this fault.
    fn line(&self, n_more: usize) -> String {
        let Notice { what, advice, .. } = self;
        match n_more {
            0 => format!("{what}{advice}"),
            _ => format!("{what}, and so for {n_more} more{advice}"),
        }
    }
}

/// What earlier runs told, and what lasted when they ended.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Told(pub(crate) BTreeMap<Fault, Lasting>);

/// What lasts: which logs the run was to back up, and what is wrong with them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Fault {
    /// Folder and pattern. A run with another one does not see these.
    pub(crate) logs: String,
    pub(crate) fault: String,
}

/// A condition that was told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Lasting {
    /// Seconds since 1970.
    pub(crate) told: i64,
    pub(crate) ends: Ends,
    pub(crate) what: String,
}

/// How a run ended that tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HowFar {
    /// It could not look, or was asked to end.
    NotToEnd,
    /// It looked, and had nothing to save, or could save nothing.
    Looked,
    /// It saved logs.
    Saved,
}

/// Gathers what a run has to tell.
#[derive(Debug)]
pub(crate) struct Notices {
    reader: Reader,
    /// Which logs the run is to back up.
    logs: String,
    /// Seconds since 1970.
    now: i64,
    /// In the order in which they came, with the number of further files with the same fault.
    gathered: Vec<(Notice, usize)>,
}

impl Notices {
    /// For a run that backs up `logs`, a pattern. `now` is in seconds since 1970.
    pub(crate) fn new(reader: Reader, logs: &str, now: i64) -> Notices {
        Notices {
            reader,
            logs: clean(logs),
            now,
            gathered: Vec::new(),
        }
    }

    /// Whether it is written down what was told.
    pub(crate) fn are_kept(&self) -> bool {
        self.reader != Reader::Terminal
    }

    /// Adds something to tell.
    pub(crate) fn add(&mut self, notice: Notice) {
        let mut gathered = self.gathered.iter_mut();
        match gathered.find(|(known, _)| known.fault == notice.fault) {
            Some((_, n_more)) => *n_more = n_more.saturating_add(1),
            None => self.gathered.push((notice, 0)),
        }
    }

    /// What is to be told now, a line each. `told` is what earlier runs told; what is told now is added to it. It is to be
    /// written down only when the lines are out.
    pub(crate) fn lines(&mut self, end: HowFar, told: &mut Told) -> Vec<String> {
        let mut lines = Vec::new();
        let mut lasts = Vec::new();
        let mut after = told.clone();
        for (notice, n_more) in self.gathered.drain(..) {
            let Some(ends) = notice.ends else {
                lines.push(notice.line(n_more));
                continue;
            };
            let fault = Fault {
                logs: self.logs.clone(),
                fault: clean(&notice.fault),
            };
            lasts.push(fault.clone());
            let is_due = told.0.get(&fault).is_none_or(|lasting| is_due(lasting.told, self.now));
            if is_due || self.reader != Reader::Mail {
                lines.push(notice.line(n_more));
                let what = clean(&notice.what);
                let told = self.now;
                after.0.insert(fault, Lasting { told, ends, what });
            }
        }
        after.0.retain(|fault, lasting| {
            let is_over = fault.logs == self.logs && !lasts.contains(fault) && lasting.ends.is_over(end);
            if is_over {
                lines.push(format!("this is over: {}", ecs_log::escape(lasting.what.as_bytes())));
            }
            !is_over
        });
        if self.are_kept() {
            *told = after;
        }
        lines
    }
}

impl Ends {
    fn is_over(self, end: HowFar) -> bool {
        match end {
            HowFar::NotToEnd => false,
            HowFar::Looked => self == Ends::Looked,
            HowFar::Saved => true,
        }
    }
}

/// Whether what was told then is told again. A time in the future is that of a clock that was wrong.
pub(crate) fn is_due(told: i64, now: i64) -> bool {
    !(0..TELL_EVERY).contains(&now.saturating_sub(told))
}

/// Without line feeds and tabs, by which the state separates its fields.
fn clean(text: &str) -> String {
    text.replace(|c: char| c.is_control(), " ")
}
