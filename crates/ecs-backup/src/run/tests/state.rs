//! What a run leaves to the next one: the state, and what a kill leaves.

use super::*;

#[test]
fn notes_of_the_time_before_there_was_a_state_are_taken_over() {
    let case = Case::new(&[1, 4]);
    case.backup(1, "other");
    for second in [2, 4] {
        fs::write(case.dst(&format!(".{}.unsaved", name(second))), "").unwrap();
    }
    let gaps = case.plan().gaps;
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    assert_eq!(case.run().said, ["copied 1_2 5 5", "copied 4 5 5"]);
    assert_eq!(case.contents(), ["other", "log 1", "log 4"]);
    assert!(case.plan().gaps.is_empty());
}

#[test]
fn without_a_valid_state_nothing_is_lost_or_saved_twice() {
    let case = Case::new(&[1, 2, 3]);
    case.run();
    case.log(2, "another log");
    case.run();
    let before = case.files();
    for state in STATES {
        fs::write(case.dst(state), "no state").unwrap();
    }
    assert!(case.run().said.is_empty());
    assert_eq!(case.files(), before);
    assert!(case.plan().survey.stored.is_some());
}

#[test]
fn what_a_killed_run_left_is_removed() {
    let case = Case::new(&[]);
    let stale = format!(".{}.4711-0.tmp", name(1));
    fs::write(case.dst(&stale), "half").unwrap();
    assert!(case.run().said.is_empty());
    assert!(!case.files().contains(&stale));
    // It cannot be removed: that is told, and counts.
    fs::write(case.dst(&stale), "half").unwrap();
    let ran = case.run_after(|_| {
        fs::remove_file(case.dst(&stale)).unwrap();
        fs::create_dir(case.dst(&stale)).unwrap();
    });
    assert_eq!((ran.said, ran.outcome.n_failed), (vec![format!("failed {stale}")], 1));
}

#[test]
fn what_a_killed_run_saved_is_known_without_its_word() {
    let case = Case::new(&[1, 2, 3]);
    case.run_after(|plan| {
        // It got to the first log, and not to write down that it did.
        let folder = Folder::open(&case.options.destination).unwrap();
        state_file::write(&folder, &plan.state, Place::default()).unwrap();
        case.backup(1, "log 1");
        case.copy_states("kept");
    });
    case.restore_states("kept");
    for second in [2, 3] {
        fs::remove_file(case.dst(&name(second))).unwrap();
    }
    // The server deletes one that is saved, and one that is not.
    for second in [1, 2] {
        fs::remove_file(case.options.source.join(name(second))).unwrap();
    }
    let gaps = case.plan().gaps;
    let log = |second| LogName::parse(name(second).as_ref());
    let expected = Gap {
        from: GapBegin::With(log(2).unwrap()),
        until: GapEnd::Before(log(3).unwrap()),
    };
    assert_eq!(gaps, [expected]);
    assert_eq!(case.run().said, ["copied 3 5 5"]);
    let plan = case.plan();
    assert!(plan.gaps.is_empty());
    assert_eq!(plan.state.history.losses, [expected]);
}

#[test]
fn a_log_that_went_on_and_is_gone_is_lost() {
    let case = Case::new(&[1, 2]);
    case.run();
    case.log(1, "log 1 goes on");
    // A run sees it, and is killed.
    let folder = Folder::open(&case.options.destination).unwrap();
    let plan = case.plan();
    state_file::write(&folder, &plan.state, plan.survey.stored.unwrap().place).unwrap();
    fs::remove_file(case.options.source.join(name(1))).unwrap();
    assert_eq!(case.plan().gaps.len(), 1);
    case.run();
    assert!(case.plan().gaps.is_empty());
}

#[test]
fn the_state_tells_of_the_last_run_and_of_losses() {
    let mut case = Case::new(&[1, 2, 3, 4]);
    case.run_after(|_| {
        [2, 3]
            .iter()
            .for_each(|second| fs::remove_file(case.options.source.join(name(*second))).unwrap())
    });
    let history = |case: &Case| case.plan().survey.stored.unwrap().state.history;
    let expected = |begun, n_copied, n_failed| LastRun {
        begun,
        end: Some(RunEnd {
            is_stopped: false,
            n_copied,
            n_pruned: 0,
            n_failed,
        }),
    };
    let first = history(&case);
    assert_eq!(first.last_run, Some(expected(NOW, 2, 2)));
    let log = |second| LogName::parse(name(second).as_ref());
    let lost = Gap {
        from: GapBegin::With(log(2).unwrap()),
        until: GapEnd::Before(log(4).unwrap()),
    };
    assert_eq!((first.losses, first.n_losses), (vec![lost], 1));
    // A run that finds nothing to do is known too.
    case.site.options.now = NOW + 600;
    case.run();
    let second = history(&case);
    assert_eq!((second.last_run, second.n_losses), (Some(expected(NOW + 600, 0, 0)), 1));
}

#[test]
fn a_run_that_was_killed_or_asked_to_end_did_not_end_as_others_do() {
    let mut case = Case::new(&[1, 2]);
    let mut begun = None;
    case.ends_early = true;
    case.run_after(|plan| begun = Some(plan.state.history.last_run));
    assert_eq!(begun, Some(Some(LastRun { begun: NOW, end: None })));
    let last_run = case.plan().survey.stored.unwrap().state.history.last_run;
    assert!(last_run.is_some_and(|run| run.end.is_some_and(|end| end.is_stopped)));
}

/// Ways to damage a state, by a number of which all bits count.
fn damaged(text: &[u8], seed: u64) -> Vec<u8> {
    let place = |divisor: u64| usize::try_from((seed / divisor) % u64::try_from(text.len()).unwrap()).unwrap();
    match seed % 6 {
        0 => text[..place(7)].to_vec(),
        1 => [&text[place(7)..], &text[..place(7)]].concat(),
        2 => {
            let mut changed = text.to_vec();
            changed[place(7)] ^= 1 << (seed / 3 % 8);
            changed
        }
        3 => (0..place(5)).map(|n| text[(n * n + place(11)) % text.len()]).collect(),
        4 => [&text[..place(7)], &text[place(13)..]].concat(),
        _ => {
            let mut state = seed | 1;
            let mut next = || {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                state.to_le_bytes()[3]
            };
            (0..place(3)).map(|_| next()).collect()
        }
    }
}

#[test]
fn a_state_of_any_bytes_is_worth_as_much_as_none() {
    // One log went on, one is new, one was emptied, one is gone, one lost its backup, one is another of the same name.
    let after_a_run = || {
        let case = Case::new(&[1, 2, 3, 4, 5, 6]);
        case.run();
        case.log(2, "log 2 and more");
        case.log(3, "");
        case.log(4, "another");
        case.log(7, "new");
        fs::remove_file(case.options.source.join(name(1))).unwrap();
        fs::remove_file(case.dst(&name(5))).unwrap();
        case
    };
    let outcome = |case: &Case| {
        let plan = case.plan();
        assert!(plan.survey.stored.is_none());
        let verdicts = Vec::from_iter(plan.logs.iter().map(|decision| format!("{:?}", decision.verdict)));
        let ran = case.run();
        (verdicts, plan.gaps, ran.said, case.files(), case.contents())
    };
    let without = after_a_run();
    STATES
        .iter()
        .for_each(|state| fs::remove_file(without.dst(state)).unwrap());
    let expected = outcome(&without);
    assert!(!expected.2.iter().any(|said| said.starts_with("pruned")));
    let whole = fs::read(after_a_run().dst(STATES[0])).unwrap();
    let end = whole.iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut n_tried = 0;
    for _ in 0..40 {
        let case = after_a_run();
        for state in STATES {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            fs::write(case.dst(state), damaged(&whole[..end], seed >> 8)).unwrap();
        }
        if case.plan().survey.stored.is_some() {
            // What was changed stands behind the end, or makes no difference.
            continue;
        }
        assert_eq!(outcome(&case), expected, "{seed:x}");
        assert!(case.plan().survey.stored.is_some(), "the next state is valid");
        n_tried += 1;
    }
    assert!(n_tried > 30, "{n_tried}");
}

#[test]
fn a_log_that_is_written_over_before_it_was_saved_is_lost() {
    for (content, n_gaps) in [("", 1), ("log", 1), ("log 1 goes on", 0)] {
        let case = Case::new(&[1, 2]);
        // A run sees both, and is killed.
        let folder = Folder::open(&case.options.destination).unwrap();
        state_file::write(&folder, &case.plan().state, Place::default()).unwrap();
        case.log(1, content);
        let plan = case.plan();
        assert_eq!(plan.gaps.len(), n_gaps, "{content}");
        assert_eq!(plan.state.history.losses.len(), n_gaps);
        case.run();
        assert!(case.plan().gaps.is_empty(), "{content}");
    }
}
