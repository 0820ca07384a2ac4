//! Wine in a folder of its own: the one of Debian 13, since older ones lack libraries that the program needs.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::args;
use crate::child;
use crate::error::Error;
use crate::files;

/// The release of Debian.
const DEBIAN: &str = "trixie";

/// What runs within the folder: it is given the folder and the arguments of the program.
const ENTER: &str = r#"mount -t proc proc "$0/proc" && exec chroot "$0" /bin/sh -c 'cd /work && HOME=/root XDG_RUNTIME_DIR=/run WINEDEBUG=-all exec /usr/lib/wine/wine64 program.exe "$@"' sh "$@""#;

/// A system with wine.
#[derive(Debug)]
pub(super) struct Wine {
    root: PathBuf,
    folder: PathBuf,
}

impl Wine {
    /// The system in the folder `root`. It is installed there unless it is there, which takes minutes and root's rights.
    pub(super) fn at(root: &Path) -> Result<Wine, Error> {
        if !root.join("usr/lib/wine").is_dir() {
            args::note(&format!("installing wine into {}, which takes minutes", root.display()));
            files::create_folder(root)?;
            let mut command = Command::new("debootstrap");
            command.args(["--variant=minbase", "--include=wine64", DEBIAN]);
            child::run(command.arg(root))?;
        }
        let folder = root.join("work");
        files::remove_folder(&folder)?;
        files::create_folder(&folder)?;
        Ok(Wine {
            root: root.to_owned(),
            folder,
        })
    }

    /// The folder in which the program runs.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Puts the program there, and runs it once: wine talks on standard error while it sets itself up.
    pub(super) fn install(&self, program: &Path) -> Result<(), Error> {
        fs::copy(program, self.folder.join("program.exe")).map_err(|cause| Error::at(program, &cause))?;
        child::run(self.command(&["--version"]).stderr(Stdio::null()))
    }

    /// The program with these arguments. Its `/proc` is mounted for it alone.
    pub(super) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new("unshare");
        command.args(["--mount", "sh", "-c", ENTER]).arg(&self.root).args(args);
        command
    }

    /// Whether Ctrl-C ends live mode with its last table. Wine makes the event of the console from SIGINT.
    pub(super) fn ctrl_c(&self) -> Result<Result<(), String>, Error> {
        let mut command = self.command(&["-f", "-iSEC", "LOGS"]);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let at = |cause: std::io::Error| Error::at(Path::new("wine"), &cause);
        let mut wine = command.spawn().map_err(at)?;
        let mut said = Vec::new();
        let Some(mut out) = wine.stdout.take() else {
            return Ok(Err("it has no output".to_owned()));
        };
        // The first table comes when the logs that are there have been read.
        let mut block = [0; 4096];
        let n_read = out.read(&mut block).map_err(at)?;
        said.extend(block.iter().take(n_read));
        interrupt(&wine)?;
        out.read_to_end(&mut said).map_err(at)?;
        let status = wine.wait().map_err(at)?;
        let said = String::from_utf8_lossy(&said);
        let has_last_table = said.contains("(partial, to ");
        Ok(match (status.success(), has_last_table) {
            (true, true) => Ok(()),
            (true, false) => Err("it ended without its last table".to_owned()),
            (false, _) => Err(status.to_string()),
        })
    }
}

fn interrupt(wine: &Child) -> Result<(), Error> {
    child::run(Command::new("kill").args(["-s", "INT", &wine.id().to_string()]))
}
