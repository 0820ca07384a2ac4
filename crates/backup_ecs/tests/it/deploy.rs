//! The commands of `docs/deploy.md`, as they stand there.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::harness::{Ran, Server, runs_here};

/// The lines with a command between two headings of the guide, without what is said of them.
fn commands(heading: &str) -> Vec<String> {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/deploy.md");
    let guide = fs::read_to_string(guide).unwrap();
    let section = guide
        .split("\n## ")
        .find(|section| section.starts_with(heading))
        .unwrap();
    let lines = section.lines().filter_map(|line| line.strip_prefix("    "));
    lines
        .map(|line| line.split("  #").next().unwrap().trim_end().to_owned())
        .collect()
}

/// A line of a crontab, without when it runs.
fn of_crontab(line: &str) -> &str {
    match line.split_once(" * * * * ") {
        Some((_, command)) => command,
        None => line,
    }
}

/// Runs a command on the folders of a test.
fn run(server: &Server, command: &str) -> Ran {
    let root = server.src().parent().unwrap().to_owned();
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let command = of_crontab(command)
        .replace("/var/home/admin/backup_ecs", "./backup_ecs")
        .replace("/var/log/ecs", &text(&server.src()))
        .replace("/var/home/ftp/pub/ecsbkp", &text(&server.dst()));
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(command).current_dir(&root);
    shell
        .env("SRCDIR", server.src())
        .env("DSTDIR", server.dst())
        .env("MAXUSE", "100");
    Ran::of(&mut shell, &root)
}

#[test]
fn each_command_of_the_guide_does_what_it_says() {
    let programs = [
        ("sh", &["-c", ":"][..]),
        ("tar", &["--version"]),
        ("zcat", &["--version"]),
        ("chmod", &["--version"]),
        ("rm", &["--version"]),
    ];
    if programs.iter().any(|(program, args)| !runs_here(program, args)) {
        return;
    }
    // From 02:00 on, a log every five minutes.
    let server = Server::new();
    for minute in (0..60).step_by(5) {
        let name = format!("2017-0427-02{minute:02}00.log");
        fs::write(
            server.src().join(name),
            format!("20170427:02{minute:02}00000:1:x:MED:[a log]\n"),
        )
        .unwrap();
    }
    let root = server.src().parent().unwrap().to_owned();
    fs::copy(env!("CARGO_BIN_EXE_backup_ecs"), root.join("backup_ecs")).unwrap();
    let mut left = Vec::new();
    for heading in ["Set it up", "Prove that it works", "Hold"] {
        for command in commands(heading) {
            if ["scp", "sipstat_cm"].iter().any(|word| command.starts_with(word)) {
                left.push(command);
                continue;
            }
            let ran = run(&server, &command);
            let expected = i32::from(command.contains("/var/log/nothing"));
            assert_eq!(ran.code, expected, "{command}: {ran:?}");
            let is_quiet =
                of_crontab(&command) != command || ["tar", "chmod"].iter().any(|word| command.starts_with(word));
            assert_eq!(ran.out.is_empty(), is_quiet || expected == 1, "{command}: {ran:?}");
        }
    }
    // These need a server, or the other program, whose tests have them.
    insta::assert_snapshot!(left.join("\n"), @"
    scp target/dist/x86_64-unknown-linux-musl/backup_ecs admin@server:
    sipstat_cm -t 20170427:0200-20170427:0220 -d /var/home/ftp/pub/ecsbkp/held/case-4711
    sipstat_cm -t 20170427:0100-20170427:0300 /var/home/ftp/pub/ecsbkp /var/home/ftp/pub/ecsbkp/held/case-4711
    ");
    let listed = Command::new("tar")
        .arg("tf")
        .arg(root.join("case-4711-held.tgz"))
        .output()
        .unwrap();
    let names = String::from_utf8(listed.stdout).unwrap();
    let names = Vec::from_iter(names.lines().filter(|name| name.ends_with(".gz")));
    assert_eq!(names.len(), 6, "{names:?}");
    // It was released at the end.
    assert_eq!(server.backups().len(), 12);
    assert!(server.is_each_whole());
    for command in commands("Remove").iter().filter(|command| command.starts_with("rm")) {
        let ran = run(&server, command);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{command}");
    }
    let mut names = Vec::from_iter(fs::read_dir(root).unwrap().map(|entry| entry.unwrap().file_name()));
    names.sort();
    assert_eq!(names, ["case-4711-held.tgz", "src"], "it writes nothing anywhere else");
}
