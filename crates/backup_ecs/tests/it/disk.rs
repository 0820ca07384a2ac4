//! A disk that is full. It is a small file system in memory, which takes the right to mount one; `failing.rs` makes writes
//! fail without.

use std::ffi::CString;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use rustix::mount::{MountFlags, UnmountFlags, mount, mount_remount, unmount};

use crate::harness::{Ran, Server, content, gz, name, notice, packed, runs_here};

/// A file system of some KiB as the folder of backups; `None` where that may not be mounted.
pub(crate) struct Small<'a>(&'a Server);

impl<'a> Small<'a> {
    pub(crate) fn mount(server: &'a Server, kibibytes: u32) -> Option<Small<'a>> {
        fs::create_dir_all(server.dst()).unwrap();
        let size = CString::new(format!("size={kibibytes}k,mode=755")).unwrap();
        if mount("tmpfs", server.dst(), "tmpfs", MountFlags::empty(), size.as_c_str()).is_ok() {
            return Some(Small(server));
        }
        notice("no file system may be mounted here: a full disk is tried with failing writes only");
        None
    }

    /// Runs with the limit given, not with that of the harness.
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        let output = Command::new(env!("CARGO_BIN_EXE_backup_ecs"))
            .env_clear()
            .arg("--src")
            .arg(self.0.src())
            .arg("--dst")
            .arg(self.0.dst())
            .args(args)
            .output()
            .unwrap();
        Ran::from_output(&output, self.0.src().parent().unwrap())
    }
}

impl Drop for Small<'_> {
    fn drop(&mut self) {
        let _ = unmount(self.0.dst(), UnmountFlags::empty());
    }
}

/// Logs of 20 kB that do not get smaller.
fn server(n_logs: u32) -> Server {
    let server = Server::new();
    for second in 0..n_logs {
        server.log_of(second, &noise(second, 20_000));
    }
    server
}

pub(crate) fn noise(second: u32, n: usize) -> Vec<u8> {
    let mut state = u64::from(second) + 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[0]
    };
    (0..n).map(|_| next()).collect()
}

/// Whether nothing is said but that there is room for some of the logs only.
fn is_only_gone_again(said: &str) -> bool {
    said.lines().count() == 1
        && said.starts_with("backup_ecs: DST: to keep use below ")
        && said.ends_with(
            " saved now had to be deleted again: there is too little room; free space there, or name another folder with --dst\n",
        )
}

#[test]
fn at_the_limit_the_oldest_go_and_the_newest_are_saved() {
    for form in ["--gzip", "--no-gzip"] {
        let server = server(20);
        let Some(small) = Small::mount(&server, 200) else {
            return;
        };
        let ran = small.run(&["-v", "--max-use=70", form]);
        assert_eq!(ran.code, 1);
        assert!(is_only_gone_again(&ran.err), "{}", ran.err);
        assert!(ran.out.contains("deleted 2017-0427-080000.log"), "{}", ran.out);
        let saved = server.saved();
        assert!(saved.len() >= 5 && saved.ends_with(&[17, 18, 19]), "{saved:?}");
        assert!(server.is_each_whole());
        // What was pruned does not come back, and nothing more is deleted.
        let again = small.run(&["--max-use=70", form]);
        assert_eq!((again.code, again.err.as_str()), (0, ""));
        assert_eq!(server.saved(), saved);
    }
}

#[test]
fn a_disk_full_in_the_middle_of_writing_leaves_no_temporary_file_and_is_tried_again() {
    for form in ["--gzip", "--no-gzip"] {
        let server = server(20);
        let Some(small) = Small::mount(&server, 130) else {
            return;
        };
        let ran = small.run(&["-v", "--max-use=100", form]);
        assert_eq!(ran.code, 1);
        assert!(is_only_gone_again(&ran.err), "{}", ran.err);
        assert!(server.has_no_temps());
        assert!(server.saved().ends_with(&[17, 18, 19]), "{:?}", server.saved());
        assert!(server.is_each_whole());
    }
}

#[test]
fn a_log_that_would_never_fit_deletes_nothing() {
    for form in ["--gzip", "--no-gzip"] {
        let server = server(3);
        server.log_of(2, &noise(2, 300_000));
        server.log(3);
        let Some(small) = Small::mount(&server, 130) else {
            return;
        };
        let ran = small.run(&["--max-use=100", form]);
        assert_eq!(ran.code, 1);
        assert!(ran.err.contains("no room can be made for it"), "{}", ran.err);
        assert!(server.has_no_temps());
        assert_eq!(server.saved(), [0, 1, 3]);
        assert!(server.is_each_whole());
    }
}

#[test]
fn a_log_that_would_never_fit_is_read_once() {
    let server = Server::new();
    let log = server.log_of(0, &noise(0, 500_000));
    let Some(_small) = Small::mount(&server, 130) else {
        return;
    };
    let trace = server.src().with_extension("trace");
    if !runs_here("strace", &["-V"]) {
        return;
    }
    let status = Command::new("strace")
        .env_clear()
        .args(["-qq", "-e", "trace=read,lseek", "-P"])
        .args([
            &log,
            Path::new("-o"),
            &trace,
            Path::new(env!("CARGO_BIN_EXE_backup_ecs")),
        ])
        .args([Path::new("--max-use=100"), Path::new("--src"), &server.src()])
        .args([Path::new("--dst"), &server.dst()])
        .status();
    assert_eq!(status.unwrap().code(), Some(1));
    let trace = fs::read_to_string(trace).unwrap();
    let read = |line: &str| line.rsplit_once("= ")?.1.trim().parse::<u32>().ok();
    assert_eq!(trace.lines().filter_map(read).sum::<u32>(), 500_000, "{trace}");
}

#[test]
fn for_a_day_after_a_deletion_in_vain_none_is_tried() {
    let server = server(5);
    let Some(small) = Small::mount(&server, 1000) else {
        return;
    };
    small.run(&["--max-use=100"]);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    for (second, hours, expected) in [(5, 1, Vec::from_iter(0..6)), (6, 25, Vec::from_iter(1..7))] {
        for state in [".backup_ecs.state.1", ".backup_ecs.state.2"] {
            let path = server.dst().join(state);
            let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
            let (head, logs) = text.split_once("\nlog ").unwrap();
            let head = head.split("\nstuck ").next().unwrap();
            let text = format!("{head}\nstuck {}\nlog {logs}", now - hours * 3600);
            fs::write(path, with_sum(&text)).unwrap();
        }
        server.log_of(second, &noise(second, 20_000));
        let ran = small.run(&["--max-use=1"]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        assert_eq!(server.saved(), expected, "{hours}");
    }
}

#[test]
fn where_others_fill_the_disk_it_says_how_much_is_whose() {
    let server = server(4);
    let Some(small) = Small::mount(&server, 208) else {
        return;
    };
    server.backup(&gz(0), &packed(&noise(0, 20_000)));
    server.backup("somebody's", &noise(1, 170_000));
    let ran = small.run(&["--max-use=80"]);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(ran.err, @"backup_ecs: DST: no room left to make: the partition is 99 % full, 24 kB of it are backups that may go no further, 184 kB are not ours, and so for 2 more; free space there, or name another folder with --dst");
    assert_eq!(server.saved(), [0]);
    assert!(server.dst().join("somebody's").exists());
    fs::remove_file(server.dst().join("somebody's")).unwrap();
    let ran = small.run(&["--max-use=80"]);
    assert!(
        ran.code == 0
            && ran
                .err
                .starts_with("backup_ecs: this is over: DST: no room left to make")
    );
    assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    assert_eq!(server.saved(), [0, 1, 2, 3]);
}

#[test]
fn what_others_put_there_deletes_no_backup_and_it_rolls_within_its_own_share() {
    let server = server(10);
    let Some(small) = Small::mount(&server, 1000) else {
        return;
    };
    small.run(&["--max-use=80"]);
    server.backup("somebody's", &noise(1, 620_000));
    (10..14).for_each(|second| drop(server.log_of(second, &noise(second, 20_000))));
    let ran = small.run(&["--max-use=80", "-v"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(server.saved(), Vec::from_iter(4..14));
    let again = small.run(&["--max-use=80"]);
    assert_eq!((again.code, again.out.as_str(), again.err.as_str()), (0, "", ""));
    assert_eq!(server.saved(), Vec::from_iter(4..14));
}

#[test]
fn what_a_killed_run_added_is_taken_back_by_the_next() {
    let server = server(6);
    let Some(small) = Small::mount(&server, 1000) else {
        return;
    };
    small.run(&["--max-use=100"]);
    let states = [".backup_ecs.state.1", ".backup_ecs.state.2"];
    // A run that finds no room for anything writes down what it sees.
    for second in [6, 7] {
        server.log_of(second, &noise(second, 20_000));
        fs::create_dir_all(server.dst().join(gz(second)).join("x")).unwrap();
    }
    small.run(&["--max-use=100"]);
    for second in [6, 7] {
        fs::remove_dir_all(server.dst().join(gz(second))).unwrap();
    }
    let kept = states.map(|state| fs::read(server.dst().join(state)).unwrap());
    small.run(&["--max-use=100"]);
    for (state, bytes) in states.iter().zip(kept) {
        // As if it had been killed at the end.
        let text = String::from_utf8_lossy(&bytes).replace(" failed", " open");
        fs::write(server.dst().join(state), with_sum(&text)).unwrap();
    }
    let ran = small.run(&["--max-use=1"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(server.saved(), [2, 3, 4, 5, 6, 7]);
}

/// The text of a state, with the checksum that it needs now.
pub(crate) fn with_sum(text: &str) -> String {
    let body = text.split("end ").next().unwrap();
    let mut crc = flate2::Crc::new();
    crc.update(body.as_bytes());
    format!("{body}end {:08x}\n", crc.sum())
}

#[test]
fn so_many_stay_as_are_to_be_kept_and_new_ones_take_the_place_of_the_oldest() {
    let server = server(5);
    let Some(small) = Small::mount(&server, 1000) else {
        return;
    };
    let run = |args: &[&str], second| {
        server.log_of(second, &noise(second, 20_000));
        let ran = small.run(&[&["--max-use=1"], args].concat());
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        server.saved()
    };
    small.run(&["--max-use=100"]);
    assert_eq!(run(&["--keep-min=7"], 5), [0, 1, 2, 3, 4, 5]);
    assert_eq!(run(&["--keep-min=6"], 6), [1, 2, 3, 4, 5, 6]);
    assert_eq!(run(&["--keep-min=0"], 7), [2, 3, 4, 5, 6, 7]);
    // What was deleted does not come back, though there is room and the logs are still there.
    assert_eq!(run(&["--max-use=100"][1..], 8), [3, 4, 5, 6, 7, 8]);
}

#[test]
fn a_backup_that_somebody_removed_comes_back_into_free_room_only() {
    let server = server(5);
    let Some(small) = Small::mount(&server, 1000) else {
        return;
    };
    small.run(&["--max-use=100"]);
    fs::remove_file(server.dst().join(gz(1))).unwrap();
    let ran = small.run(&["--max-use=1", "--dry-run"]);
    assert!(
        ran.out
            .contains("\ncopy 2017-0427-080001.log if there is room: its backup is gone\n"),
        "{}",
        ran.out
    );
    let ran = small.run(&["--max-use=1", "-v"]);
    assert!(
        ran.out
            .starts_with("left 2017-0427-080001.log: its backup is gone, and no other is deleted for it\n")
    );
    assert_eq!((ran.code, server.saved()), (0, vec![0, 2, 3, 4]));
    small.run(&["--max-use=100"]);
    assert_eq!(server.saved(), [0, 1, 2, 3, 4]);
}

#[test]
fn a_second_name_of_a_backup_holds_its_room_so_that_the_next_one_goes() {
    let server = server(6);
    let Some(small) = Small::mount(&server, 1000) else {
        return;
    };
    small.run(&["--max-use=100"]);
    fs::hard_link(server.dst().join(gz(0)), server.dst().join("kept")).unwrap();
    server.log_of(6, &noise(6, 20_000));
    let ran = small.run(&["--max-use=1"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(server.saved(), [0, 2, 3, 4, 5, 6]);
}

#[test]
fn a_log_that_is_deleted_again_since_no_older_backup_can_be_is_told_and_each_run_fails() {
    let server = server(6);
    let Some(small) = Small::mount(&server, 1000) else {
        return;
    };
    small.run(&["--max-use=100"]);
    for second in 0..6 {
        fs::hard_link(
            server.dst().join(gz(second)),
            server.dst().join(format!("kept{second}")),
        )
        .unwrap();
    }
    for (second, expected) in [
        (
            6,
            "backup_ecs: DST: to keep use below 1 %, 1 log saved now had to be deleted again: there is too little room; 6 older backups stay, since they cannot be deleted or have second names (hard links); free space there, or name another folder with --dst\n",
        ),
        (7, ""),
    ] {
        server.log_of(second, &noise(second, 20_000));
        let ran = small.run(&["--max-use=1"]);
        assert_eq!((ran.code, ran.err.as_str()), (1, expected));
        assert_eq!(server.saved(), [0, 1, 2, 3, 4, 5]);
    }
}

#[test]
fn a_log_too_large_for_an_empty_partition_is_told_as_that() {
    let server = Server::new();
    server.log_of(0, &noise(0, 300_000));
    let Some(small) = Small::mount(&server, 130) else {
        return;
    };
    let dry = small.run(&["--no-gzip", "--dry-run"]).out;
    assert!(
        dry.starts_with("copy 2017-0427-080000.log if room can be made: "),
        "{dry}"
    );
    let ran = small.run(&["--no-gzip"]);
    assert_eq!(ran.code, 1);
    let said = ran
        .err
        .replace(|c: char| c.is_ascii_digit(), "N")
        .replace("NN", "N")
        .replace("NN", "N");
    insta::assert_snapshot!(said, @"backup_ecs: DST/N-N-NN.log: no room can be made for it: it takes about N kB, of which N kB are free, and deleting backups would not do; free space there, or name another folder with --dst");
}

#[test]
fn on_a_read_only_file_system_nothing_is_done_and_that_is_told() {
    let server = server(3);
    let Some(small) = Small::mount(&server, 200) else {
        return;
    };
    mount_remount(server.dst(), MountFlags::RDONLY, "").unwrap();
    let ran = small.run(&[]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    insta::assert_snapshot!(ran.err, @"backup_ecs: DST/.backup_ecs.lock: cannot lock: Read-only file system (os error 30); mount it for writing, or name another folder with --dst");
}

#[test]
fn a_disk_without_a_free_byte_still_lets_the_oldest_go() {
    let server = server(5);
    let Some(small) = Small::mount(&server, 100) else {
        return;
    };
    for second in 0..3 {
        server.backup(&name(second), &noise(second, 20_000));
    }
    let _ = fs::write(server.dst().join(".filler"), noise(9, 200_000));
    let ran = small.run(&["--max-use=100"]);
    assert!(server.saved().ends_with(&[3, 4]), "{:?} {ran:?}", server.saved());
    assert!(server.is_each_whole());
    assert!(server.has_no_temps());
}

#[test]
fn use_is_what_df_shows() {
    let server = server(3);
    let Some(small) = Small::mount(&server, 300) else {
        return;
    };
    let ran = small.run(&["-v", "--no-gzip"]);
    let df = Command::new("df").arg("--output=pcent").arg(server.dst()).output();
    let Some(df) = df.ok().filter(|output| output.status.success()) else {
        return notice("skipped: a test against df, which does not run here");
    };
    let df = String::from_utf8(df.stdout).unwrap();
    let percent = df.lines().last().unwrap().trim().trim_end_matches('%');
    assert!(
        ran.out.trim_end().ends_with(&format!("use {percent} %")),
        "{} {df}",
        ran.out
    );
}

#[test]
fn many_small_logs_that_pack_well_are_kept_as_long_as_they_can() {
    let server = Server::new();
    for second in 0..30 {
        server.log_of(second, &content(second, 2000));
    }
    let Some(small) = Small::mount(&server, 600) else {
        return;
    };
    let ran = small.run(&["--max-use=90", "--ratio=9"]);
    assert_eq!(ran.code, 1);
    assert!(is_only_gone_again(&ran.err), "{}", ran.err);
    assert!(server.saved().len() > 10, "{:?}", server.saved());
    assert!(server.is_each_whole());
}
