//! What people are told of inputs, in words.

use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::time::{Duration, SystemTime};

use crate::doubt::shown;
use crate::escape::escape_path;
use crate::find::Request;
use crate::folder;
use crate::name::LogName;
use crate::select::Namesakes;

/// Where the logs lie, and that all of them count.
impl fmt::Display for Namesakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.count {
            1 => f.write_str("1 log of the same name")?,
            count => write!(f, "{count} logs of the same names")?,
        }
        let [first, second] = self.folders.each_ref().map(|folder| shown(folder));
        write!(f, " but other content in {first}")?;
        if first != second {
            write!(f, " and {second}")?;
        }
        f.write_str(": both counted, as of two servers")
    }
}

impl Request {
    /// That there is no log, where there is none.
    pub fn why_nothing(&self) -> String {
        let mut places: Vec<String> = self.inputs.iter().map(|input| escape_path(input.as_ref())).collect();
        if places.is_empty() {
            places = self.folders.iter().map(|folder| escape_path(folder)).collect();
        }
        let places = places.join(", ");
        match self.range {
            Some(_) => format!("no log of that time in {places}; widen the range, or give -d DIR"),
            None => {
                format!("no ECS logs, such as 2017-0427-084412.log, in {places}; name files or folders, or give -d DIR")
            }
        }
    }
}

/// Why a folder cannot be followed: it is not there, or something else is. `None` if it can, or if that is not known.
pub fn why_not_followed(folder: &Path) -> Option<String> {
    let what = match fs::metadata(folder) {
        Ok(metadata) if !metadata.is_dir() => "is not a folder",
        Err(error) if error.kind() == ErrorKind::NotFound => "not found; check the name",
        _ => return None,
    };
    Some(format!("{}: {what}", escape_path(folder)))
}

/// What a folder that is followed waits for, where nobody would see it soon: it has no log yet, or at the time `now` its newest log
/// is one that nothing writes to. `None` if something may come at any time, or if the folder cannot be looked at.
pub fn waits_for(folder: &Path, now: SystemTime) -> Option<String> {
    let (mut problems, shown) = (Vec::new(), shown(folder));
    let mut entries = folder::list(folder, &mut problems).into_iter().rev();
    let newest = entries.find(|entry| LogName::parse(entry.name()).is_some() && entry.is_file());
    let Some(newest) = newest else {
        let what = "no ECS logs, such as 2017-0427-084412.log, yet; waiting for the first";
        return problems.is_empty().then(|| format!("{shown}: {what}"));
    };
    let written = fs::metadata(newest.into_path()).and_then(|metadata| metadata.modified());
    let idle = now.duration_since(written.ok()?).ok()?;
    (idle >= MOST_IDLE).then(|| {
        let minutes = idle.as_secs() / 60;
        format!(
            "{shown}: nothing was written to its newest log for {minutes} minutes; waiting for more. To count what is there: \
             sipstat_cm {shown}"
        )
    })
}

/// How long the server may write nothing to its newest log.
const MOST_IDLE: Duration = Duration::from_secs(120);

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use tempfile::TempDir;

    use super::*;

    #[test]
    fn logs_of_the_same_names() {
        let of = |count, folders: [&str; 2]| Namesakes {
            count,
            folders: folders.map(PathBuf::from),
        };
        let all = [of(1, ["", "b"]), of(2, ["a\n", "b"]), of(3, ["a", "a"])];
        insta::assert_snapshot!(all.map(|namesakes| namesakes.to_string()).join("\n"), @r"
        1 log of the same name but other content in . and b: both counted, as of two servers
        2 logs of the same names but other content in a\x0a and b: both counted, as of two servers
        3 logs of the same names but other content in a: both counted, as of two servers
        ");
    }

    #[test]
    fn what_is_not_a_folder_is_not_followed() {
        let dir = TempDir::new().unwrap();
        let file = dir.path().join("a");
        fs::write(&file, "").unwrap();
        for (path, expected) in [
            (dir.path(), None),
            (&file, Some("is not a folder")),
            (&dir.path().join("b"), Some("not found; check the name")),
        ] {
            let expected = expected.map(|what| format!("{}: {what}", path.display()));
            assert_eq!(why_not_followed(path), expected);
        }
    }

    #[test]
    fn what_a_folder_waits_for() {
        let dir = TempDir::new().unwrap();
        let told = |now| {
            let told = waits_for(dir.path(), now);
            told.map(|line| line.replace(&dir.path().display().to_string(), "[DIR]"))
        };
        let now = SystemTime::now();
        let minutes = |n: u64| now + Duration::from_secs(60 * n);
        fs::write(dir.path().join("2017-0427-084412.txt"), "").unwrap();
        insta::assert_snapshot!(told(now).unwrap(), @"[DIR]: no ECS logs, such as 2017-0427-084412.log, yet; waiting for the first");
        for name in ["2017-0427-084412.log", "2017-0427-084413.log"] {
            fs::write(dir.path().join(name), "").unwrap();
        }
        assert_eq!([told(now), told(minutes(1))], [None, None]);
        insta::assert_snapshot!(told(minutes(61)).unwrap().replace("61", "60"), @"[DIR]: nothing was written to its newest log for 60 minutes; waiting for more. To count what is there: sipstat_cm [DIR]");
        assert_eq!(waits_for(&dir.path().join("gone"), now), None);
    }
}
