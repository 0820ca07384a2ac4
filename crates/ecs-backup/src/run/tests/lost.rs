//! Logs that are lost while a run is at work.

use super::*;

#[test]
fn a_loss_that_could_not_be_told_is_told_by_the_next_run_and_counted_once() {
    let mut case = Case::new(&[1, 2, 3]);
    case.is_unheard = true;
    case.run_after(|_| fs::remove_file(case.options.source.join(name(2))).unwrap());
    case.is_unheard = false;
    let plan = case.plan();
    let told = Vec::from_iter(plan.gaps.iter().map(Gap::to_string));
    assert_eq!(told, ["from 2017-04-27 08:44:02 to 2017-04-27 08:44:03"]);
    assert_eq!(plan.state.history.n_losses, 1);
    case.run();
    assert!(case.plan().gaps.is_empty());
}

#[test]
fn a_log_that_is_emptied_cut_or_replaced_before_its_turn_is_told_once_as_lost() {
    for (what, then) in [("emptied", ""), ("cut", "lo"), ("replaced", "another log 2")] {
        let case = Case::new(&[1, 2, 3]);
        let ran = case.run_after(|_| {
            if what == "replaced" {
                let path = case.root.path().join("new");
                fs::write(&path, then).unwrap();
                fs::rename(path, case.options.source.join(name(2))).unwrap();
            } else {
                case.log(2, then);
            }
        });
        let n = then.len();
        let expected = [
            "copied 1 5 5",
            "vanished 2",
            &format!("copied 2 {n} {n}"),
            "copied 3 5 5",
            "lost from 2017-04-27 08:44:02 to 2017-04-27 08:44:03",
        ];
        assert_eq!(ran.said, expected, "{what}");
        assert_eq!(ran.outcome.n_failed, 1, "{what}");
        assert!(case.plan().gaps.is_empty(), "{what}");
        assert!(case.run().said.is_empty(), "{what}");
    }
}

#[test]
fn a_log_that_only_went_on_before_its_turn_is_not_lost() {
    let case = Case::new(&[1]);
    let ran = case.run_after(|_| case.log(1, "log 1 goes on"));
    assert_eq!((ran.said, ran.outcome.n_failed), (vec!["copied 1 13 13".to_owned()], 0));
}

#[test]
fn what_was_lost_of_a_log_that_had_gone_on_is_told_and_its_backup_stays_alone() {
    for (other, expected) in [(None, &["log 1"][..]), (Some("other"), &["other"])] {
        let case = Case::new(&[1]);
        match other {
            None => drop(case.run()),
            Some(content) => case.backup(1, content),
        }
        case.log(1, "log 1 goes on");
        let ran = case.run_after(|_| case.log(1, ""));
        let lost = "lost from 2017-04-27 08:44:01 to the end of the one of 2017-04-27 08:44:01";
        assert_eq!(ran.said, ["vanished 1", lost], "{other:?}");
        assert_eq!(ran.outcome.n_failed, 1);
        assert_eq!(case.contents(), expected);
        assert!(case.run().said.is_empty(), "{other:?}");
        assert!(case.plan().shrunk.is_empty(), "it is told already");
        assert_eq!(case.contents(), expected);
    }
}
