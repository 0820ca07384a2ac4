//! Runs the program as a user does, in folders of the test's own.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::TempDir;

/// Where the program stands.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_sipstat_cm");

/// The path of `name` in the test data of the repository.
pub(crate) fn testdata(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata").join(name)
}

/// A folder of a test's own, gone with its owner.
pub(crate) struct TestDir(TempDir);

impl TestDir {
    pub(crate) fn new() -> TestDir {
        TestDir(TempDir::with_prefix(TestDir::prefix()).unwrap())
    }

    /// A folder with copies of all logs in the folder `name` of the test data.
    pub(crate) fn with_logs_of(name: &str) -> TestDir {
        let dir = TestDir::new();
        for path in logs_in(&testdata(name)) {
            fs::copy(&path, dir.path().join(path.file_name().unwrap())).unwrap();
        }
        dir
    }

    /// What the names of all such folders begin with.
    fn prefix() -> String {
        format!("sipstat_cm-it-{}-", std::process::id())
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file, and the folders above it.
    pub(crate) fn file(&self, name: impl AsRef<Path>, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    /// Makes a folder.
    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(&path).unwrap();
        path
    }
}

/// The logs in a folder, by name.
pub(crate) fn logs_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_log = |path: &PathBuf| path.to_str().unwrap().contains(".log");
    let mut paths: Vec<PathBuf> = entries.filter(is_log).collect();
    paths.sort();
    paths
}

/// Makes a named pipe.
#[cfg(unix)]
pub(crate) fn fifo(path: &Path) {
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    mknodat(CWD, path, FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
}

/// One member of a gzip file.
pub(crate) fn gzip(content: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content.as_ref()).unwrap();
    encoder.finish().unwrap()
}

/// A run of the program that is yet to be made.
pub(crate) fn sipstat() -> Run {
    Run {
        args: Vec::new(),
        folder: None,
        stdin: None,
    }
}

pub(crate) struct Run {
    args: Vec<OsString>,
    folder: Option<PathBuf>,
    stdin: Option<Vec<u8>>,
}

/// What the program said; the path of a test's own folder is `[DIR]` in it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Run {
        self.args.push(arg.as_ref().to_owned());
        self
    }

    pub(crate) fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Run {
        self.args.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// The folder in which it runs.
    pub(crate) fn current_dir(mut self, folder: &Path) -> Run {
        self.folder = Some(folder.to_owned());
        self
    }

    /// What it reads from standard input; nothing by default.
    pub(crate) fn stdin(mut self, content: impl Into<Vec<u8>>) -> Run {
        self.stdin = Some(content.into());
        self
    }

    /// Runs it; all must have been read.
    #[track_caller]
    pub(crate) fn success(self) -> Said {
        self.exits(0)
    }

    /// Runs it; `status` is what it must exit with.
    #[track_caller]
    pub(crate) fn exits(self, status: i32) -> Said {
        let mut command = self.command();
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let content = self.stdin.unwrap_or_default();
        // A program that wants no input closes it early, and that is well.
        let feeder = thread::spawn(move || stdin.write_all(&content));
        let output = child.wait_with_output().unwrap();
        let _ = feeder.join().unwrap();
        let said = Said {
            stdout: hide_folders(output.stdout),
            stderr: hide_folders(output.stderr),
        };
        assert_eq!(output.status.code(), Some(status), "{:?} said {said:?}", self.args);
        said
    }

    /// The command, its three streams piped.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(PROGRAM);
        command.args(&self.args);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        command
    }
}

fn hide_folders(text: Vec<u8>) -> String {
    let text = String::from_utf8(text).expect("what is printed is UTF-8");
    let stem = std::env::temp_dir().join(TestDir::prefix());
    let mut parts = text.split(stem.to_str().unwrap());
    let mut hidden = parts.next().unwrap().to_owned();
    for part in parts {
        hidden.push_str("[DIR]");
        hidden.push_str(part.trim_start_matches(|c: char| c.is_ascii_alphanumeric()));
    }
    hidden
}
