//! Spark on this machine, as a cluster of a few workers.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use crate::args;
use crate::build;
use crate::error::Error;
use crate::files;
use crate::fleet_test::stage::{OPTIONS, Stage, quiet};

/// The program whose place the one that is killed takes, and what kills it: the task that counts the first hour of one server, the
/// first time it is run. What started the program is the task's own process.
const KILLED: &str = "\
#!/bin/sh
case \"$*\" in
*'-- '*/cm07/2026-0312-08*) if mkdir MARK 2>/dev/null; then kill -9 $PPID; exit 1; fi ;;
esac
chmod +x \"$(dirname \"$0\")/sipstat_cm\"
exec \"$(dirname \"$0\")/sipstat_cm\" \"$@\"
";

/// Spark, as it comes from PyPI.
pub(super) struct Spark<'a> {
    stage: &'a Stage,
    /// Where Spark itself lies.
    home: PathBuf,
}

impl<'a> Spark<'a> {
    pub(super) fn new(stage: &'a Stage) -> Result<Spark<'a>, Error> {
        let mut command = stage.python("python3");
        let home = quiet(command.args(["-c", "import pyspark; print(*pyspark.__path__)"]))?;
        let home = PathBuf::from(String::from_utf8_lossy(&home).trim_end());
        Ok(Spark { stage, home })
    }

    /// Runs the job on two workers, and kills one of its tasks; the tables are the same.
    pub(super) fn kill_a_task(&self) -> Result<(), Error> {
        let folder = self.stage.folder.join("spark");
        files::remove_folder(&folder)?;
        files::create_folder(&folder)?;
        let (mark, killed) = (folder.join("killed"), folder.join("killed_once"));
        files::write(&killed, KILLED.replace("MARK", &mark.display().to_string()).as_bytes())?;
        let executable = fs::set_permissions(&killed, Permissions::from_mode(0o755));
        executable.map_err(|cause| Error::at(&killed, &cause))?;
        args::note("Spark, two workers; one task is killed");
        let mut command = self.submit(2, &[self.stage.program.clone(), killed])?;
        command.args(["--program", "killed_once"]);
        let printed = quiet(&mut command)?;
        files::write(&folder.join("printed"), &printed)?;
        if !mark.is_dir() {
            return Err(Error::failed("no task was killed".to_owned()));
        }
        self.stage.compare(&folder.join("tables"))
    }

    /// How many seconds it takes to count on so many workers, once Spark is up.
    pub(super) fn seconds(&self, workers: u32) -> Result<f64, Error> {
        args::note(&format!("Spark, workers: {workers}"));
        let mut command = self.submit(workers, std::slice::from_ref(&self.stage.program))?;
        let printed = quiet(&mut command)?;
        let printed = String::from_utf8_lossy(&printed);
        let seconds = printed.lines().find_map(|line| line.strip_prefix("seconds: "));
        let seconds = seconds.and_then(|seconds| seconds.parse().ok());
        seconds.ok_or_else(|| Error::failed("the job does not say how long it took".to_owned()))
    }

    /// The command that runs the job, as `docs/fleet.md` has it.
    fn submit(&self, workers: u32, shipped: &[PathBuf]) -> Result<Command, Error> {
        let mut command = self.stage.python("spark-submit");
        command
            .env("SPARK_HOME", &self.home)
            .env("PYSPARK_PYTHON", self.stage.python.join("python3"));
        let shipped: Vec<String> = shipped.iter().map(|path| path.display().to_string()).collect();
        command.args([
            "--master",
            &format!("local-cluster[{workers},1,1024]"),
            "--files",
            &shipped.join(","),
        ]);
        command.args(["--conf", "spark.ui.enabled=false", "--conf", "spark.log.level=ERROR"]);
        command.args(["--conf", "spark.sql.shuffle.partitions=8"]);
        command.arg(build::tool("fleet/sipstat_spark.py"));
        command.arg("--logs").arg(self.stage.logs());
        command.arg("--out").arg(self.stage.folder.join("spark/tables"));
        command.arg(format!("--options={}", OPTIONS.join(" ")));
        Ok(command)
    }
}
