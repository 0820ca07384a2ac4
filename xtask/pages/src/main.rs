//! Writes the man pages and the shell completions of the programs, from their own options.
//!
//! This is a program of its own, so that xtask can be compiled without the two programs.

use std::env;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Command;
use clap_complete::Shell;

/// The shells, and what a completion of `NAME` is called there.
const SHELLS: [(Shell, &str); 4] = [
    (Shell::Bash, "NAME.bash"),
    (Shell::Zsh, "_NAME"),
    (Shell::Fish, "NAME.fish"),
    (Shell::PowerShell, "_NAME.ps1"),
];

fn main() -> Result<(), Box<dyn Error>> {
    let Some(folder) = env::args_os().nth(1).map(PathBuf::from) else {
        return Err("usage: pages FOLDER".into());
    };
    write(&folder, sipstat_cm::command())?;
    #[cfg(unix)]
    write(&folder, backup_ecs::command())?;
    Ok(())
}

/// Writes `man1/NAME.1` and `completions/*` into `folder`.
fn write(folder: &Path, command: Command) -> Result<(), Box<dyn Error>> {
    let (man, completions) = (folder.join("man1"), folder.join("completions"));
    fs::create_dir_all(&man)?;
    fs::create_dir_all(&completions)?;
    // `--version` names the commit and the target of a program, but the page is the same for all of them.
    let mut command = command.version(env!("CARGO_PKG_VERSION"));
    let name = command.get_name().to_owned();
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    fs::write(man.join(format!("{name}.1")), page)?;
    for (shell, file) in SHELLS {
        let mut completion = Vec::new();
        clap_complete::generate(shell, &mut command, &name, &mut completion);
        fs::write(completions.join(file.replace("NAME", &name)), completion)?;
    }
    Ok(())
}
