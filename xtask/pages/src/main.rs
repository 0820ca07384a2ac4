//! Writes the man pages and the shell completions of the programs, from their own options.
//!
//! This is a program of its own, so that xtask can be compiled without the two programs.

use std::env;
use std::error::Error;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Command;
use clap_complete::Shell;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

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
    fs::write(man.join(format!("{name}.1")), man_page(&command)?)?;
    for (shell, file) in SHELLS {
        let mut completion = Vec::new();
        clap_complete::generate(shell, &mut command, &name, &mut completion);
        fs::write(completions.join(file.replace("NAME", &name)), completion)?;
    }
    Ok(())
}

/// The man page: what clap_mangen makes of the options, and a section for each paragraph below them in the help.
fn man_page(command: &Command) -> io::Result<Vec<u8>> {
    let below = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let mut page = Vec::new();
    Man::new(command.clone().after_help("")).render(&mut page)?;
    for paragraph in below.split("\n\n") {
        let Some((heading, text)) = paragraph.split_once(':') else {
            continue;
        };
        section(heading, text).to_writer(&mut page)?;
    }
    Ok(page)
}

/// A section of a man page. Where the text begins on a line of its own, its lines stay as they are.
fn section(heading: &str, text: &str) -> Roff {
    let mut section = Roff::new();
    section.control("SH", [heading.to_uppercase().as_str()]);
    match text.strip_prefix('\n') {
        Some(lines) => {
            section.control("nf", []);
            for line in lines.lines() {
                section.text([roman(line.strip_prefix("  ").unwrap_or(line))]);
            }
            section.control("fi", []);
        }
        None => {
            section.text([roman(text.split_whitespace().collect::<Vec<_>>().join(" "))]);
        }
    }
    section
}

#[cfg(test)]
mod tests {
    use clap::Command;

    use super::man_page;

    #[test]
    fn paragraphs_below_the_options_are_sections() {
        let below = "Examples:\n  count -n100\n  count 'a b'   in one file\n\nExit status: 0 all read;\n2 usage.";
        let page = man_page(&Command::new("count").about("Counts").after_help(below)).unwrap();
        let page = String::from_utf8(page).unwrap();
        let (_, end) = page.split_once(".SH EXAMPLES").unwrap();
        insta::assert_snapshot!(end.trim(), @r#"
        .nf
        count \-n100
        count \*(Aqa b\*(Aq   in one file
        .fi
        .ie \n(.g .ds Aq \(aq
        .el .ds Aq '
        .SH "EXIT STATUS"
        0 all read; 2 usage.
        "#);
    }
}
