//! The seam: other things than counts are gathered, alone and side by side, with the same result whatever the way.

use tempfile::TempDir;

use crate::archives::{gzip, tar};
use crate::batch::{inputs, read};
use crate::gatherers::{Both, KeepTexts, List, ListMessages, Texts};
use crate::live::follow;
use crate::logs::{Random, Traffic, write};

#[test]
fn whole_texts_come_out_as_they_were_written() {
    let traffic = Traffic::new(&mut Random(11), 9);
    let dir = TempDir::new().unwrap();
    let (folder, archive) = (dir.path().join("ecs"), dir.path().join("tgz"));
    write(&folder, &traffic.files);
    std::fs::write(&archive, gzip(&tar(&traffic.files))).unwrap();
    for path in [&folder, &archive] {
        for jobs in [1, 2, 3] {
            let mut texts = Texts::default();
            read(&KeepTexts, &inputs(&[path]), jobs, &mut texts);
            assert_eq!(texts.0, traffic.texts(), "{}, {jobs} jobs", path.display());
        }
    }
    let mut texts = Texts::default();
    follow(&KeepTexts, &traffic.files, &mut texts);
    assert_eq!(texts.0, traffic.texts());
}

#[test]
fn two_gatherers_side_by_side_get_what_each_gets_alone() {
    let traffic = Traffic::new(&mut Random(12), 9);
    let dir = TempDir::new().unwrap();
    write(dir.path(), &traffic.files);
    let gather = (ListMessages, KeepTexts);
    let mut all = Vec::new();
    for jobs in [1, 2, 3] {
        let mut both = Both::default();
        read(&gather, &inputs(&[dir.path()]), jobs, &mut both);
        all.push(both);
    }
    let mut both = Both::default();
    follow(&gather, &traffic.files, &mut both);
    all.push(both);
    for Both(list, texts) in all {
        assert_eq!(list.sorted(), traffic.list());
        assert_eq!(texts.0, traffic.texts());
    }
}

#[test]
fn a_list_that_is_followed_is_the_one_that_is_read() {
    for seed in 0..10 {
        let traffic = Traffic::new(&mut Random(seed), 7);
        let mut list = List::default();
        follow(&ListMessages, &traffic.files, &mut list);
        assert_eq!(list.sorted(), traffic.list(), "seed {seed}");
    }
}
