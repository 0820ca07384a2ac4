//! States as text, whole and damaged.

use std::ffi::OsStr;

use ecs_log::LogName;

use super::{Fate, Record, Stamp, State};
use crate::gap::{Gap, GapBegin, GapEnd};
use crate::history::{History, LastRun, RunEnd};
use crate::names::LogFile;
use crate::notices::{Ends, HowFar, Notice, Notices, Reader, Told};

fn name(second: u8) -> LogName {
    LogName::parse(OsStr::new(&format!("2017-0427-0844{second:02}.log"))).unwrap()
}

fn state() -> State {
    let fates = [
        Fate::Open,
        Fate::Saved,
        Fate::Failed,
        Fate::Pruned,
        Fate::Shrunk,
        Fate::ShrunkTold,
        Fate::Unknown,
    ];
    let damaged = LogFile {
        name: name(9),
        packed: true,
    };
    let mut state = State {
        told: told(),
        damaged: [damaged].into(),
        stuck: Some(-5),
        host: "acm-1".to_owned(),
        history: History {
            losses: vec![
                Gap {
                    from: GapBegin::With(name(1)),
                    until: GapEnd::Before(name(3)),
                },
                Gap {
                    from: GapBegin::After(name(5).with_number(2)),
                    until: GapEnd::With(name(6)),
                },
            ],
            n_losses: 12,
            last_run: Some(LastRun {
                begun: -7,
                end: Some(RunEnd {
                    is_stopped: true,
                    n_copied: 1,
                    n_pruned: 2,
                    n_failed: 3,
                }),
            }),
        },
        ..State::default()
    };
    state.untold = state.history.losses.clone();
    state.order.add(name(1), true);
    state.order.add(name(2), true);
    for (second, fate) in (0_u8..).zip(fates) {
        let stamp = Stamp {
            size: u64::MAX - u64::from(second),
            seconds: i64::from(second) - 1,
            nanoseconds: 5,
            inode: 4711,
        };
        let number = u16::from(second) + 1;
        state.records.insert(name(second), Record { stamp, number, fate });
    }
    state
}

fn told() -> Told {
    let mut told = Told::default();
    for (ends, files) in [(Ends::Looked, "20*"), (Ends::Saved, "a\tb c")] {
        let mut notices = Notices::new(Reader::Mail, files, 1_493_282_652);
        let what = "/src/a b: no\tlogs\nthere".to_owned();
        notices.add(Notice::once("no logs", what, "; see").lasting(ends));
        notices.lines(HowFar::Saved, &mut told);
    }
    told
}

#[test]
fn a_state_comes_back_as_it_was_written() {
    let text = state().to_text(12);
    assert_eq!(State::from_text(text.as_bytes()), Some((state(), 12)));
    let padded = [text.as_bytes(), &[0; 4096]].concat();
    assert_eq!(State::from_text(&padded), Some((state(), 12)));
    let older = [text.as_bytes(), b"log of an older state\nend 00000000\n"].concat();
    assert_eq!(State::from_text(&older), Some((state(), 12)));
    let empty = State::default().to_text(0);
    assert_eq!(State::from_text(empty.as_bytes()), Some((State::default(), 0)));
    for end in [
        None,
        Some(RunEnd {
            is_stopped: false,
            n_copied: 5,
            n_pruned: 0,
            n_failed: 0,
        }),
    ] {
        let last_run = Some(LastRun { begun: 7, end });
        let state = State {
            history: History {
                last_run,
                ..History::default()
            },
            ..State::default()
        };
        assert_eq!(State::from_text(state.to_text(3).as_bytes()), Some((state, 3)));
    }
    insta::assert_snapshot!(state().to_text(12).lines().take(16).collect::<Vec<_>>().join("\n").replace('\t', "·"), @r"
    backup_ecs state 1
    generation 12
    host acm-1
    stuck -5
    range 2017-0427-084401.log 2017-0427-084402.log
    damaged 2017-0427-084409.log.gz
    told 1493282652·looked·20*·no logs·/src/a b: no logs there
    told 1493282652·saved·a b c·no logs·/src/a b: no logs there
    untold with 2017-0427-084401.log 2017-0427-084403.log
    untold after 2017-0427-084405_2.log =2017-0427-084406.log
    run -7 stopped 1 2 3
    losses 12
    lost with 2017-0427-084401.log 2017-0427-084403.log
    lost after 2017-0427-084405_2.log =2017-0427-084406.log
    log 2017-0427-084400.log 18446744073709551615 -1.000000005 4711 1 open
    log 2017-0427-084401.log 18446744073709551614 0.000000005 4711 2 saved
    ");
}

#[test]
fn a_state_that_is_cut_or_changed_is_none() {
    let text = state().to_text(12).into_bytes();
    for length in 0..text.len() {
        assert_eq!(State::from_text(&text[..length]), None, "cut to {length}");
    }
    for place in 0..text.len() - 1 {
        for bit in 0..8 {
            let mut changed = text.clone();
            changed[place] ^= 1 << bit;
            let read = State::from_text(&changed);
            // The digits of the checksum may be capitals.
            assert!(read.is_none() || read == Some((state(), 12)), "byte {place}, bit {bit}");
        }
    }
    assert_eq!(State::from_text(b""), None);
}

#[test]
fn deleting_a_backup_is_written_down_of_the_log_that_it_is_of() {
    let mut state = state();
    state.prune(name(1));
    assert_eq!(state.get(name(1)).map(|record| record.fate), Some(Fate::Saved));
    state.prune(name(1).with_number(2));
    assert_eq!(state.get(name(1)).map(|record| record.fate), Some(Fate::Pruned));
    state.set_fate(name(2), Fate::Saved);
    assert_eq!(state.get(name(2)).map(|record| record.fate), Some(Fate::Saved));
    state.set_fate(name(50), Fate::Saved);
    assert_eq!(state.get(name(50)), None);
}

#[test]
fn what_was_not_known_as_saved_is_in_doubt_if_the_folder_cannot_be_flushed() {
    let before = state();
    let mut now = state();
    now.set_fate(name(0), Fate::Saved);
    if let Some(record) = now.records.get_mut(&name(1)) {
        record.stamp.inode += 1;
    }
    now.set_fate(name(4), Fate::Saved);
    let fates = |state: &State| [0, 1, 3, 4].map(|second| state.get(name(second)).unwrap().fate);
    let mut without = now.clone();
    without.doubt(None);
    now.doubt(Some(&before));
    assert_eq!(fates(&now), [Fate::Failed, Fate::Failed, Fate::Pruned, Fate::Failed]);
    now.set_fate(name(1), Fate::Saved);
    let same = now.clone();
    now.doubt(Some(&same));
    assert_eq!(now, same);
    without.doubt(None);
    assert!(!without.records.values().any(|record| record.fate == Fate::Saved));
}
