//! The commands in the documents: each is understood, and those of the README that end by themselves find what they name.

use std::fs;
use std::path::PathBuf;

use crate::cookbook::printed;
use crate::harness::{TestDir, logs_in, testdata};

/// The README and the documents.
fn pages() -> Vec<(PathBuf, String)> {
    let docs = fs::read_dir(testdata("../docs")).unwrap();
    let docs = docs.map(|entry| entry.unwrap().path());
    let pages = docs.filter(|path| path.extension().is_some_and(|end| end == "md"));
    let pages = pages.chain([testdata("../README.md")]);
    pages
        .map(|path| (path.clone(), fs::read_to_string(path).unwrap()))
        .collect()
}

/// What stands in a page as code: in backquotes, indented, or in a block. In a table `\|` stands for `|`.
fn code(page: &str) -> Vec<String> {
    let mut code = Vec::new();
    let mut in_block = false;
    for line in page.lines() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
        } else if in_block || line.starts_with("    ") {
            code.push(line.trim().to_owned());
        } else {
            code.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    code.iter().map(|line| line.replace(r"\|", "|")).collect()
}

/// The words of the first command of the program in a line of a shell, as far as it goes; none where it only names the program, or an option.
fn words(line: &str) -> Option<Vec<String>> {
    let mut places = line.match_indices("sipstat_cm ");
    let is_command =
        |before: &str| !before.ends_with(|c: char| c.is_ascii_alphanumeric()) && !before.contains("--files");
    let (place, name) = places.find(|(place, _)| is_command(&line[..*place]))?;
    let place = &line[place + name.len()..];
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    for c in place.chars().chain([' ']) {
        match c {
            _ if quote == Some(c) => quote = None,
            _ if quote.is_some() => word.push(c),
            '\'' | '"' => quote = Some(c),
            '|' | ';' | '>' | ')' | '#' | '&' => break,
            ' ' if word.is_empty() => {}
            ' ' => words.push(std::mem::take(&mut word)),
            c => word.push(c),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    // One option alone is named, and not run.
    let is_named = words.len() == 1 && words.iter().all(|word| word.starts_with('-'));
    (!words.is_empty() && !is_named).then_some(words)
}

#[test]
fn each_command_is_understood() {
    let mut count = 0;
    for (path, page) in pages() {
        for line in code(&page) {
            let Some(words) = words(&line).filter(|words| words.iter().all(|word| !word.starts_with(['[', ':'])))
            else {
                continue;
            };
            let stands_for = |word: &String| match word.as_str() {
                "RANGE" => "2017".to_owned(),
                "{}" => "logs".to_owned(),
                word => word.to_owned(),
            };
            let words: Vec<String> = words.iter().map(stands_for).collect();
            let all = ["sipstat_cm".to_owned()].into_iter().chain(words);
            let parsed = sipstat_cm::command().try_get_matches_from(all);
            let is_shown = |error: &clap::Error| error.exit_code() == 0;
            if let Some(error) = parsed.err().filter(|error| !is_shown(error)) {
                panic!("{}: {line}: {error}", path.display());
            }
            count += 1;
        }
    }
    assert!(count >= 40, "{count}");
}

#[test]
fn the_commands_of_the_readme_find_what_they_name() {
    let page = fs::read_to_string(testdata("../README.md")).unwrap();
    let rows = page
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split_once(" | `"));
    let commands = rows.filter_map(|(_, command)| command.strip_suffix("` |"));
    let commands: Vec<String> = commands
        .filter(|command| command.contains("sipstat_cm "))
        .map(|command| command.replace(r"\|", "|"))
        .collect();
    let dir = TestDir::with_logs_of("readme");
    let pack =
        "tar czf ecs.tar.gz 2017-*; cp ecs.tar.gz other.zip; mkdir -p server/log; cp -r . server/log/ecs 2>/dev/null";
    printed(pack, dir.path());
    assert!(!logs_in(dir.path()).is_empty());
    let mut run = 0;
    for command in commands.iter().filter(|command| !command.contains(" -f ")) {
        let command = command
            .replace("FOLDER", ".")
            .replace("/var/home/ftp/pub/ecsbkp", ".")
            .replace("ssh server '", "sh -c '")
            .replace("/var/log", "server/log");
        let said = printed(&format!("{command} 2>&1; echo $?"), dir.path());
        let (text, status) = said.trim_end().rsplit_once('\n').unwrap();
        assert!(
            !text.contains("--help") && !text.contains("not found"),
            "{command}: {said}"
        );
        assert!(status == "0" || command.contains("--check"), "{command}: {said}");
        run += 1;
    }
    assert_eq!(run, 8, "{commands:?}");
}
