//! What people see who sit at a terminal: a pseudo-terminal of a known size.

use std::fs::File;
use std::io::Read;
use std::process::Command;

use insta::assert_snapshot;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use crate::harness::{Run, sipstat, testdata};

/// Which of the program's streams go to the terminal; the other is thrown away.
#[derive(Clone, Copy)]
pub(crate) enum Stream {
    Out,
    Err,
}

/// What stands on a terminal of `width` columns when the program has ended.
pub(crate) fn on_a_terminal(mut command: Command, stream: Stream, width: u16) -> String {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    let size = Winsize {
        ws_row: 24,
        ws_col: width,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    tcsetwinsize(&terminal, size).unwrap();
    let name = ptsname(&terminal, Vec::new()).unwrap();
    let end = File::options()
        .read(true)
        .write(true)
        .open(name.to_str().unwrap())
        .unwrap();
    let mut child = match stream {
        Stream::Out => command.stdout(end).spawn(),
        Stream::Err => command.stderr(end).spawn(),
    }
    .unwrap();
    // It holds the other end too.
    drop(command);
    // A terminal holds little that nobody has read: it is read while the program writes. At the end of the last writer a terminal
    // gives an error.
    let mut said = Vec::new();
    let _ = File::from(terminal).read_to_end(&mut said);
    child.wait().unwrap();
    String::from_utf8(said).unwrap().replace("\r\n", "\n")
}

/// The tables on a terminal of `width` columns that shows colours.
fn tables(run: &Run, width: u16) -> String {
    let mut command = run.command();
    command.env("TERM", "xterm").env_remove("NO_COLOR");
    on_a_terminal(command, Stream::Out, width)
}

#[test]
fn a_table_is_broken_where_the_terminal_ends() {
    let options = ["--requests=ALL", "--responses=ALL", "--color=never", "-i", "HOUR"];
    let run = || sipstat().args(options).arg(testdata("rules/responses"));
    let narrow = tables(&run(), 80);
    assert!(narrow.lines().all(|line| line.len() < 80), "{narrow}");
    assert_snapshot!(narrow);
    let wide = tables(&run(), 200);
    assert!(wide.lines().all(|line| line.len() < 200), "{wide}");
    assert_snapshot!(wide);
    let wide = run().success().stdout + " covered 15 of 3600 s\n";
    assert_eq!(tables(&run(), 1000), wide);
}

#[test]
fn colours_are_for_terminals_unless_somebody_says_otherwise() {
    let has_colors = |text: &str| text.contains('\u{1b}');
    let run = |options: &[&str]| sipstat().args(options).arg(testdata("readme"));
    for (options, on_terminal, piped) in [
        (&[][..], true, false),
        (&["--color=auto"], true, false),
        (&["--color=always"], true, true),
        (&["--color=never"], false, false),
    ] {
        assert_eq!(has_colors(&tables(&run(options), 80)), on_terminal, "{options:?}");
        assert_eq!(has_colors(&run(options).success().stdout), piped, "{options:?}");
    }
    for (name, value) in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let mut command = run(&[]).command();
        command.env("TERM", "xterm").env_remove("NO_COLOR").env(name, value);
        assert!(!has_colors(&on_a_terminal(command, Stream::Out, 80)), "{name}");
    }
}
