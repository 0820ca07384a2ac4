//! Runs other programs: how long they take, what they print, how much memory they need.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::Error;

/// The time between two looks at the memory of a program. The kernel keeps the peak, so only a peak between the last look and
/// the end of the program is missed.
const LOOK_EVERY: Duration = Duration::from_millis(1);

/// Runs `command`, which prints to where this process prints.
pub(crate) fn run(command: &mut Command) -> Result<(), Error> {
    let status = command.status().map_err(|cause| cannot_run(command, &cause))?;
    check(command, status)
}

/// Runs `command` and returns how many seconds it took.
pub(crate) fn seconds(command: &mut Command) -> Result<f64, Error> {
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let begin = Instant::now();
    let status = command.status().map_err(|cause| cannot_run(command, &cause))?;
    let elapsed = begin.elapsed();
    check(command, status)?;
    Ok(elapsed.as_secs_f64())
}

/// The processor time of all programs that were run so far and have ended, and of those that they ran. Linux counts it in
/// hundredths of a second.
pub(crate) fn processor_time() -> Result<Duration, Error> {
    let path = Path::new("/proc/self/stat");
    let stat = fs::read_to_string(path).map_err(|cause| Error::at(path, &cause))?;
    // The name of the program, in brackets, may hold anything. Behind it `cutime` and `cstime` are the 14th and the 15th field
    // (proc(5)).
    let behind_name = stat.rsplit(')').next().unwrap_or_default();
    let times = behind_name.split_ascii_whitespace().skip(13).take(2);
    let ticks: u64 = times.filter_map(|time| time.parse::<u64>().ok()).sum();
    Ok(Duration::from_millis(ticks.saturating_mul(10)))
}

/// Whether `program` can be run here: whether it says which version it is.
pub(crate) fn is_there(program: &str) -> bool {
    let mut command = Command::new(program);
    command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Runs `command` and returns what it printed.
pub(crate) fn output(command: &mut Command) -> Result<Vec<u8>, Error> {
    command.stdin(Stdio::null()).stderr(Stdio::inherit());
    let output = command.output().map_err(|cause| cannot_run(command, &cause))?;
    check(command, output.status)?;
    Ok(output.stdout)
}

/// Runs `command` and returns how many KiB of memory it had resident at most.
pub(crate) fn peak_kibibytes(command: &mut Command) -> Result<u64, Error> {
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let mut child = command.spawn().map_err(|cause| cannot_run(command, &cause))?;
    let mut peak = 0;
    loop {
        peak = peak.max(resident_peak(&child).unwrap_or(0));
        if let Some(status) = child.try_wait().map_err(|cause| cannot_run(command, &cause))? {
            check(command, status)?;
            return Ok(peak);
        }
        thread::sleep(LOOK_EVERY);
    }
}

/// The `VmHWM` of `child`, unless it has ended.
fn resident_peak(child: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

fn cannot_run(command: &Command, cause: &std::io::Error) -> Error {
    Error::at(Path::new(command.get_program()), cause)
}

fn check(command: &Command, status: ExitStatus) -> Result<(), Error> {
    if status.success() {
        return Ok(());
    }
    let program = Path::new(command.get_program());
    Err(Error::failed(format!("{}: {status}", program.display())))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::{is_there, output, peak_kibibytes, processor_time, seconds};

    #[test]
    fn output_is_what_the_program_prints() {
        assert_eq!(output(Command::new("echo").arg("a")).unwrap(), b"a\n");
    }

    #[test]
    fn processor_time_is_that_of_programs_that_were_run() {
        let before = processor_time().unwrap();
        let count = "i=0; while [ $i -lt 50000 ]; do i=$((i + 1)); done";
        seconds(Command::new("sh").args(["-c", count])).unwrap();
        assert!(processor_time().unwrap() > before);
    }

    #[test]
    fn a_program_is_there_or_not() {
        assert!(is_there("cargo"));
        assert!(!is_there("/no/such/program"));
    }

    #[test]
    fn a_program_that_fails_is_an_error() {
        let error = seconds(&mut Command::new("false")).unwrap_err();
        assert_eq!(error.to_string(), "false: exit status: 1");
    }

    #[test]
    fn a_program_that_does_not_exist_is_an_error() {
        let error = output(&mut Command::new("/no/such/tool")).unwrap_err();
        assert!(error.to_string().starts_with("/no/such/tool: "), "{error}");
    }

    #[test]
    fn memory_is_seen_while_the_program_runs() {
        assert!(peak_kibibytes(Command::new("sleep").arg("0.05")).unwrap() > 100);
    }
}
