//! Plans of small surveys.

use std::ffi::OsStr;

use ecs_log::LogName;

use super::{CopyReason, GapBegin, LeaveReason, NarrowMargin, Plan, Verdict, plan};
use crate::names::LogFile;
use crate::options::{Form, Level, Options, Percent};
use crate::room::DiskUse;
use crate::survey::{Backup, Damage, Survey};

fn options() -> Options {
    Options {
        source: "/src".into(),
        destination: "/dst".into(),
        files: "20*".parse().unwrap(),
        max_use: Percent::default(),
        form: Form::Gzip(Level::default()),
        keep_min: 1,
    }
}

fn name(second: u8) -> LogName {
    LogName::parse(OsStr::new(&format!("2017-0427-0844{second:02}.log"))).unwrap()
}

fn file(second: u8, packed: bool) -> LogFile {
    LogFile {
        name: name(second),
        packed,
    }
}

/// Logs and backups by their seconds, on a disk that is half full.
fn survey(sources: &[u8], backups: &[u8]) -> Survey {
    Survey {
        sources: sources.iter().map(|second| file(*second, false)).collect(),
        backups: backups.iter().map(|second| Backup::from(file(*second, true))).collect(),
        disk: Some(disk(500)),
        ..Survey::default()
    }
}

fn disk(available: u64) -> DiskUse {
    DiskUse {
        block_bytes: 1,
        blocks: 1000,
        free: available,
        available,
    }
}

/// One letter for what happens to each log.
fn verdicts(plan: &Plan) -> String {
    let letter = |verdict| match verdict {
        Verdict::Copy(CopyReason::New) => 'N',
        Verdict::Copy(CopyReason::Damaged) => 'D',
        Verdict::Copy(CopyReason::FailedBefore) => 'F',
        Verdict::Leave(LeaveReason::Saved) => 's',
        Verdict::Leave(LeaveReason::BeingWritten) => 'w',
        Verdict::Leave(LeaveReason::Pruned) => 'p',
    };
    plan.logs.iter().map(|decision| letter(decision.verdict)).collect()
}

#[test]
fn all_that_is_not_saved_is_copied_but_the_newest_and_what_was_pruned() {
    for (sources, backups, expected) in [
        (&[][..], &[][..], ""),
        (&[1], &[], "w"),
        (&[1, 2, 3], &[], "NNw"),
        (&[1, 2, 3], &[1, 2], "ssw"),
        (&[1, 2, 3, 4, 5, 6], &[3, 5], "ppsNsw"),
        // The backup of the newest is one of before it was finished.
        (&[1, 2, 3], &[1, 2, 3], "ssw"),
        (&[5, 6], &[1, 2], "Nw"),
        (&[1, 2], &[8], "pw"),
    ] {
        let plan = plan(survey(sources, backups), &options());
        assert_eq!(verdicts(&plan), expected, "{sources:?} {backups:?}");
        let copied = plan.copies().map(|(log, _)| log.name);
        assert!(copied.is_sorted(), "oldest first");
    }
}

#[test]
fn a_damaged_backup_is_made_anew_where_no_other_is_whole() {
    let mut survey = survey(&[1, 2, 3, 4], &[1, 2, 3]);
    survey.backups[2].plain = true;
    survey.damaged = [1, 3]
        .map(|second| Damage {
            file: file(second, true),
            reason: String::new(),
        })
        .to_vec();
    assert_eq!(verdicts(&plan(survey.clone(), &options())), "Dssw");
}

#[test]
fn a_log_that_failed_is_tried_again_though_newer_ones_are_saved() {
    let mut survey = survey(&[1, 2, 3, 4], &[2, 3]);
    assert_eq!(verdicts(&plan(survey.clone(), &options())), "pssw");
    survey.unsaved = vec![name(1)];
    assert_eq!(verdicts(&plan(survey.clone(), &options())), "Fssw");
}

#[test]
fn backups_go_only_when_there_is_something_to_save() {
    let mut survey = survey(&[3, 4, 5], &[1, 2, 3]);
    survey.disk = Some(disk(50));
    survey.oldest_bytes = vec![30, 40];
    let deleted = |survey: &Survey, keep_min| {
        let options = Options { keep_min, ..options() };
        let deletions = plan(survey.clone(), &options).deletions;
        deletions
            .iter()
            .map(|deletion| deletion.backup.name)
            .collect::<Vec<_>>()
    };
    // 95 % are full, and 89 % may be: 60 of 1000 must go.
    assert_eq!(deleted(&survey, 1), [name(1), name(2)]);
    assert_eq!(deleted(&survey, 2), [name(1)]);
    assert_eq!(deleted(&survey, 9), []);
    survey.sources.pop();
    assert_eq!(deleted(&survey, 1), []);
}

#[test]
fn a_gap_is_told_where_one_is_sure_or_nothing_speaks_against_it() {
    let gap = |sources: &[u8], backups: &[u8], unsaved: &[u8]| {
        let mut survey = survey(sources, backups);
        survey.unsaved = unsaved.iter().map(|second| name(*second)).collect();
        plan(survey.clone(), &options()).gap.map(|gap| (gap.from, gap.until))
    };
    // Both folders overlap, or meet in the log that was being written.
    assert_eq!(gap(&[2, 3], &[1, 2], &[]), None);
    assert_eq!(gap(&[3, 4], &[1, 2], &[3]), None);
    assert_eq!(gap(&[1, 2], &[], &[]), None);
    assert_eq!(gap(&[], &[1], &[]), None);
    // The log that was being written is gone, or nobody knows which it was.
    let lost = Some((GapBegin::With(name(3)), Some(name(7))));
    assert_eq!(gap(&[7, 8], &[1, 2], &[3]), lost);
    let unknown = Some((GapBegin::After(name(2)), Some(name(7))));
    assert_eq!(gap(&[7, 8], &[1, 2], &[]), unknown);
    // One in the middle that could never be read.
    let lost = Some((GapBegin::With(name(1)), Some(name(2))));
    assert_eq!(gap(&[3, 4], &[2, 3], &[1, 4]), lost);
}

#[test]
fn the_margin_is_narrow_where_more_than_sixty_of_a_hundred_are_new() {
    let margin = |sources: &[u8], backups: &[u8]| plan(survey(sources, backups), &options()).narrow_margin;
    assert_eq!(margin(&[1, 2, 3, 4, 5], &[1]), None);
    assert_eq!(
        margin(&[1, 2, 3, 4, 5, 6], &[1]),
        Some(NarrowMargin { n_new: 4, n_logs: 6 })
    );
    assert_eq!(margin(&[1, 2, 3, 4, 5, 6], &[]), None, "the first run");
    assert_eq!(margin(&[4, 5, 6], &[1]), None, "the gap says more");
    let mut killed = survey(&[1, 2, 3, 4, 5, 6], &[1]);
    killed.unsaved = vec![name(6)];
    assert_eq!(
        plan(killed.clone(), &options()).narrow_margin,
        None,
        "a killed run left them"
    );
    killed.unsaved = vec![name(2)];
    assert_eq!(
        plan(killed.clone(), &options()).narrow_margin,
        Some(NarrowMargin { n_new: 4, n_logs: 6 })
    );
}

#[test]
fn the_log_being_written_is_noted_once() {
    let mut survey = survey(&[1, 2, 3], &[1]);
    assert_eq!(plan(survey.clone(), &options()).to_note, Some(name(3)));
    survey.unsaved = vec![name(1), name(3)];
    let plan = plan(survey.clone(), &options());
    assert_eq!((plan.to_note, plan.settled), (None, vec![name(1)]));
}
