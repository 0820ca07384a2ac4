//! Backups beside their logs.

use super::*;

#[test]
fn all_are_held_against_their_logs_too() {
    let mut case = Case::new();
    for (second, content) in [(0, b"what it was"), (1, b"what it was"), (2, b"what it was")] {
        case.log(plain(second), content);
    }
    case.backup(plain(0), b"What it was");
    case.backup(gz(1), &packed(b"what it WAS"));
    case.backup(gz(2), &packed(b"what it was"));
    // Of one whose log went on nothing can be said, nor of one whose log is gone.
    case.log(plain(3), b"what it was");
    case.survey.sources[3].stamp.inode = 5;
    case.backup(gz(3), &packed(b"what it is"));
    case.backup(gz(4), &packed(b"what it is"));
    assert_eq!(case.newest(), []);
    let damaged = case.all();
    assert_eq!(reasons(&damaged), ["it differs from its log"; 2]);
    assert_eq!(
        Vec::from_iter(damaged.iter().map(|damage| damage.file)),
        [plain(0), gz(1)]
    );
}

#[test]
fn of_a_log_of_four_gigabytes_and_more_the_trailer_has_the_rest() {
    let mut case = Case::new();
    case.log(plain(0), b"what it was");
    case.backup(gz(0), &packed(b"what it was"));
    for (size, n_damaged) in [(11, 0), ((1 << 32) + 11, 0), (3 << 32 | 11, 0), ((1 << 32) + 12, 1)] {
        case.survey.sources[0].stamp.size = size;
        let stamp = case.survey.sources[0].stamp;
        case.state()
            .records
            .entry(plain(0).name)
            .and_modify(|record| record.stamp = stamp);
        assert_eq!(case.newest().len(), n_damaged, "{size}");
    }
}
