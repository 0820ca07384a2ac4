//! What goes into an archive beside the programs: how to install them, the documents, man pages, completions, and the licences of
//! all libraries in the programs.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::archive::{self, PackedFile};
use super::compile;
use super::folder::{Folder, files_below};
use super::links::without_dead_links;
use super::target::Target;
use crate::args;
use crate::build;
use crate::child;
use crate::error::Error;
use crate::files;

/// The tool that collects licences, and its version.
const ABOUT: (&str, &str) = ("cargo-about", "0.9.3");

/// Files of the workspace that go into each archive, beside the documents.
const TEXTS: [&str; 3] = ["CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"];

/// Writes an archive for each of the targets, whose programs are in the folder.
pub(super) fn write_archives(targets: &[&Target], folder: &Folder) -> Result<(), Error> {
    let build_folder = build::target_folder()?.join("dist-build");
    let pages = build_folder.join("pages");
    files::remove_folder(&pages)?;
    args::note("man pages and completions");
    let mut command = build::cargo(&["run", "--quiet", "--locked", "--package", "pages", "--"]);
    child::run(command.arg(&pages))?;
    let about = about()?;
    // The tool looks at the crates of all targets, also where it is asked for one.
    child::run(&mut build::cargo(&["fetch", "--locked"]))?;
    for target in targets {
        args::note(&format!("licences of what is in the programs for {}", target.triple));
        let mut files = of_all()?;
        files.extend(of_pages(target, &pages)?);
        for program in target.programs {
            let text = licences(&about, target, program, &build_folder)?;
            files.push(PackedFile::text(format!("licences/{program}.txt"), text));
            let name = target.file_of(program);
            let path = folder.path().join(target.triple).join(&name);
            let mut packed = PackedFile::text(name, files::read(&path)?);
            packed.is_program = true;
            files.push(packed);
        }
        let notice = files::read(&build::tool("dist").join(target.notice))?;
        files.push(PackedFile::text(format!("licences/{}", target.notice), notice));
        write(target, files, folder)?;
    }
    Ok(())
}

fn write(target: &Target, mut files: Vec<PackedFile>, folder: &Folder) -> Result<(), Error> {
    let stem = format!(
        "{}-{}-{}",
        target.programs.join("-"),
        env!("CARGO_PKG_VERSION"),
        target.triple
    );
    for file in &mut files {
        file.name = format!("{stem}/{}", file.name);
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    let (name, bytes) = if target.is_windows() {
        (format!("{stem}.zip"), archive::zip(&files))
    } else {
        (format!("{stem}.tar.gz"), archive::tar_gz(&files, commit_time()))
    };
    let name = PathBuf::from(name);
    folder.write(&name, &bytes.map_err(|cause| Error::at(&name, &cause))?)
}

/// The files that are the same for all targets.
fn of_all() -> Result<Vec<PackedFile>, Error> {
    let mut files = documents()?;
    files.push(PackedFile::text(
        "INSTALL".to_owned(),
        files::read(&build::tool("dist/INSTALL"))?,
    ));
    for name in TEXTS {
        files.push(PackedFile::text(
            name.to_owned(),
            files::read(&build::root().join(name))?,
        ));
    }
    // rustup installs this file with the compiler.
    let library = Path::new(&compile::sysroot()?).join("share/doc/rust/COPYRIGHT-library.html");
    files.push(PackedFile::text(
        "licences/rust-standard-library.html".to_owned(),
        files::read(&library)?,
    ));
    Ok(files)
}

/// The README and what lies in `docs`. Their links lead to each other, or to the web.
fn documents() -> Result<Vec<PackedFile>, Error> {
    let mut names = vec![PathBuf::from("README.md")];
    names.extend(
        files_below(&build::root().join("docs"))?
            .iter()
            .map(|name| Path::new("docs").join(name)),
    );
    let is_packed = |path: &Path| names.iter().any(|name| name == path) || TEXTS.map(Path::new).contains(&path);
    let mut files = Vec::new();
    for name in &names {
        let content = files::read(&build::root().join(name))?;
        let folder = name.parent().unwrap_or(Path::new(""));
        let content = match String::from_utf8(content) {
            Ok(text) => without_dead_links(&text, folder, is_packed).into_bytes(),
            // A picture.
            Err(error) => error.into_bytes(),
        };
        files.push(PackedFile::text(name.display().to_string(), content));
    }
    Ok(files)
}

/// The man pages and the completions of the target's programs.
fn of_pages(target: &Target, pages: &Path) -> Result<Vec<PackedFile>, Error> {
    let mut files = Vec::new();
    for path in files_below(pages)? {
        let name = path.display().to_string();
        let is_for_windows = name.ends_with(".ps1");
        let is_of_target = target.programs.iter().any(|program| name.contains(program));
        if is_of_target && is_for_windows == target.is_windows() {
            files.push(PackedFile::text(name, files::read(&pages.join(&path))?));
        }
    }
    Ok(files)
}

/// The licences of all libraries in a program. The tool is not allowed to use the network.
fn licences(about: &Path, target: &Target, program: &str, build_folder: &Path) -> Result<Vec<u8>, Error> {
    let out = build_folder.join("licences.txt");
    let mut command = Command::new(about);
    command
        .current_dir(build::root())
        .args(["generate", "--frozen", "--fail", "--target", target.triple]);
    command.arg("--config").arg(build::tool("dist/about.toml"));
    let manifest = build::root().join("crates").join(program).join("Cargo.toml");
    command
        .arg("--manifest-path")
        .arg(manifest)
        .arg("--output-file")
        .arg(&out);
    child::run(command.arg(build::tool("dist/licences.hbs")))?;
    files::read(&out)
}

/// The path of the tool that collects licences. It is installed below the target folder, unless it is there.
fn about() -> Result<PathBuf, Error> {
    let (name, version) = ABOUT;
    let root = build::target_folder()?.join("tools");
    let program = root.join("bin").join(name);
    let mut ask = Command::new(&program);
    let said = ask.arg("--version").stderr(Stdio::null()).output();
    let is_there = said.is_ok_and(|output| output.stdout.ends_with(format!(" {version}\n").as_bytes()));
    if !is_there {
        args::note(&format!(
            "installing {name} {version} into {}, which takes minutes",
            root.display()
        ));
        let mut command = build::cargo(&["install", "--quiet", "--locked", name, "--version", version]);
        child::run(command.args(["--features", "cli", "--root"]).arg(&root))?;
    }
    Ok(program)
}

/// When the commit was made, in seconds of the Unix epoch; where git cannot tell, the first moment that a zip can hold.
fn commit_time() -> u64 {
    const FIRST_OF_1980: u64 = 315_532_800;
    let mut command = Command::new("git");
    command.args(["log", "-1", "--no-show-signature", "--format=%ct"]);
    let output = command.current_dir(build::root()).stderr(Stdio::null()).output();
    let time = output.ok().filter(|output| output.status.success());
    let time = time.and_then(|output| String::from_utf8(output.stdout).ok()?.trim().parse().ok());
    time.unwrap_or(FIRST_OF_1980)
}
