//! What is known of earlier runs, and what follows: which logs are lost, and which may be soon.

use super::*;

#[test]
fn logs_that_are_gone_and_in_no_backup_are_told_from_when_to_when() {
    let gaps = |survey: Survey| {
        let gaps = plan(survey, &options()).gaps;
        Vec::from_iter(gaps.iter().map(|gap| (gap.from, gap.until)))
    };
    let lost = |from, until: Option<u8>| {
        let until = until.map_or_else(|| GapEnd::With(name(from)), |until| GapEnd::Before(name(until)));
        (GapBegin::With(name(from)), until)
    };
    let open = |seconds: &[u8]| Vec::from_iter(seconds.iter().map(|second| (*second, Fate::Open)));
    // Two ranges, with a log, a backup or what is known of a log between them.
    let all = open(&[1, 2, 4, 5, 8, 9]);
    assert_eq!(
        gaps(with_state(survey(&[3], &[7]), &all)),
        [
            lost(1, Some(3)),
            lost(4, Some(7)),
            (GapBegin::With(name(8)), GapEnd::With(name(9)))
        ]
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
fn a_log_that_was_there_for_a_moment_is_lost_unless_it_was_saved() {
    let gaps = |mut survey: Survey, vanished: &[u8]| {
        survey.vanished = vanished.iter().copied().map(name).collect();
        let gaps = plan(survey, &options()).gaps;
        Vec::from_iter(gaps.iter().map(|gap| (gap.from, gap.until)))
    };
    let lost = |from, until: Option<u8>| {
        let until = until.map_or_else(|| GapEnd::With(name(from)), |until| GapEnd::Before(name(until)));
        (GapBegin::With(name(from)), until)
    };
    let known = || {
        with_state(
            survey(&[5, 9], &[1, 2]),
            &[(1, Fate::Saved), (3, Fate::Pruned), (4, Fate::Open)],
        )
    };
    assert_eq!(gaps(known(), &[1, 2, 3]), [lost(4, Some(5))]);
    assert_eq!(gaps(known(), &[6, 7]), [lost(4, Some(5)), lost(6, Some(9))]);
    assert_eq!(gaps(survey(&[5], &[]), &[7]), [lost(7, None)]);
    assert_eq!(gaps(survey(&[5], &[7]), &[7]), []);
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
    assert_eq!(
        gaps(&[7, 8], &[1, 2], &[3]),
        [(GapBegin::With(name(3)), GapEnd::Before(name(7)))]
    );
    assert_eq!(
        gaps(&[7, 8], &[1, 2], &[]),
        [(GapBegin::After(name(2)), GapEnd::Before(name(7)))]
    );
}

#[test]
fn the_margin_is_narrow_where_a_log_that_is_not_saved_is_near_the_end_of_what_the_server_keeps() {
    let log = |n: usize| {
        let name = format!("2017-0427-{:02}{:02}{:02}.log", n / 3600, n / 60 % 60, n % 60);
        LogName::parse(OsStr::new(&name)).unwrap()
    };
    let file = |n| LogFile {
        name: log(n),
        packed: false,
    };
    let source = |n| Source {
        log: file(n),
        stamp: STAMP,
    };
    // Of so many logs the first `n_saved` are saved, but for some that failed.
    let margin = |n_logs: usize, n_saved: usize, failed: &[usize]| {
        let mut survey = with_state(Survey::default(), &[]);
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
    // A server that keeps 300 and deletes as many as come.
    let keeps_300 = |n_new: usize, n_deleted: usize| {
        let mut survey = with_state(Survey::default(), &[]);
        survey.sources = (n_deleted..n_deleted + 300).map(source).collect();
        let records = &mut survey.stored.as_mut().unwrap().state.records;
        for n in 0..n_deleted + 300 - n_new {
            let (stamp, number, fate) = (STAMP, 1, Fate::Saved);
            records.insert(log(n), Record { stamp, number, fate });
        }
        survey.backups = (0..n_deleted + 300 - n_new).map(|n| Backup::from(file(n))).collect();
        let margin = plan(survey, &options()).narrow_margin;
        margin.map(|NarrowMargin { n_newer, n_kept }| (n_newer, n_kept))
    };
    assert_eq!(keeps_300(181, 181), None);
    assert_eq!(keeps_300(182, 182), Some((181, 300)));
    assert_eq!(keeps_300(182, 0), None, "it may keep more");
    assert_eq!(keeps_300(290, 1), None, "somebody removed one");
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
fn damage_whose_log_is_gone_is_known_until_a_run_that_reads_all_does_not_find_it() {
    let known = |checking: Checking, damaged: &[u8], files: &str| {
        let mut survey = with_state(survey(&[3, 4], &[1, 2, 3]), &[(3, Fate::Saved)]);
        survey.stored.as_mut().unwrap().state.damaged = [file(1, true)].into();
        survey.checking = checking;
        let damage = |second: &u8| Damage {
            file: file(*second, true),
            reason: "it is cut short".to_owned(),
            is_as_log: false,
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
