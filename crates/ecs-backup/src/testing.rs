//! Two small folders, for tests.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;

use crate::folders::Folders;
use crate::lock::{Lock, Taken};
use crate::options::{Form, Options, Percent};
use crate::plan::Plan;
use crate::survey::Checking;

/// When a run begins, in seconds since 1970.
pub(crate) const NOW: i64 = 1_493_282_700;

/// Everything that matches is copied as it is, and nothing is deleted.
pub(crate) fn options(root: &Path) -> Options {
    Options {
        host: "acm-1".to_owned(),
        source: root.join("src"),
        destination: root.join("dst"),
        files: "20*".parse().unwrap(),
        max_use: Percent::new(100).unwrap(),
        form: Form::Plain,
        keep_min: 1,
        now: NOW,
    }
}

/// The name of the log of a second.
pub(crate) fn name(second: u8) -> String {
    format!("2017-0427-0844{second:02}.log")
}

pub(crate) fn lock(folders: &Folders) -> Lock {
    match folders.lock(Duration::ZERO, NOW).unwrap() {
        Taken::Lock(lock) => lock,
        Taken::By(holder) => panic!("{holder:?}"),
    }
}

/// A folder of logs, and a place for that of the backups. Both are gone with it.
pub(crate) struct Site {
    pub(crate) root: TempDir,
    pub(crate) options: Options,
}

impl Site {
    /// With logs of these seconds.
    pub(crate) fn new(logs: &[u8]) -> Site {
        let root = TempDir::new().unwrap();
        let options = options(root.path());
        fs::create_dir(&options.source).unwrap();
        let site = Site { root, options };
        logs.iter()
            .for_each(|second| site.log(*second, &format!("log {second}")));
        site
    }

    pub(crate) fn log(&self, second: u8, content: &str) {
        fs::write(self.options.source.join(name(second)), content).unwrap();
    }

    /// A path in the folder of backups.
    pub(crate) fn dst(&self, path: &str) -> PathBuf {
        self.options.destination.join(path)
    }

    /// What would be done.
    pub(crate) fn plan(&self) -> Plan {
        let folders = Folders::look(&self.options).unwrap();
        folders.plan(&self.options, Checking::Newest).unwrap()
    }
}
