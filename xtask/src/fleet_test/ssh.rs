//! Servers to be reached by ssh, all of them this machine.

use std::env;
use std::ffi::OsString;
use std::fs::Permissions;
use std::net::TcpStream;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread;
use std::time::Duration;

use crate::child;
use crate::error::Error;
use crate::files;

const SSHD: &str = "/usr/sbin/sshd";
const PORT: u16 = 22_022;

/// How often it is looked whether sshd listens, and how long between.
const LOOKS: u32 = 100;
const PAUSE: Duration = Duration::from_millis(100);

/// An sshd of the test's own. Whoever asks for the server `cm07` gets the folder of its logs, in which the program lies, as if that
/// were the server.
pub(super) struct Sshd {
    child: Child,
    folder: PathBuf,
}

impl Sshd {
    /// Starts it; its files lie in a folder in `stage`.
    pub(super) fn start(stage: &Path, program: &Path) -> Result<Sshd, Error> {
        let folder = stage.join("ssh");
        files::remove_folder(&folder)?;
        files::create_folder(&folder.join("bin"))?;
        for key in ["host", "user"] {
            let mut command = Command::new("ssh-keygen");
            command
                .args(["-q", "-t", "ed25519", "-N", "", "-f"])
                .arg(folder.join(key));
            child::run(&mut command)?;
        }
        let path = folder.display();
        let logs = stage.join("logs");
        let enter = format!(
            "#!/bin/sh\ncd \"{}/$SERVER\" && ln -sf \"{}\" sipstat_cm && exec sh -c \"$SSH_ORIGINAL_COMMAND\"\n",
            logs.display(),
            program.display()
        );
        let config = format!(
            "Port {PORT}\nListenAddress 127.0.0.1\nHostKey {path}/host\nPidFile none\nAuthorizedKeysFile {path}/user.pub\n\
             StrictModes no\nUsePAM no\nPasswordAuthentication no\nAcceptEnv SERVER\nForceCommand {path}/enter\nMaxStartups 100\n"
        );
        let client = format!(
            "#!/bin/sh\n# ssh [-n] SERVER COMMAND...\n[ \"$1\" = -n ] && shift\nserver=$1; shift\n\
             SERVER=$server exec /usr/bin/ssh -n -q -F none -i {path}/user -p {PORT} -o SendEnv=SERVER \
             -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o BatchMode=yes 127.0.0.1 \"$@\"\n"
        );
        for (name, text) in [("enter", &enter), ("config", &config), ("bin/ssh", &client)] {
            let file = folder.join(name);
            files::write(&file, text.as_bytes())?;
            let executable = std::fs::set_permissions(&file, Permissions::from_mode(0o755));
            executable.map_err(|cause| Error::at(&file, &cause))?;
        }
        let own = folder.join("bin/sipstat_cm");
        symlink(program, &own).map_err(|cause| Error::at(&own, &cause))?;
        // sshd lives in an empty folder.
        files::create_folder(Path::new("/run/sshd"))?;
        let child = Command::new(SSHD)
            .args(["-D", "-q", "-f"])
            .arg(folder.join("config"))
            .spawn();
        let child =
            child.map_err(|cause| Error::failed(format!("{SSHD}: {cause}; Debian has it in openssh-server")))?;
        let sshd = Sshd { child, folder };
        for _ in 0..LOOKS {
            if TcpStream::connect(("127.0.0.1", PORT)).is_ok() {
                return Ok(sshd);
            }
            thread::sleep(PAUSE);
        }
        Err(Error::failed(format!("{SSHD} does not listen")))
    }

    /// The folder with the program `ssh` that leads here, and with `sipstat_cm`.
    pub(super) fn programs(&self) -> PathBuf {
        self.folder.join("bin")
    }

    /// The search path with these folders before it, the last one first.
    pub(super) fn path_with(&self, folders: &[&Path]) -> Result<OsString, Error> {
        let path = env::var_os("PATH").unwrap_or_default();
        let paths = folders
            .iter()
            .rev()
            .map(|folder| folder.to_path_buf())
            .chain(env::split_paths(&path));
        env::join_paths(paths).map_err(|cause| Error::failed(cause.to_string()))
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
