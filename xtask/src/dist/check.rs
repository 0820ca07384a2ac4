//! Looks at a program that was built: whether it is small, needs nothing of the machine it runs on, and runs.

use std::fs;
use std::path::Path;
use std::process::Command;

use object::read::elf::{Dyn, ElfFile, FileHeader, ProgramHeader};
use object::read::pe::PeFile64;
use object::read::{File, Object};
use object::{Endianness, elf};

use super::target::Target;
use crate::child;
use crate::error::Error;

/// The greatest size of a program, in bytes: people copy it over slow lines.
const MAX_SIZE: usize = 3_000_000;

/// The libraries that every Windows has.
const OF_WINDOWS: [&str; 9] = [
    "advapi32.dll",
    "bcryptprimitives.dll",
    "kernel32.dll",
    "msvcrt.dll",
    "ntdll.dll",
    "shell32.dll",
    "user32.dll",
    "userenv.dll",
    "ws2_32.dll",
];

/// Checks the program, and gives a line about it.
pub(super) fn program(target: &Target, path: &Path) -> Result<String, Error> {
    let bytes = fs::read(path).map_err(|cause| Error::at(path, &cause))?;
    let wrong = |what: String| Error::failed(format!("{}: {what}", path.display()));
    if bytes.len() > MAX_SIZE {
        return Err(wrong(format!("{} bytes, more than {MAX_SIZE}", bytes.len())));
    }
    if let Some(need) = need(&bytes).map_err(|cause| wrong(cause.to_string()))? {
        return Err(wrong(format!("it needs {need}")));
    }
    let said = version(target, path)?;
    let file = target.folder_of(path);
    Ok(format!("{}: {} bytes; {said}", file.display(), bytes.len()))
}

/// A file that the program needs to start, and that not every system has.
fn need(bytes: &[u8]) -> object::Result<Option<String>> {
    match File::parse(bytes)? {
        File::Elf32(file) => need_of_elf(&file, bytes),
        File::Elf64(file) => need_of_elf(&file, bytes),
        File::Pe64(file) => need_of_windows(&file),
        _ => Ok(Some("a system that is not known here".to_owned())),
    }
}

fn need_of_elf<H: FileHeader<Endian = Endianness>>(
    file: &ElfFile<'_, H>,
    bytes: &[u8],
) -> object::Result<Option<String>> {
    let endian = file.endian();
    for part in file.elf_program_headers() {
        if let Some(interpreter) = part.interpreter(endian, bytes)? {
            return Ok(Some(format!("the interpreter {}", interpreter.escape_ascii())));
        }
        let dynamic = part.dynamic(endian, bytes)?.unwrap_or_default();
        if dynamic.iter().any(|entry| entry.tag(endian) == elf::DT_NEEDED) {
            return Ok(Some("a library".to_owned()));
        }
    }
    Ok(None)
}

fn need_of_windows(file: &PeFile64<'_>) -> object::Result<Option<String>> {
    for import in file.imports()? {
        let library = import?.library().to_ascii_lowercase();
        let is_of_system = |name: &&str| name.as_bytes() == library;
        // The names of API sets, which Windows itself maps to its libraries.
        if !library.starts_with(b"api-ms-win-") && !OF_WINDOWS.iter().any(is_of_system) {
            return Ok(Some(library.escape_ascii().to_string()));
        }
    }
    Ok(None)
}

/// The version that the program prints. It must name the target.
fn version(target: &Target, path: &Path) -> Result<String, Error> {
    let said = if target.is_windows() {
        match under_wine(path) {
            Ok(said) => said,
            // Wine may be missing here, or be too old. That says nothing about the program.
            Err(error) => return Ok(format!("not run here ({error})")),
        }
    } else {
        child::output(Command::new(path).arg("--version"))?
    };
    let said = String::from_utf8_lossy(&said).trim_end().to_owned();
    if !said.ends_with(&format!("{})", target.triple)) {
        return Err(Error::failed(format!("{}: says that it is {said}", path.display())));
    }
    Ok(said)
}

/// The version that a program for Windows prints here.
fn under_wine(path: &Path) -> Result<Vec<u8>, Error> {
    let mut wine = Command::new("wine");
    wine.arg(path).arg("--version").env("WINEDEBUG", "-all");
    child::output(&mut wine)
}

#[cfg(test)]
mod tests {
    use super::need;

    #[test]
    fn a_program_that_needs_libraries_is_found_out() {
        let this = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let found = need(&this).unwrap();
        let is_found_out = found.is_some_and(|need| need.starts_with("the interpreter /"));
        assert_eq!(is_found_out, !cfg!(target_env = "musl"));
        assert!(need(b"no program").is_err());
    }
}
