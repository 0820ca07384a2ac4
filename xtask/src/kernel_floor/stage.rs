//! What the programs are run on: folders of logs, and a folder of backups in the state that a mode begins with.

use std::ffi::OsString;
use std::fs::{self, File, FileTimes};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use super::modes::Start;
use crate::child;
use crate::dist::{self, PackedFile};
use crate::error::Error;
use crate::files;
use crate::synth::{Form, Logs, write_folder};

/// MiB of logs to count in.
const N_LOGS: u64 = 48;
/// MiB of logs to back up.
const N_SAVED: u64 = 12;
/// How many times the one long log contains all logs.
const N_COPIES: usize = 6;
/// How many backups are missing in a folder that is behind.
const N_BEHIND: usize = 3;

/// A folder with the folders and archives that the programs read and write. A word of capitals in the arguments of a mode is the
/// name of one of them.
#[derive(Debug)]
pub(super) struct Stage(PathBuf);

impl Stage {
    pub(super) fn make(folder: &Path) -> Result<Stage, Error> {
        let stage = Stage(folder.to_owned());
        stage.remove()?;
        write_folder(&stage.path("LOGS"), N_LOGS, Form::Plain)?;
        write_folder(&stage.path("GZIP"), N_LOGS, Form::Gzip)?;
        stage.write_archives()?;
        stage.write_uneven()?;
        stage.write_source()?;
        Ok(stage)
    }

    pub(super) fn remove(&self) -> Result<(), Error> {
        files::remove_folder(&self.0)
    }

    /// The path of one of its folders.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// An argument of a mode, with the path that a word of capitals stands for.
    pub(super) fn word(&self, word: &str) -> OsString {
        let is_name = word.starts_with(|c: char| c.is_ascii_uppercase());
        if is_name { self.path(word).into() } else { word.into() }
    }

    /// All logs in one file.
    fn write_archives(&self) -> Result<(), Error> {
        let folder = self.path("LOGS");
        let mut logs = Vec::new();
        for name in shown_names_in(&folder)? {
            let content = files::read(&folder.join(&name))?;
            logs.push(PackedFile::text(name, content));
        }
        for (name, bytes) in [("LOGS.tgz", dist::tar_gz(&logs, 0)), ("LOGS.zip", dist::zip(&logs))] {
            let path = self.path(name);
            files::write(&path, &bytes.map_err(|cause| Error::at(&path, &cause))?)?;
        }
        Ok(())
    }

    /// A log of the usual size, and after it one that takes long.
    fn write_uneven(&self) -> Result<(), Error> {
        let folder = self.path("UNEVEN");
        files::create_folder(&folder)?;
        let packed = self.path("GZIP");
        let names = files::names_in(&packed)?;
        let mut long = Vec::new();
        for name in names.iter().filter(|name| name.ends_with(".gz")) {
            let path = packed.join(name);
            // Several members in one file are one text.
            long.extend(files::read(&path)?);
        }
        files::write(&folder.join("2017-0427-000000.log"), b"")?;
        files::write(&folder.join("2017-0427-000001.log.gz"), &long.repeat(N_COPIES))
    }

    /// Logs whose times are whole seconds: an old kernel may have `utimes(2)` alone, which keeps no nanoseconds.
    fn write_source(&self) -> Result<(), Error> {
        let folder = self.path("SRC");
        files::create_folder(&folder)?;
        let mut time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_493_282_652);
        for log in Logs::new(N_SAVED) {
            let path = folder.join(&log.name);
            files::write(&path, &log.bytes)?;
            time += Duration::from_secs(1);
            let times = FileTimes::new().set_accessed(time).set_modified(time);
            let set = File::options()
                .write(true)
                .open(&path)
                .and_then(|file| file.set_times(times));
            set.map_err(|cause| Error::at(&path, &cause))?;
        }
        Ok(())
    }

    /// Brings the folder of backups to the state in which a run of `program` begins. The file that is given back must stay open
    /// while the program runs.
    pub(super) fn set_up(&self, start: Start, program: &Path) -> Result<Option<File>, Error> {
        let folder = self.path("DST");
        files::remove_folder(&folder)?;
        if start == Start::Nothing {
            return Ok(None);
        }
        let mut first = Command::new(program);
        first.env_clear().stdout(Stdio::null()).arg("--max-use=100");
        first.arg("--src").arg(self.path("SRC")).arg("--dst").arg(&folder);
        child::run(&mut first)?;
        if start == Start::Held {
            child::run(first.args(["hold", "2026", "case"]))?;
        }
        match start {
            Start::Nothing | Start::Held => Ok(None),
            Start::Behind => fall_behind(&folder).map(|()| None),
            Start::Damaged => damage(&folder).map(|()| None),
            Start::Locked => lock(&folder).map(Some),
        }
    }

    /// All files that a run left in the folder of backups.
    pub(super) fn backups(&self) -> Result<Vec<Backup>, Error> {
        let folder = self.path("DST");
        if !folder.exists() {
            return Ok(Vec::new());
        }
        let mut backups = Vec::new();
        add_backups(&folder, "", &mut backups)?;
        Ok(backups)
    }
}

/// Adds all files in a folder of the folder of backups, and in the folders in it. `path` is empty, or ends in a slash.
fn add_backups(folder: &Path, path: &str, backups: &mut Vec<Backup>) -> Result<(), Error> {
    for name in files::names_in(&folder.join(path))? {
        let inner = format!("{path}{name}");
        if folder.join(&inner).is_dir() {
            add_backups(folder, &format!("{inner}/"), backups)?;
        } else {
            backups.push(Backup::read(folder, inner)?);
        }
    }
    Ok(())
}

/// A file in the folder of backups.
#[derive(PartialEq, Eq)]
pub(super) struct Backup {
    name: String,
    mode: u32,
    /// The time of the file, if the file is a backup.
    modified: Option<SystemTime>,
    /// Empty for the state, the lock and the file of a hold: some of them tell when a run was.
    content: Vec<u8>,
}

impl Backup {
    fn read(folder: &Path, name: String) -> Result<Backup, Error> {
        let path = folder.join(&name);
        let at = |cause: io::Error| Error::at(&path, &cause);
        let metadata = fs::metadata(&path).map_err(at)?;
        let modified = metadata.modified().map_err(at)?;
        let is_backup = !name.rsplit('/').next().unwrap_or_default().starts_with('.');
        Ok(Backup {
            modified: is_backup.then_some(modified),
            mode: metadata.permissions().mode(),
            content: if is_backup {
                fs::read(&path).map_err(at)?
            } else {
                Vec::new()
            },
            name,
        })
    }

    /// How `other` differs, in words, if it does.
    pub(super) fn difference(&self, other: &Backup) -> Option<String> {
        let what = if self.name != other.name {
            return Some(format!("{} is there, not {}", other.name, self.name));
        } else if self.content != other.content {
            "content"
        } else if self.mode != other.mode {
            "mode"
        } else if self.modified != other.modified {
            "time"
        } else {
            return None;
        };
        Some(format!("{}: another {what}", self.name))
    }
}

fn fall_behind(folder: &Path) -> Result<(), Error> {
    for name in shown_names_in(folder)?.iter().rev().take(N_BEHIND) {
        let path = folder.join(name);
        fs::remove_file(&path).map_err(|cause| Error::at(&path, &cause))?;
    }
    Ok(())
}

fn damage(folder: &Path) -> Result<(), Error> {
    let names = shown_names_in(folder)?;
    for name in [names.first(), names.last()].into_iter().flatten() {
        let path = folder.join(name);
        let whole = files::read(&path)?;
        files::write(&path, whole.get(..whole.len() / 2).unwrap_or_default())?;
    }
    files::write(&folder.join(".2017-0427-084401.log.gz.1-0.tmp"), b"half")
}

fn lock(folder: &Path) -> Result<File, Error> {
    let path = folder.join(".backup_ecs.lock");
    let file = File::open(&path).map_err(|cause| Error::at(&path, &cause))?;
    file.lock().map_err(|cause| Error::at(&path, &cause))?;
    Ok(file)
}

/// The names that do not begin with a dot: those of logs or backups. They are sorted.
fn shown_names_in(folder: &Path) -> Result<Vec<String>, Error> {
    let mut names = files::names_in(folder)?;
    names.retain(|name| !name.starts_with('.'));
    Ok(names)
}
