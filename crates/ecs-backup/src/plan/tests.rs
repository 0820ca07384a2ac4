//! Plans of small surveys.

mod known;

use std::ffi::OsStr;
use std::path::Path;

use ecs_log::{LogName, TimeRange};

use super::{CopyReason, LeaveReason, NarrowMargin, Plan, Seen, Verdict, free_number, plan};
use crate::compare::Relation;
use crate::gap::{GapBegin, GapEnd};
use crate::holds::{Hold, Holds};
use crate::names::LogFile;
use crate::options::Options;
use crate::state::{Fate, Record, Stamp, State};
use crate::state_file::{Place, Stored};
use crate::survey::{Backup, Checking, Compared, Damage, Source, Survey, add_held};
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
                CopyReason::BesideDamaged => 'X',
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
        (&[BackupIsWrong], "X2", "X2", "D"),
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
    assert_eq!((planned(changed.clone()), vouched(changed)), ("X2".to_owned(), None));
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
fn without_a_state_what_is_older_than_a_backup_is_saved_into_free_room_only() {
    // One old backup, of a hold that was released, say, does not tell that the others may go.
    assert_eq!(planned(survey(&[2, 3, 5], &[1, 4])), "BBN");
    assert_eq!(planned(survey(&[1, 2, 5], &[4])), "BBN");
    assert_eq!(planned(survey(&[1, 2, 5], &[])), "NNN");
    let mut noted = survey(&[1, 2, 5], &[4]);
    noted.unsaved = vec![name(2)];
    assert_eq!(planned(noted), "BFN");
}

#[test]
fn a_log_whose_backup_was_deleted_is_saved_where_it_is_held() {
    let mut survey = with_state(survey(&[4], &[]), &[(4, Fate::Pruned)]);
    assert_eq!(planned(survey.clone()), "p");
    let range: TimeRange = "20170427:084404-20170427:084404".parse().unwrap();
    let hold = Hold::last("a".parse().unwrap(), range.into());
    let holds = Holds::new(vec![hold], &[Vec::new()]);
    add_held(&mut survey, holds, vec![Vec::new()], &options().files);
    assert_eq!(planned(survey), "B");
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
