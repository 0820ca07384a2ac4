//! Backs up in a wrong way, `straight`, `unflushed` or `greedy`, which `cargo xtask crash-test` must find out.
//!
//! `straight` writes under the final name; `unflushed` writes under another name and renames, but flushes nothing; `greedy`
//! makes room by deleting the newest backup.

use std::env;
use std::fs::{self, File};
use std::io;
use std::path::PathBuf;

use ecs_log::LogName;
use flate2::Compression;
use flate2::write::GzEncoder;

fn main() -> io::Result<()> {
    let mut words = env::args_os().skip(1).map(PathBuf::from);
    let (Some(way), Some(source), Some(backups)) = (words.next(), words.next(), words.next()) else {
        return Err(io::Error::other(
            "`straight`, `unflushed` or `greedy`, and two folders are needed",
        ));
    };
    let is_straight = way.as_os_str() == "straight";
    let mut names = Vec::new();
    for entry in fs::read_dir(&source)? {
        let name = entry?.file_name();
        if LogName::parse(&name).is_some() {
            names.push(name);
        }
    }
    names.sort();
    fs::create_dir_all(&backups)?;
    if way.as_os_str() == "greedy" {
        let entries = fs::read_dir(&backups)?.map(|entry| entry.map(|entry| entry.path()));
        let packed = entries
            .filter_map(Result::ok)
            .filter(|path| path.extension().is_some_and(|end| end == "gz"));
        packed.max().map(fs::remove_file).transpose()?;
    }
    for name in names {
        let mut backup = backups.join(&name).into_os_string();
        backup.push(".gz");
        if fs::exists(&backup)? {
            continue;
        }
        let temp = if is_straight {
            PathBuf::from(&backup)
        } else {
            backups.join(format!(".{}.tmp", name.display()))
        };
        let mut encoder = GzEncoder::new(File::create(&temp)?, Compression::new(4));
        io::copy(&mut File::open(source.join(&name))?, &mut encoder)?;
        encoder.finish()?;
        fs::rename(&temp, &backup)?;
    }
    Ok(())
}
