//! The seam: other things than counts are gathered, alone and side by side, with the same result whatever the way.

use sip_scan::{Gather, Messages, Want};
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
    let gather = (ListMessages, Some(KeepTexts));
    let mut all = Vec::new();
    for jobs in [1, 2, 3] {
        let mut both: Both = (List::default(), Some(Texts::default()));
        read(&gather, &inputs(&[dir.path()]), jobs, &mut both);
        all.push(both);
    }
    let mut both: Both = (List::default(), Some(Texts::default()));
    follow(&gather, &traffic.files, &mut both);
    all.push(both);
    for (list, texts) in all {
        assert_eq!(list.sorted(), traffic.list());
        assert_eq!(texts.unwrap().0, traffic.texts());
    }
}

/// Wants the whole text if it is there.
type MayKeepTexts = Option<KeepTexts>;

#[test]
fn what_is_not_there_wants_and_keeps_nothing() {
    let traffic = Traffic::new(&mut Random(13), 3);
    let dir = TempDir::new().unwrap();
    write(dir.path(), &traffic.files);
    let gather: (ListMessages, MayKeepTexts) = (ListMessages, None);
    assert_eq!(gather.want(), Want::Head);
    assert_eq!((ListMessages, Some(KeepTexts)).want(), Want::Text(Messages::ALL));
    let mut both = (List::default(), Some(Texts::default()));
    read(&gather, &inputs(&[dir.path()]), 2, &mut both);
    assert_eq!(both.1.unwrap().0, []);
    let mut alone = (List::default(), None::<Texts>);
    read(&(ListMessages, Some(KeepTexts)), &inputs(&[dir.path()]), 2, &mut alone);
    assert_eq!(alone.0.sorted(), traffic.list());
}

#[test]
fn each_part_comes_with_what_its_log_is_called() {
    let traffic = Traffic::new(&mut Random(14), 9);
    let dir = TempDir::new().unwrap();
    let (folder, archive) = (dir.path().join("ecs"), dir.path().join("tgz"));
    write(&folder, &traffic.files);
    std::fs::write(&archive, gzip(&tar(&traffic.files))).unwrap();
    let (mut of_folder, mut of_archive, mut followed) = (List::default(), List::default(), List::default());
    read(&ListMessages, &inputs(&[&folder]), 2, &mut of_folder);
    read(&ListMessages, &inputs(&[&archive]), 1, &mut of_archive);
    follow(&ListMessages, &traffic.files, &mut followed);
    for (list, before) in [(of_folder, "ecs/"), (of_archive, "tgz: "), (followed, "/")] {
        assert!(list.names.len() > 2, "{:?}", list.names);
        for (log, name) in &list.names {
            let is_right = name.ends_with(&format!("{before}{}", traffic.files[*log].name));
            assert!(is_right, "{name} is log {log} of {:?}", list.names);
        }
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
