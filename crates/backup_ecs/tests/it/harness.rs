//! A folder of logs, a folder for backups, and the binary run on both.

use std::fs::{self, Permissions};
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output};
use std::time::Duration;

use flate2::read::MultiGzDecoder;
use nix::sys::stat::utimes;
use nix::sys::time::{TimeVal, TimeValLike};
use tempfile::TempDir;

/// Two folders of a test's own, gone with it.
pub(crate) struct Server {
    root: TempDir,
}

impl Server {
    pub(crate) fn new() -> Server {
        let root = tempfile::tempdir().unwrap();
        // Another user runs the program in some tests.
        fs::set_permissions(root.path(), Permissions::from_mode(0o755)).unwrap();
        fs::create_dir(root.path().join("src")).unwrap();
        Server { root }
    }

    /// One with the logs of these seconds.
    pub(crate) fn with_logs(seconds: impl IntoIterator<Item = u32>) -> Server {
        let server = Server::new();
        for second in seconds {
            server.log(second);
        }
        server
    }

    pub(crate) fn src(&self) -> PathBuf {
        self.root.path().join("src")
    }

    pub(crate) fn dst(&self) -> PathBuf {
        self.root.path().join("dst")
    }

    /// Writes the log of a second.
    pub(crate) fn log(&self, second: u32) -> PathBuf {
        self.log_of(second, &content(second, 200))
    }

    pub(crate) fn log_of(&self, second: u32, content: &[u8]) -> PathBuf {
        let path = self.src().join(name(second));
        fs::write(&path, content).unwrap();
        // Not `File::set_times`, which kernels before 2.6.22 do not know.
        let time = TimeVal::seconds((1_493_282_652 + second).into());
        utimes(&path, &time, &time).unwrap();
        path
    }

    /// Writes a file into the folder of backups.
    pub(crate) fn backup(&self, file: &str, content: &[u8]) -> PathBuf {
        fs::create_dir_all(self.dst()).unwrap();
        let path = self.dst().join(file);
        fs::write(&path, content).unwrap();
        path
    }

    /// The command, as a crontab would run it: without any variables but those given later.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_backup_ecs"));
        command
            .env_clear()
            .arg("--src")
            .arg(self.src())
            .arg("--dst")
            .arg(self.dst());
        // The disk of whoever runs the tests may be full.
        command.arg("--max-use=100");
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        Ran::of(self.command().args(args), self.root.path())
    }

    /// Runs it, and makes sure that it says nothing, as it must where all is well.
    #[track_caller]
    pub(crate) fn run_well(&self, args: &[&str]) {
        let ran = self.run(args);
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
    }

    /// Runs it, and makes sure that it only says that what was wrong is over.
    #[track_caller]
    pub(crate) fn run_over(&self, args: &[&str]) {
        let ran = self.run(args);
        assert_eq!((ran.code, ran.out.as_str()), (0, ""));
        let is_over = |line: &str| line.starts_with("backup_ecs: this is over: ");
        assert!(!ran.err.is_empty() && ran.err.lines().all(is_over), "{}", ran.err);
    }

    /// The names in the folder of backups, without those that begin with a dot.
    pub(crate) fn backups(&self) -> Vec<String> {
        let mut names = self.all_in_dst();
        names.retain(|name| !name.starts_with('.'));
        names
    }

    pub(crate) fn all_in_dst(&self) -> Vec<String> {
        let entries = fs::read_dir(self.dst()).map(Vec::from_iter).unwrap_or_default();
        let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
        let mut names: Vec<String> = entries.into_iter().map(name).collect();
        names.sort();
        names
    }

    /// The seconds of which there are backups.
    pub(crate) fn saved(&self) -> Vec<u32> {
        self.backups().iter().filter_map(|name| second(name)).collect()
    }

    pub(crate) fn has_no_temps(&self) -> bool {
        !self.all_in_dst().iter().any(|name| name.ends_with(".tmp"))
    }

    /// Whether each backup has the content of its log.
    pub(crate) fn is_each_whole(&self) -> bool {
        self.backups().iter().all(|name| {
            let plain = name.strip_suffix(".gz").unwrap_or(name);
            read(&self.dst().join(name)).ok() == fs::read(self.src().join(plain)).ok()
        })
    }
}

/// What a run said, with the folders as `SRC` and `DST`.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    /// Without the line of a run that begins a folder.
    pub(crate) err: String,
    /// That line, if it is the first.
    pub(crate) begins: Option<String>,
}

impl Ran {
    pub(crate) fn of(command: &mut Command, root: &Path) -> Ran {
        let output = command.output().unwrap();
        Ran::from_output(&output, root)
    }

    pub(crate) fn from_output(output: &Output, root: &Path) -> Ran {
        let text = |bytes: &[u8]| {
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            let root = root.to_str().unwrap();
            text.replace(&format!("{root}/src"), "SRC")
                .replace(&format!("{root}/dst"), "DST")
        };
        let err = text(&output.stderr);
        let (first, others) = err.split_once('\n').unwrap_or_default();
        let begins = first.contains(": there are no backups yet, they begin here");
        Ran {
            code: output.status.code().unwrap_or(-1),
            out: text(&output.stdout),
            err: if begins { others.to_owned() } else { err.clone() },
            begins: begins.then(|| first.to_owned()),
        }
    }
}

/// The name of the log of a second.
pub(crate) fn name(second: u32) -> String {
    format!(
        "2017-0427-{:02}{:02}{:02}.log",
        8 + second / 3600,
        second / 60 % 60,
        second % 60
    )
}

pub(crate) fn gz(second: u32) -> String {
    format!("{}.gz", name(second))
}

fn second(name: &str) -> Option<u32> {
    let number = |from: usize| name.get(from..from + 2)?.parse::<u32>().ok();
    Some((number(10)? - 8) * 3600 + number(12)? * 60 + number(14)?)
}

/// Lines that do not compress to nothing.
pub(crate) fn content(second: u32, n_lines: u32) -> Vec<u8> {
    let mut state = u64::from(second) + 1;
    let mut text = String::new();
    for line in 0..n_lines {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        text.push_str(&format!("20170427:0844{second:04} {line} {state:016x}\n"));
    }
    text.into_bytes()
}

/// The content of a backup, read to its end.
pub(crate) fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let bytes = fs::read(path)?;
    if path.extension().is_some_and(|end| end == "gz") {
        let mut content = Vec::new();
        MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut content)?;
        return Ok(content);
    }
    Ok(bytes)
}

/// As gzip.
pub(crate) fn packed(content: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = flate2::read::GzEncoder::new(content, flate2::Compression::fast());
    encoder.read_to_end(&mut bytes).unwrap();
    bytes
}

/// The most memory that the process held, in bytes, which is looked at until it ends.
pub(crate) fn most_held(child: &Child) -> u64 {
    let held = || {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse().unwrap();
        Some(kilobytes << 10)
    };
    let mut most = 0;
    while let Some(held) = held() {
        most = held;
        std::thread::sleep(Duration::from_millis(1));
    }
    most
}

/// Says so, not by `println`, which is seen of tests that fail alone.
pub(crate) fn notice(text: &str) {
    let mut stderr = std::io::stderr();
    writeln!(stderr, "{text}").unwrap();
}

/// Whether a helper of the system runs here: as if on an old kernel, most do not.
pub(crate) fn runs_here(program: &str, args: &[&str]) -> bool {
    let ran = Command::new(program).args(args).output();
    let runs = ran.is_ok_and(|output| output.status.success());
    if !runs {
        notice(&format!("skipped: what takes {program}, which does not run here"));
    }
    runs
}
