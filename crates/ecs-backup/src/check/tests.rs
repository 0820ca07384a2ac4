//! Backups of all kinds, held against logs and read.

mod logs;

use std::ffi::OsStr;
use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::symlink;

use ecs_log::LogName;
use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::TempDir;

use super::{N_NEWEST, all, length_of, newest};
use crate::folder::Folder;
use crate::names::LogFile;
use crate::state::{Fate, Record, Stamp, State};
use crate::state_file::{Place, Stored};
use crate::survey::{Backup, Damage, Source, Survey};

/// A folder of backups, and what a survey finds there and in the source folder.
struct Case {
    root: TempDir,
    survey: Survey,
}

impl Case {
    fn new() -> Case {
        let root = TempDir::new().unwrap();
        fs::create_dir(root.path().join("src")).unwrap();
        let survey = Survey::default();
        Case { root, survey }
    }

    /// A log that was saved as it is.
    fn log(&mut self, file: LogFile, content: &[u8]) {
        fs::write(self.root.path().join("src").join(file.to_string()), content).unwrap();
        let stamp = Stamp {
            size: u64::try_from(content.len()).unwrap(),
            ..Stamp::default()
        };
        self.survey.sources.push(Source { log: file, stamp });
        self.survey.sources.sort_unstable_by_key(|source| source.log);
        let record = Record {
            stamp,
            number: 1,
            fate: Fate::Saved,
        };
        self.state().records.insert(file.name, record);
    }

    fn state(&mut self) -> &mut State {
        let stored = self.survey.stored.get_or_insert_with(|| Stored {
            state: State::default(),
            place: Place::default(),
        });
        &mut stored.state
    }

    fn backup(&mut self, file: LogFile, content: &[u8]) {
        fs::write(self.root.path().join(file.to_string()), content).unwrap();
        self.list(file);
    }

    /// Adds a backup to the survey, whatever there is in the folder.
    fn list(&mut self, file: LogFile) {
        let same = self.survey.backups.iter_mut().find(|backup| backup.name == file.name);
        match same {
            Some(backup) => backup.add(file.into()),
            None => self.survey.backups.push(file.into()),
        }
        self.survey.backups.sort_unstable_by_key(|backup| backup.name);
    }

    fn folder(&self) -> Folder {
        Folder::open(self.root.path()).unwrap()
    }

    fn newest(&self) -> Vec<Damage> {
        let source = Folder::open(&self.root.path().join("src")).unwrap();
        newest(&self.survey, &source, &self.folder())
    }

    fn all(&self) -> Vec<Damage> {
        let source = Folder::open(&self.root.path().join("src")).unwrap();
        all(&self.survey, self.newest(), &source, &self.folder())
    }
}

fn plain(second: u32) -> LogFile {
    let name = format!("2017-0427-08{:02}{:02}.log", second / 60, second % 60);
    LogFile {
        name: LogName::parse(OsStr::new(&name)).unwrap(),
        packed: false,
    }
}

fn gz(second: u32) -> LogFile {
    LogFile {
        packed: true,
        ..plain(second)
    }
}

fn packed(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn reasons(damaged: &[Damage]) -> Vec<&str> {
    damaged.iter().map(|damage| damage.reason.as_str()).collect()
}

/// Lines that no compressor makes shorter than a gzip file may be.
const CONTENT: &[u8] = b"20170427:080000 one line\n20170427:080001 and another\n";

/// What follows the end of a gzip file or lacks there, and what is said of it: by a run, and by `--verify`.
#[test]
fn each_kind_of_backup_has_its_verdict() {
    let whole = packed(CONTENT);
    let zeros = [0; 700];
    let trailer = "it is cut short: its trailer does not fit the log";
    let short = "it is cut short";
    let half = &whole[..whole.len() / 2];
    let cases = [
        ("whole", gz(0), whole.clone(), None),
        ("zero bytes behind it", gz(0), [&whole[..], &zeros].concat(), None),
        (
            "two members",
            gz(0),
            [packed(&CONTENT[..9]), packed(&CONTENT[9..])].concat(),
            None,
        ),
        (
            "an empty member behind it",
            gz(0),
            [&whole[..], &packed(b"")].concat(),
            None,
        ),
        ("of an empty log", gz(0), packed(b""), Some(trailer)),
        ("half", gz(0), half.to_vec(), Some(trailer)),
        ("half, and zero bytes", gz(0), [half, &zeros].concat(), Some(trailer)),
        ("shorter than the smallest", gz(0), whole[..19].to_vec(), Some(short)),
        ("as long as the smallest", gz(0), whole[..20].to_vec(), Some(trailer)),
        ("empty", gz(0), Vec::new(), Some(short)),
        ("plain", plain(0), CONTENT.to_vec(), None),
        (
            "plain and short",
            plain(0),
            CONTENT[1..].to_vec(),
            Some("it has 52 bytes, the log has 53"),
        ),
        (
            "plain and long",
            plain(0),
            [CONTENT, b"x"].concat(),
            Some("it has 54 bytes, the log has 53"),
        ),
    ];
    for (what, file, content, reason) in cases {
        let mut case = Case::new();
        case.log(plain(0), CONTENT);
        case.backup(file, &content);
        assert_eq!(reasons(&case.newest()), Vec::from_iter(reason), "{what}");
        assert_eq!(reasons(&case.all()), Vec::from_iter(reason), "{what}, --verify");
    }
}

/// Their logs are gone, so that nothing but their own content can tell.
#[test]
fn verify_reads_what_has_no_log() {
    let whole = packed(CONTENT);
    let mut wrong_sum = whole.clone();
    let place = wrong_sum.len() - 8;
    wrong_sum[place] ^= 1;
    let mut case = Case::new();
    case.backup(gz(0), &whole);
    case.backup(gz(1), &[&whole[..], &[0; 700]].concat());
    case.backup(gz(2), &wrong_sum);
    case.backup(gz(3), &whole[..whole.len() - 1]);
    case.backup(gz(4), &[&whole[..], b"more"].concat());
    case.backup(gz(5), b"not gzip at all");
    case.backup(plain(6), b"of plain ones nothing is known");
    case.list(gz(7));
    symlink("elsewhere", case.root.path().join(gz(8).to_string())).unwrap();
    case.list(gz(8));
    fs::create_dir(case.root.path().join(gz(9).to_string())).unwrap();
    case.list(gz(9));
    assert_eq!(case.newest(), []);
    let damaged = case.all();
    let seconds: Vec<u8> = damaged.iter().map(|damage| damage.file.name.begun().second()).collect();
    assert_eq!(seconds, [2, 3, 4, 5, 7, 8, 9]);
    let said = reasons(&damaged);
    assert_eq!(said[1], "it is cut short");
    assert_eq!(said[2], "it is damaged: something else follows its end");
    assert_eq!(said[3], "it is damaged: invalid gzip header");
    assert_eq!(said[6], "it is no regular file");
    for place in [4, 5] {
        assert!(said[place].starts_with("it cannot be read: "), "{}", said[place]);
    }
}

#[test]
fn one_whole_backup_of_two_is_enough() {
    let mut case = Case::new();
    case.log(plain(0), CONTENT);
    case.backup(plain(0), &CONTENT[..10]);
    case.backup(gz(0), &packed(CONTENT));
    assert_eq!(case.newest(), []);
    case.backup(gz(0), b"");
    let damaged = case.newest();
    assert_eq!(
        reasons(&damaged),
        ["it has 10 bytes, the log has 53", "it is cut short"]
    );
    let backup = case.survey.backups[0];
    let mut is_all_damaged = |n: usize, backup| {
        case.survey.damaged = damaged[..n].to_vec();
        case.survey.is_all_damaged(backup)
    };
    assert!(is_all_damaged(2, backup) && !is_all_damaged(1, backup));
    assert!(is_all_damaged(1, Backup::from(plain(0))));
}

#[test]
fn packed_logs_are_compared_as_they_are_or_by_their_trailers() {
    let mut case = Case::new();
    let whole = packed(CONTENT);
    case.log(gz(0), &whole);
    case.backup(gz(0), &whole[..whole.len() - 1]);
    let found = whole.len() - 1;
    assert_eq!(
        reasons(&case.newest()),
        [format!("it has {found} bytes, the log has {}", whole.len())]
    );
    // The server packed the log anew: its size is another.
    let mut case = Case::new();
    let mut anew = GzEncoder::new(Vec::new(), Compression::none());
    anew.write_all(CONTENT).unwrap();
    case.log(gz(0), &anew.finish().unwrap());
    case.backup(gz(0), &whole);
    assert_eq!(case.newest(), []);
    // How long the plain one should be is not known.
    let mut case = Case::new();
    case.log(gz(0), &whole);
    case.backup(plain(0), &CONTENT[..10]);
    assert_eq!(case.newest(), []);
}

/// All are looked at that are among the newest, and whose logs are as they were when they were saved.
#[test]
fn of_the_newest_those_with_logs_that_are_as_they_were_saved_are_looked_at() {
    let n_newest = u32::try_from(N_NEWEST).unwrap();
    let mut case = Case::new();
    for second in 0..n_newest + 2 {
        case.log(plain(second), CONTENT);
        case.backup(plain(second), &CONTENT[..10]);
    }
    let damaged = case.newest();
    let first = damaged.first().map(|damage| damage.file);
    assert_eq!((damaged.len(), first), (N_NEWEST, Some(plain(2))));
    let n_looked_at = |case: &Case| case.newest().len();
    case.survey.sources.pop();
    assert_eq!(n_looked_at(&case), N_NEWEST - 1, "the log is gone");
    case.state().records.get_mut(&plain(3).name).unwrap().number = 2;
    assert_eq!(n_looked_at(&case), N_NEWEST - 2, "it is saved under another name");
    case.state().set_fate(plain(4).name, Fate::Open);
    assert_eq!(n_looked_at(&case), N_NEWEST - 3, "it is not saved");
    case.state().records.get_mut(&plain(5).name).unwrap().stamp.inode = 1;
    assert_eq!(n_looked_at(&case), N_NEWEST - 4, "it is another");
    case.survey.stored = None;
    assert_eq!(n_looked_at(&case), 0);
}

#[test]
fn the_length_of_a_whole_backup_is_that_of_its_log() {
    let mut case = Case::new();
    case.backup(gz(0), &packed(CONTENT));
    case.backup(plain(1), CONTENT);
    case.backup(gz(2), &packed(CONTENT)[..20]);
    let lengths = [gz(0), plain(1), gz(2), gz(3)].map(|file| length_of(&case.folder(), file));
    assert_eq!(lengths, [Some(53), Some(53), None, None]);
}

#[test]
fn the_judge_and_gzip_itself_agree() {
    let mut content = Vec::new();
    ecs_log::GzipReader::new(&[&packed(CONTENT)[..], &[0; 9]].concat()[..])
        .read_to_end(&mut content)
        .unwrap();
    assert_eq!(content, CONTENT);
}
