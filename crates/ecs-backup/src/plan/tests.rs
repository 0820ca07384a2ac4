//! Plans of small surveys.

use std::ffi::OsStr;
use std::path::Path;

use ecs_log::LogName;

use super::{CopyReason, LeaveReason, NarrowMargin, Plan, Seen, Verdict, free_number, plan};
use crate::compare::Relation;
use crate::gap::GapBegin;
use crate::names::LogFile;
use crate::options::Options;
use crate::state::{Fate, Record, Stamp, State};
use crate::state_file::{Place, Stored};
use crate::survey::{Backup, Checking, Compared, Damage, Source, Survey};
use crate::testing;

fn options() -> Options {
    testing::options(Path::new("/"))
}

fn name(second: u8) -> LogName {
    LogName::parse(OsStr::new(&testing::name(second))).unwrap()
}

fn file(second: u8, packed: bool) -> LogFile {
    LogFile {
        name: name(second),
        packed,
    }
}

const STAMP: Stamp = Stamp {
    size: 5,
    seconds: 0,
    nanoseconds: 0,
    inode: 7,
};

/// Logs and backups by their seconds.
fn survey(sources: &[u8], backups: &[u8]) -> Survey {
    let source = |second: &u8| Source {
        log: file(*second, false),
        stamp: STAMP,
    };
    Survey {
        sources: sources.iter().map(source).collect(),
        backups: backups.iter().map(|second| Backup::from(file(*second, true))).collect(),
        ..Survey::default()
    }
}

/// Writes down what became of logs, as earlier runs would have done.
fn with_state(mut survey: Survey, fates: &[(u8, Fate)]) -> Survey {
    let records = fates.iter().map(|(second, fate)| {
        let record = Record {
            stamp: STAMP,
            number: 1,
            fate: *fate,
        };
        (name(*second), record)
    });
    survey.stored = Some(Stored {
        state: State {
            records: records.collect(),
            host: "acm-1".to_owned(),
            ..State::default()
        },
        place: Place::default(),
    });
    survey
}

/// One letter for what happens to each log, and the number of its backup where that is not 1.
fn verdicts(plan: &Plan) -> String {
    let word = |verdict| match verdict {
        Verdict::Copy(copy) => {
            let letter = match copy.reason {
                CopyReason::New => 'N',
                CopyReason::Grown => 'G',
                CopyReason::Damaged => 'D',
                CopyReason::FailedBefore => 'F',
                CopyReason::SecondName => 'S',
                CopyReason::BackupGone => 'B',
            };
            assert_eq!(copy.may_delete, copy.reason != CopyReason::BackupGone);
            assert!(copy.size >= STAMP.size);
            match copy.backup.number() {
                1 => letter.to_string(),
                number => format!("{letter}{number}"),
            }
        }
        Verdict::Leave(LeaveReason::Saved) => "s".to_owned(),
        Verdict::Leave(LeaveReason::Pruned) => "p".to_owned(),
        Verdict::Leave(LeaveReason::Shrunk(Seen::First)) => "1".to_owned(),
        Verdict::Leave(LeaveReason::Shrunk(Seen::Again)) => "2".to_owned(),
        Verdict::Leave(LeaveReason::Shrunk(Seen::Told)) => "3".to_owned(),
    };
    plan.logs.iter().map(|decision| word(decision.verdict)).collect()
}

fn planned(survey: Survey) -> String {
    verdicts(&plan(survey, &options()))
}

#[test]
fn what_is_written_down_of_a_log_decides_while_it_is_as_it_was() {
    for (fate, has_backup, expected) in [
        (Fate::Saved, true, "s"),
        (Fate::Saved, false, "B"),
        (Fate::Pruned, false, "p"),
        (Fate::Open, false, "N"),
        (Fate::Failed, false, "F"),
        (Fate::Unknown, false, "B"),
        (Fate::Shrunk, true, "2"),
        (Fate::ShrunkTold, true, "3"),
    ] {
        let backups = if has_backup { &[4][..] } else { &[] };
        let mut survey = with_state(survey(&[4], backups), &[(4, fate)]);
        assert_eq!(planned(survey.clone()), expected, "{fate:?}");
        if !has_backup {
            // It is another log, or went on.
            survey.sources[0].stamp.size += 1;
            assert_eq!(planned(survey), "N", "{fate:?}");
        }
    }
}

#[test]
fn backups_are_replaced_only_by_logs_that_hold_all_of_them() {
    use Relation::{BackupGoesOn, BackupIsCut, BackupIsWrong, Differs, LogGoesOn, Same, Unknown};
    for (relations, without_state, failed, saved) in [
        (&[Same][..], "s", "F", "s"),
        (&[LogGoesOn], "G", "F", "G"),
        (&[BackupIsCut], "D", "F", "D"),
        (&[BackupGoesOn], "1", "1", "1"),
        (&[BackupIsWrong], "S2", "S2", "D"),
        (&[Differs], "S2", "S2", "S2"),
        // The copy shows it.
        (&[Unknown], "N", "F", "N"),
        (&[Differs, Same], "s", "F2", "s"),
        (&[Differs, LogGoesOn], "G2", "F2", "G2"),
        (&[Differs, Differs], "S3", "S3", "S3"),
        (&[BackupGoesOn, LogGoesOn], "G2", "F2", "G2"),
    ] {
        let mut survey = survey(&[4], &[]);
        for (number, relation) in (1..).zip(relations) {
            let backup = name(4).with_number(number);
            survey.compared.push(Compared {
                backup,
                relation: *relation,
            });
            survey.backups.push(Backup {
                name: backup,
                plain: false,
                packed: true,
            });
        }
        assert_eq!(planned(survey.clone()), without_state, "{relations:?}");
        let with_fate = |fate| with_state(survey.clone(), &[(4, fate)]);
        assert_eq!(planned(with_fate(Fate::Failed)), failed, "{relations:?}");
        assert_eq!(planned(with_fate(Fate::Saved)), saved, "{relations:?}");
        assert_eq!(planned(with_fate(Fate::Open)), without_state, "{relations:?}");
    }
}

#[test]
fn only_while_the_log_is_as_it_was_saved_the_state_vouches_for_its_backup() {
    let wrong = |number| {
        let mut survey = with_state(survey(&[4], &[4]), &[(4, Fate::Saved)]);
        survey.compared.push(Compared {
            backup: name(4),
            relation: Relation::BackupIsWrong,
        });
        survey
            .stored
            .as_mut()
            .unwrap()
            .state
            .records
            .get_mut(&name(4))
            .unwrap()
            .number = number;
        survey
    };
    let vouched = |survey| plan(survey, &options()).copies().next().unwrap().sure_of;
    assert_eq!(vouched(wrong(1)), Some(STAMP));
    let mut changed = wrong(1);
    changed.sources[0].stamp.size += 1;
    assert_eq!((planned(changed.clone()), vouched(changed)), ("S2".to_owned(), None));
    // That of this log is gone; this one is of another.
    assert_eq!((planned(wrong(2)), vouched(wrong(2))), ("B2".to_owned(), Some(STAMP)));
}

#[test]
fn names_say_nothing_of_what_was_saved() {
    // The clock was ahead: new logs have names before all backups.
    let survey = with_state(survey(&[1, 2, 50], &[50]), &[(50, Fate::Saved)]);
    assert_eq!(planned(survey), "NNs");
}

#[test]
fn without_a_state_what_is_older_than_all_backups_is_saved_into_free_room_only() {
    assert_eq!(planned(survey(&[1, 2, 5], &[4])), "BBN");
    assert_eq!(planned(survey(&[1, 2, 5], &[])), "NNN");
    let mut noted = survey(&[1, 2, 5], &[4]);
    noted.unsaved = vec![name(2)];
    assert_eq!(planned(noted), "BFN");
}

#[test]
fn only_logs_that_match_are_planned_and_of_others_nothing_is_forgotten() {
    let survey = with_state(survey(&[1, 2], &[]), &[(1, Fate::Failed), (2, Fate::Open)]);
    let options = Options {
        files: "*02.log".parse().unwrap(),
        ..options()
    };
    let plan = plan(survey, &options);
    assert_eq!(verdicts(&plan), "N");
    let fates = plan.state.records.values().map(|record| record.fate);
    assert_eq!(Vec::from_iter(fates), [Fate::Failed, Fate::Open]);
}

#[test]
fn what_is_known_is_written_down_before_anything_is_done() {
    let mut survey = with_state(
        survey(&[1, 2, 3, 4, 5], &[2, 3, 5]),
        &[(2, Fate::Saved), (4, Fate::Pruned), (5, Fate::Shrunk)],
    );
    survey.compared.push(Compared {
        backup: name(3),
        relation: Relation::BackupGoesOn,
    });
    let plan = plan(survey, &options());
    assert_eq!(verdicts(&plan), "Ns1p2");
    let fates = plan.state.records.values().map(|record| record.fate);
    let expected = [Fate::Open, Fate::Saved, Fate::Shrunk, Fate::Pruned, Fate::ShrunkTold];
    assert_eq!(Vec::from_iter(fates), expected);
    assert_eq!(plan.shrunk, [name(5)]);
}

#[test]
fn logs_that_are_gone_and_in_no_backup_are_told_from_when_to_when() {
    let gaps = |survey: Survey| {
        let gaps = plan(survey, &options()).gaps;
        Vec::from_iter(gaps.iter().map(|gap| (gap.from, gap.until)))
    };
    let lost = |from, until: Option<u8>| (GapBegin::With(name(from)), until.map(name));
    let open = |seconds: &[u8]| Vec::from_iter(seconds.iter().map(|second| (*second, Fate::Open)));
    // Two ranges, with a log, a backup or what is known of a log between them.
    let all = open(&[1, 2, 4, 5, 8, 9]);
    assert_eq!(
        gaps(with_state(survey(&[3], &[7]), &all)),
        [lost(1, Some(3)), lost(4, Some(7)), lost(8, None)]
    );
    let pruned = [open(&[1]), vec![(2, Fate::Pruned)], open(&[3])].concat();
    assert_eq!(
        gaps(with_state(survey(&[], &[]), &pruned)),
        [lost(1, Some(2)), lost(3, None)]
    );
    for (fate, is_lost) in [
        (Fate::Open, true),
        (Fate::Failed, true),
        (Fate::Saved, false),
        (Fate::Pruned, false),
        (Fate::Unknown, false),
        (Fate::Shrunk, false),
        (Fate::ShrunkTold, false),
    ] {
        let gaps = gaps(with_state(survey(&[5], &[]), &[(1, fate)]));
        assert_eq!(!gaps.is_empty(), is_lost, "{fate:?}");
    }
    // It is in its backup all the same.
    let mut held = with_state(survey(&[5], &[1]), &[(1, Fate::Open)]);
    assert_eq!(
        gaps(held.clone()),
        [lost(1, Some(5))],
        "a backup is there and is too short"
    );
    held.held.push(name(1));
    assert_eq!(gaps(held), []);
}

#[test]
fn without_a_state_notes_tell_what_is_lost_or_a_gap_shows() {
    let gaps = |sources: &[u8], backups: &[u8], unsaved: &[u8]| {
        let mut survey = survey(sources, backups);
        survey.unsaved = unsaved.iter().map(|second| name(*second)).collect();
        let gaps = plan(survey, &options()).gaps;
        Vec::from_iter(gaps.iter().map(|gap| (gap.from, gap.until)))
    };
    assert_eq!(gaps(&[3, 4], &[1, 2], &[3]), []);
    assert_eq!(gaps(&[3, 4], &[1, 2], &[2]), []);
    assert_eq!(gaps(&[2, 3], &[1, 2], &[]), []);
    assert_eq!(gaps(&[1, 2], &[], &[]), []);
    assert_eq!(gaps(&[], &[1], &[]), []);
    assert_eq!(gaps(&[7, 8], &[1, 2], &[3]), [(GapBegin::With(name(3)), Some(name(7)))]);
    assert_eq!(gaps(&[7, 8], &[1, 2], &[]), [(GapBegin::After(name(2)), Some(name(7)))]);
}

#[test]
fn the_margin_is_narrow_where_a_log_that_is_not_saved_is_near_the_end_of_what_the_server_keeps() {
    let log = |n: usize| {
        let name = format!("2017-0427-{:02}{:02}{:02}.log", n / 3600, n / 60 % 60, n % 60);
        LogName::parse(OsStr::new(&name)).unwrap()
    };
    // Of so many logs the first `n_saved` are saved, but for some that failed.
    let margin = |n_logs: usize, n_saved: usize, failed: &[usize]| {
        let mut survey = with_state(Survey::default(), &[]);
        let file = |n| LogFile {
            name: log(n),
            packed: false,
        };
        let source = |n| Source {
            log: file(n),
            stamp: STAMP,
        };
        survey.sources = (0..n_logs).map(source).collect();
        survey.backups = (0..n_saved).map(|n| Backup::from(file(n))).collect();
        let records = &mut survey.stored.as_mut().unwrap().state.records;
        for n in 0..n_saved {
            let fate = if failed.contains(&n) { Fate::Failed } else { Fate::Saved };
            let record = Record {
                stamp: STAMP,
                number: 1,
                fate,
            };
            records.insert(log(n), record);
        }
        let margin = plan(survey, &options()).narrow_margin;
        margin.map(|NarrowMargin { n_newer, n_kept }| (n_newer, n_kept))
    };
    assert_eq!(margin(20, 4, &[]), None, "most are new, and none is about to be lost");
    assert_eq!(margin(700, 99, &[]), None);
    assert_eq!(margin(700, 98, &[]), Some((601, 1000)));
    assert_eq!(margin(700, 700, &[]), None);
    assert_eq!(
        margin(700, 700, &[100, 5]),
        Some((694, 1000)),
        "it is not new, and fails"
    );
    assert_eq!(margin(2000, 799, &[]), None);
    assert_eq!(margin(2000, 798, &[]), Some((1201, 2000)));
    let first = survey(&[1, 2, 3], &[1]);
    assert_eq!(plan(first, &options()).narrow_margin, None, "the first run");
}

#[test]
fn another_host_is_refused_only_if_none_of_its_logs_is_known() {
    let other = |survey: Survey, host: &str| {
        let options = Options {
            host: host.to_owned(),
            ..options()
        };
        plan(survey, &options).other_host
    };
    let known = with_state(survey(&[1, 2], &[]), &[(2, Fate::Saved)]);
    let unknown = with_state(survey(&[1, 2], &[]), &[(3, Fate::Saved)]);
    let mut changed = known.clone();
    changed.sources.iter_mut().for_each(|source| source.stamp.inode = 1);
    assert_eq!(other(known.clone(), "acm-2"), None, "the server was renamed");
    assert_eq!(other(unknown.clone(), "acm-2").as_deref(), Some("acm-1"));
    assert_eq!(
        other(changed, "acm-2").as_deref(),
        Some("acm-1"),
        "only the names are the same"
    );
    assert_eq!(other(unknown.clone(), "acm-1"), None);
    assert_eq!(other(unknown, ""), None);
    assert_eq!(other(survey(&[1], &[1]), "acm-2"), None, "nothing is written down");
    let options = Options {
        host: "acm-2".to_owned(),
        ..options()
    };
    assert_eq!(plan(known, &options).state.host, "acm-2");
}

#[test]
fn the_least_number_that_is_free_is_taken() {
    let taken = |numbers: &[u16]| {
        let backups = numbers.iter().map(|number| Backup {
            name: name(1).with_number(*number),
            plain: true,
            packed: false,
        });
        free_number(&Vec::from_iter(backups))
    };
    assert_eq!([taken(&[]), taken(&[1]), taken(&[1, 2, 4]), taken(&[2])], [1, 2, 3, 1]);
}

#[test]
fn damage_whose_log_is_gone_is_known_until_a_run_that_reads_all_does_not_find_it() {
    let known = |checking: Checking, damaged: &[u8], files: &str| {
        let mut survey = with_state(survey(&[3, 4], &[1, 2, 3]), &[(3, Fate::Saved)]);
        survey.stored.as_mut().unwrap().state.damaged = [file(1, true)].into();
        survey.checking = checking;
        let damage = |second: &u8| Damage {
            file: file(*second, true),
            reason: "it is cut short".to_owned(),
        };
        survey.damaged = damaged.iter().map(damage).collect();
        let options = Options {
            files: files.parse().unwrap(),
            ..options()
        };
        let plan = plan(survey, &options);
        let seconds = Vec::from_iter(plan.state.damaged.iter().map(|file| file.name.begun().second()));
        (seconds, plan.is_well())
    };
    assert_eq!(known(Checking::Newest, &[], "20*"), (vec![1], true));
    assert_eq!(known(Checking::Newest, &[3], "20*"), (vec![1], true));
    assert_eq!(known(Checking::All, &[], "20*"), (vec![], true));
    assert_eq!(known(Checking::All, &[1], "20*"), (vec![1], true));
    assert_eq!(known(Checking::All, &[1, 2], "20*"), (vec![1, 2], false));
    assert_eq!(known(Checking::All, &[3], "20*"), (vec![], false), "it is made anew");
    assert_eq!(
        known(Checking::All, &[], "*3.log"),
        (vec![1], true),
        "this run does not see it"
    );
}
