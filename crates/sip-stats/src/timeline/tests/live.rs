//! While logs are followed.

use super::*;

#[test]
fn a_live_run_has_each_window_from_where_it_began() {
    let mut run = Run::live(Interval::Min);
    run.begin("084412");
    assert_eq!(run.settle("084459"), "");
    run.absorb(&["084430", "084703"]);
    assert_eq!(run.settle("084500"), "0844 1 from 084412");
    assert_eq!(run.settle("084701"), "0845 0, 0846 0");
    assert_eq!(run.settle("084800"), "0847 1");
    run.absorb(&["085000"]);
    assert_eq!(run.finish(Some("084931")), "0848 0, 0849 0 to 084931, 0850 1 to 084931");
    assert_eq!(run.late(), None);
}

#[test]
fn a_live_run_may_begin_and_end_in_the_same_window() {
    let mut run = Run::live(Interval::Min);
    run.begin("084412");
    run.begin("084405");
    assert_eq!(run.finish(Some("084431")), "0844 0 from 084412 to 084431");
}

#[test]
fn of_several_sources_the_earliest_decides_from_where_windows_are_shown() {
    let mut run = Run::live(Interval::Min);
    run.begin("084712");
    run.begin("084512");
    run.begin("084612");
    assert_eq!(
        run.settle("084800"),
        "0845 0 from 084512, 0846 0 from 084612, 0847 0 from 084712"
    );
}

#[test]
fn while_a_live_run_catches_up_it_has_the_windows_of_a_batch() {
    let mut run = Run::live(Interval::Min);
    run.absorb(&["084012", "084312"]);
    assert_eq!(run.settle("084400"), "0840 1, 0843 1");
    run.caught_up("084402");
    assert_eq!(run.settle("084400"), "");
    run.caught_up("084702");
    assert_eq!(run.settle("084701"), "0844 0, 0845 0, 0846 0");
    assert_eq!(run.finish(None), "0847 0");
    let mut batch = Run::batch(Interval::Min);
    batch.caught_up("084402");
    assert_eq!(batch.settle("084900"), "");
    assert_eq!(batch.finish(Some("084901")), "");
}

#[test]
fn a_live_run_closes_windows_when_a_new_one_is_reached() {
    let mut run = Run::live(Interval::Min);
    assert_eq!(run.0.settled(), None);
    run.absorb(&["084012"]);
    assert_eq!(run.settle("084400"), "0840 1");
    let settled = run.0.settled();
    assert_eq!(settled, Some(Window::of(&stamp("20170427:0844"), Interval::Min)));
    run.absorb(&["084112"]);
    assert_eq!(run.settle("084459"), "");
    assert_eq!(run.settle("084359"), "");
    assert_eq!(run.0.settled(), settled);
    run.absorb(&["084113"]);
    assert_eq!(run.settle("084500"), "0841 2");
    assert_eq!(run.late(), None);
}

#[test]
fn windows_in_which_nothing_came_are_shown_for_sixty_windows_and_no_more() {
    for (time, want) in [("094411", 60), ("094412", 60), ("094413", 1)] {
        let mut run = Run::live(Interval::Min);
        run.begin("084412");
        let closed = run.settle(time);
        assert_eq!(closed.split(", ").count(), want, "{closed}");
        assert!(closed.starts_with("0844 0 from 084412"), "{closed}");
        assert_eq!(run.finish(None), "0944 0", "the window of the new time is open");
    }
}

#[test]
fn windows_that_were_closed_do_not_open_again() {
    let mut run = Run::live(Interval::Min);
    run.begin("084412");
    assert_eq!(run.settle("084601"), "0844 0 from 084412, 0845 0");
    assert_eq!(run.finish(Some("084559")), "0846 0 to 084559");
    assert_eq!(run.settle("084701"), "");
    assert_eq!(run.late(), None);
}

#[test]
fn only_windows_of_the_range_are_shown_and_after_it_the_run_is_over() {
    let range = StampRange {
        first: stamp("20170427:084500"),
        last: stamp("20170427:084659"),
    };
    let mut run = Run(Timeline::live(Interval::Min, Some(range)));
    assert!(!run.0.is_past_range());
    run.begin("084412");
    assert_eq!(run.settle("084630"), "0845 0");
    assert!(!run.0.is_past_range());
    assert_eq!(run.settle("084701"), "0846 0");
    assert!(run.0.is_past_range());
    assert_eq!(run.settle("085001"), "");
    assert_eq!(run.finish(Some("085002")), "");
    let mut endless = Run::live(Interval::Min);
    endless.begin("084412");
    endless.settle("235959");
    assert!(!endless.0.is_past_range() && endless.0.is_live());
    assert!(!Timeline::batch(Interval::Min).is_live());
}
