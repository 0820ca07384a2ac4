//! Another run is at work.

use super::*;

/// Who hears when of a run that is at work, and whether that is known then.
#[test]
fn a_run_at_work_is_told_by_mail_after_an_hour_once_a_day_and_to_others_each_time() {
    const HOUR: i64 = 60 * 60;
    let mut case = Case::saved(&[1]);
    let folders = Folders::look(&case.options).unwrap();
    let _lock = lock(&folders);
    let is_told = |case: &Case, manner, since: i64| {
        fs::write(case.dst(LOCK), format!("process 4711 since {}\n", NOW - since)).unwrap();
        let twice = [0, 1].map(|_| {
            let (end, heard) = case.run(manner, Request::BackUp);
            assert_eq!(end, End::Locked);
            !heard.is_empty()
        });
        (twice, fs::read_to_string(case.dst(LOCK)).unwrap().contains(" told "))
    };
    for (manner, since, expected) in [
        (MAIL, HOUR, ([false, false], false)),
        (MAIL, HOUR + 1, ([true, false], true)),
        (LOG, 0, ([true, true], true)),
        (PERSON, HOUR + 1, ([true, true], false)),
    ] {
        assert_eq!(is_told(&case, manner, since), expected, "{manner:?} {since}");
    }
    // What it waited for counts.
    let wait = Duration::from_secs(1);
    assert_eq!(is_told(&case, Manner { wait, ..MAIL }, HOUR).0, [true, false]);
    case.site.options.now = i64::MAX;
    assert!(is_told(&case, MAIL, 0).0[0]);
}
