//! Runs the program for Windows under wine, and compares it with the one for this system: what both print must be the same bytes.

mod modes;
mod wine;

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, ExitCode, Output, Stdio};

use crate::args::{self, Words};
use crate::build::{self, Profile};
use crate::dist::{PackedFile, Programs, WINDOWS, tar_gz, zip};
use crate::error::Error;
use crate::files;
use crate::synth::{Form, write_folder};
use crate::windows_test::modes::{MODES, Mode};
use crate::windows_test::wine::Wine;

/// MiB of logs.
const N_LOGS: u64 = 4;

/// The file of packets that some modes write. Its form does not name the program that wrote it.
const PACKETS: &str = "OUT.pcap";

/// Runs the task.
pub(crate) fn run(mut words: Words) -> Result<ExitCode, Error> {
    let mut root = build::target_folder()?.join("wine");
    while let Some(word) = words.next() {
        match word.as_str() {
            "--wine" => root = words.value_of("--wine")?.into(),
            _ => return Err(args::unexpected(&word)),
        }
    }
    if !WINDOWS.has_linker() {
        let linker = "x86_64-w64-mingw32-gcc: is not there; Debian has it in the package gcc-mingw-w64-x86-64";
        return Err(Error::failed(linker.to_owned()));
    }
    let wine = Wine::at(&root)?;
    write_logs(wine.folder())?;
    for program in Programs::build(&WINDOWS)?.all() {
        wine.install(&program)?;
    }
    let native = build::program(Profile::Dev, &["--package", "sipstat_cm"], "sipstat_cm")?;
    let mut all_well = true;
    for mode in &MODES {
        let there = run_mode(&mut wine.command(mode.args), mode, &wine)?;
        let mut command = Command::new(&native);
        let here = run_mode(command.args(mode.args).current_dir(wine.folder()), mode, &wine)?;
        all_well &= tell(mode.name, difference(&here, &there))?;
    }
    all_well &= tell("Ctrl-C, live", wine.ctrl_c()?)?;
    args::print(if all_well { "all as here\n" } else { "not as here\n" })?;
    Ok(if all_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Writes the logs as a folder, the first of them alone, packed each for itself, and as archives.
fn write_logs(folder: &Path) -> Result<(), Error> {
    let logs = folder.join("LOGS");
    write_folder(&logs, N_LOGS, Form::Plain)?;
    write_folder(&folder.join("GZIP"), N_LOGS, Form::Gzip)?;
    let mut packed = Vec::new();
    for name in files::names_in(&logs)?
        .into_iter()
        .filter(|name| !name.starts_with('.'))
    {
        let content = files::read(&logs.join(&name))?;
        packed.push(PackedFile::text(name, content));
    }
    if let Some(first) = packed.first() {
        files::write(&folder.join("LOG"), &first.content)?;
    }
    files::write(&folder.join("NAMES"), b"10.0.0.0/8 inside\n")?;
    let archives = [
        ("LOGS.tgz", tar_gz(&packed, 0)),
        ("LOGS.tar", crate::dist::tar(Vec::new(), &packed, 0)),
        ("LOGS.zip", zip(&packed)),
    ];
    for (name, bytes) in archives {
        let path = folder.join(name);
        files::write(&path, &bytes.map_err(|cause| Error::at(&path, &cause))?)?;
    }
    Ok(())
}

fn run_mode(command: &mut Command, mode: &Mode, wine: &Wine) -> Result<Output, Error> {
    let stdin = match mode.stdin {
        Some(name) => {
            let path = wine.folder().join(name);
            File::open(&path).map_err(|cause| Error::at(&path, &cause))?.into()
        }
        None => Stdio::null(),
    };
    let run = command.stdin(stdin).output();
    let mut output = run.map_err(|cause| Error::at(Path::new(command.get_program()), &cause))?;
    let packets = wine.folder().join(PACKETS);
    if packets.exists() {
        output.stdout.extend(files::read(&packets)?);
        fs::remove_file(&packets).map_err(|cause| Error::at(&packets, &cause))?;
    }
    Ok(output)
}

/// In what the two runs differ, in words. Paths may have either separator, which in JSON is two characters.
fn difference(here: &Output, there: &Output) -> Result<(), String> {
    let separated = |text: &[u8]| String::from_utf8_lossy(text).replace(r"\\", "/").replace('\\', "/");
    if here.status.code() != there.status.code() {
        return Err(format!(
            "{}, here {}: {}",
            there.status,
            here.status,
            separated(&there.stderr)
        ));
    }
    if separated(&here.stderr) != separated(&there.stderr) {
        return Err(format!(
            "it says {}, here {}",
            separated(&there.stderr),
            separated(&here.stderr)
        ));
    }
    if separated(&here.stdout) != separated(&there.stdout) {
        return Err("it prints something else".to_owned());
    }
    Ok(())
}

/// Prints how a trial went. Returns true if and only if it went well.
fn tell(what: &str, went: Result<(), String>) -> Result<bool, Error> {
    let is_well = went.is_ok();
    let text = went
        .err()
        .map_or("the same".to_owned(), |text| format!("FAILED: {text}"));
    args::print(&format!("{what}: {text}\n"))?;
    Ok(is_well)
}
