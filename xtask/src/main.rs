//! Runs the tasks of the project: one file per task, chosen by the first argument.

mod args;
mod bench;
mod build;
mod child;
mod crash_test;
mod dist;
mod error;
mod files;
mod fleet_test;
mod fuzz;
mod kernel_floor;
mod long_test;
mod report_test;
mod synth;
mod windows_test;

use std::io::{self, Write};
use std::process::ExitCode;

use crate::args::Words;
use crate::error::Error;

const USAGE: &str = "\
usage: cargo xtask TASK [ARGUMENTS]

tasks:
  synth --mb N [--gzip] DIR
      write N MiB of synthetic ECS logs into DIR: the same bytes for the same N, anywhere
  bench [--backup] [--mb N] [--dir DIR] [--rounds R] [--bin PATH]
      measure `sipstat_cm` beside `wc -l` and `zcat | wc -l`, in pairs, on N MiB of synthetic logs; with
      --backup `backup_ecs` beside CPython's gzip, where there is one, and with a million backups
      (N: 1024, DIR: target/bench/logs, R: 7, PATH: built by cargo)
  crash-test [--quick]
      kill `backup_ecs` before each system call it makes, make each fail once and for good, and check after
      each that no log is lost or left half; --quick tries a part and says which; needs bash, strace, gzip
  live-test [--seconds N]
      let `sipstat_cm` follow a folder in which a megabyte is written each second, in a new log every second, stop
      it for five seconds meanwhile, and compare with a count of the same logs; says what it cost (N: 60)
  simulate [--logs N]
      let a server write N logs under a clock that is set, delete and write over them, and run `backup_ecs` meanwhile,
      killed at random: each log that a run could see must be saved, deleted in order, or told as lost (N: 100,000)
  report-test [--logs FOLDER]
      make pictures of the page that `sipstat_cm --format html` writes, wide and narrow, light, dark and printed, and
      check that nothing overflows and that the browser has nothing to say; needs chromium (FOLDER: testdata/readme)
  dist [--out DIR] [--programs]
      build the programs for servers and laptops, statically, check them, and pack them with licences, man pages
      and completions; with --programs no archives (DIR: target/dist)
  kernel-floor [--no-tests | --quick]
      run what `dist` builds, and the tests, as if on the kernels of old servers, and compare with an ordinary run:
      what they print, what they leave, how long they compute; --quick tries the oldest two kernels, and no tests;
      needs cc, and strace for a second opinion
  windows-test [--wine ROOT]
      run `sipstat_cm.exe` under wine, and compare what it prints with the program for this system; needs the linker of
      mingw-w64, and root, who may install Debian 13 with wine into ROOT by debootstrap (ROOT: target/wine)
  fleet-test [--mb N] [--bin PATH] [--python FOLDER]
      count the logs of 20 servers, N MiB each, in the three ways of docs/fleet.md, kill a task of Spark meanwhile, and compare
      each with plain runs, to the message; says how fast Spark is with one and two workers. Needs Java 17, sshd, ssh and GNU
      parallel, and in FOLDER the programs of a Python with pyspark, duckdb and duckdb-cli (N: 12, PATH: built by cargo,
      FOLDER: /usr/bin)
  fuzz [--seconds N | --renew-seeds] scan|names|archives
      try random inputs on a fuzz target; --renew-seeds instead replaces the target's archive of seed inputs by the
      fewest inputs that reach all code which any input has reached on this machine; needs cargo-fuzz and a C++
      compiler (N: 60)
  help
      print this text

exit status: 0 done, 1 it failed or a measured value missed its target, 2 the arguments are wrong
";

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            // There is no other place left to report to.
            let _ = writeln!(io::stderr().lock(), "xtask: {error}");
            ExitCode::from(error.exit_status())
        }
    }
}

fn run() -> Result<ExitCode, Error> {
    let mut words = Words::of_this_process()?;
    let task = words.next().unwrap_or_else(|| "help".to_owned());
    match task.as_str() {
        "synth" => synth::run(words),
        "bench" => bench::run(words),
        "live-test" => long_test::LIVE.run(words),
        "simulate" => long_test::SIMULATION.run(words),
        "report-test" => report_test::run(words),
        "crash-test" => crash_test::run(words),
        "dist" => dist::run(words),
        "fuzz" => fuzz::run(words),
        "kernel-floor" => kernel_floor::run(words),
        "windows-test" => windows_test::run(words),
        "fleet-test" => fleet_test::run(words),
        "help" | "--help" | "-h" => args::print(USAGE),
        _ => Err(Error::usage(format!("no task `{task}`, see `cargo xtask help`"))),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::USAGE;
    use crate::build;

    #[test]
    fn tasks_in_the_documents_are_in_the_help() {
        let folder = fs::read_dir(build::root().join("docs")).unwrap();
        let mut pages: Vec<_> = folder.map(|entry| entry.unwrap().path()).collect();
        pages.push(build::root().join("README.md"));
        let mut found = 0;
        for path in pages
            .iter()
            .filter(|path| path.extension().is_some_and(|end| end == "md"))
        {
            let page = fs::read_to_string(path).unwrap();
            for command in page.split("cargo xtask ").skip(1) {
                let command = command.split(['`', '\n', '#', ',']).next().unwrap();
                let mut words = command.split_whitespace();
                let task = words.next().unwrap();
                let help = USAGE
                    .split("\n  ")
                    .find(|help| help.split_whitespace().next() == Some(task));
                let help = help.unwrap_or_else(|| panic!("{}: {command}", path.display()));
                for option in words.filter(|word| word.starts_with("--")) {
                    assert!(help.contains(option), "{}: {command}", path.display());
                }
                found += 1;
            }
        }
        assert!(found > 20, "{found}");
    }
}
