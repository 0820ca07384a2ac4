use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::{self, Write};
use std::num::NonZero;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use ecs_log::Request;
use sip_filter::{Filter, Interval, StampRange};
use sip_report::{Form, Report};
use sip_stats::Timeline;

use super::lane::Lane;
use super::machine::Time;
use super::{Live, sources};
use crate::args::Config;
use crate::scan::Settings;

/// A folder of a test's own, gone with its owner.
struct TestDir(PathBuf);

impl TestDir {
    fn new() -> TestDir {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("sipstat_cm-live-{}-{count}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        TestDir(path)
    }

    /// Adds to a log that was begun at `begun` (`084410`).
    fn write(&self, begun: &str, text: &str) {
        let path = self.log(begun);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut file = File::options().append(true).create(true).open(path).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }

    /// `084410`, or `folder/084410`.
    fn log(&self, begun: &str) -> PathBuf {
        let (folder, begun) = begun.rsplit_once('/').unwrap_or(("", begun));
        self.0.join(folder).join(format!("2017-0427-{begun}.log"))
    }
}

impl Drop for TestDir {
    fn drop(&mut self) {
        // A panic here would hide the one that a failing test is about.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A BYE of one line, at a time of day (`084410`, or with milliseconds).
fn bye(time: &str) -> String {
    bye_on("20170427", time)
}

fn bye_on(day: &str, time: &str) -> String {
    let text = b"BYE a SIP/2.0\nCSeq:1 BYE\n\n"
        .map(|byte| format!("{byte:02x}"))
        .join(" ");
    format!("{day}:{time:0<9}:1:a(1):M:[MST 43 8a 04 0a 02 02 02 00 01 04 0a 01 01 01 13 ce 00 02 {text}]\n")
}

/// A line that is no SIP.
fn other(time: &str) -> String {
    format!("20170427:{time:0<9}:1:b(2):M:[IPEVT IPT_DISC board=PROCR]\n")
}

/// What happens, and after how many milliseconds.
type Events<'a> = VecDeque<(u64, Box<dyn FnMut() + 'a>)>;

/// A machine whose time goes on only while the program pauses; what happens meanwhile is a list.
struct Script<'a> {
    now: Rc<Cell<Duration>>,
    events: RefCell<Events<'a>>,
    end: u64,
    age: Duration,
    /// When its clock has been asked so often, the program is stopped for five seconds first.
    stop: Cell<Option<u32>>,
}

impl Script<'_> {
    fn pass(&self, time: Duration) {
        self.now.set(self.now.get() + time);
        let mut events = self.events.borrow_mut();
        while events
            .front()
            .is_some_and(|(at, _)| u128::from(*at) <= self.now.get().as_millis())
        {
            let (_, mut event) = events.pop_front().unwrap();
            event();
        }
    }
}

impl Time for Script<'_> {
    fn now(&self) -> Duration {
        if self.stop.get() == Some(0) {
            self.pass(Duration::from_secs(5));
        }
        self.stop.set(self.stop.get().and_then(|calls| calls.checked_sub(1)));
        self.now.get()
    }

    /// So early that what is written seems to have been written just now.
    fn wall(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + self.age
    }

    fn pause(&mut self) {
        self.pass(Duration::from_millis(250));
    }

    fn is_asked_to_end(&self) -> bool {
        self.now.get().as_millis() >= u128::from(self.end)
    }

    fn has_reader(&self) -> bool {
        true
    }
}

/// Notes with each window that is printed when that was, and how many BYEs it has.
#[derive(Default)]
struct Printed {
    now: Rc<Cell<Duration>>,
    text: Vec<u8>,
    told: Rc<RefCell<String>>,
}

impl Write for Printed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let text = String::from_utf8(std::mem::take(&mut self.text)).unwrap();
        let mut told = self.told.borrow_mut();
        for line in text.lines() {
            if line.starts_with("20") {
                let title = line.split("  ").next().unwrap();
                *told += &format!("\n{:>6.2} {title}", self.now.get().as_secs_f64());
            } else if let Some(numbers) = line.strip_prefix(" 10.1.1.1<-5070->10.2.2.2") {
                *told += &format!(": {}", numbers.split_whitespace().next().unwrap());
            }
        }
        Ok(())
    }
}

/// Standard error, noted beside.
struct Told(Rc<Cell<Duration>>, Rc<RefCell<String>>);

impl Write for Told {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = std::str::from_utf8(bytes).unwrap();
        let mut told = self.1.borrow_mut();
        for part in text.split_inclusive('\n') {
            if part.starts_with("sipstat_cm") {
                *told += &format!("\n{:>6.2} ", self.0.get().as_secs_f64());
            }
            *told += part.trim_end_matches('\n');
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What is to be run.
struct Run<'a> {
    request: Request,
    interval: Interval,
    filter: Filter,
    events: Events<'a>,
    /// How long after the beginning of the file system's time it is.
    age: Duration,
    /// After how many looks at its clock the program is stopped for five seconds.
    stop: Option<u32>,
}

/// What is followed; nothing of it lies in archives.
fn lanes(request: Request) -> Vec<Lane> {
    let config = Config {
        request,
        settings: Settings::default(),
        jobs: NonZero::<usize>::MIN,
    };
    let sources = sources::sources(
        &config,
        &mut Report::new(io::sink(), Form::Table, Timeline::batch(Interval::Min)),
    )
    .unwrap();
    assert_eq!(sources.problems, [""; 0]);
    sources.lanes
}

impl<'a> Run<'a> {
    fn new(dir: &TestDir, interval: Interval) -> Run<'a> {
        Run {
            request: Request {
                folders: vec![dir.0.clone()],
                ..Request::default()
            },
            interval,
            filter: Filter::default(),
            events: VecDeque::new(),
            age: Duration::ZERO,
            stop: None,
        }
    }

    /// What happens after so many milliseconds.
    fn at(mut self, millis: u64, event: impl FnMut() + 'a) -> Run<'a> {
        self.events.push_back((millis, Box::new(event)));
        self
    }

    /// Runs it and asks for an end after so many milliseconds; what was told, and when.
    fn until(self, end: u64) -> String {
        let (now, told) = <(Rc<Cell<Duration>>, Rc<RefCell<String>>)>::default();
        let script = Script {
            now: Rc::clone(&now),
            events: RefCell::new(self.events),
            end,
            age: self.age,
            stop: Cell::new(self.stop),
        };
        let printed = Printed {
            now: Rc::clone(&now),
            text: Vec::new(),
            told: Rc::clone(&told),
        };
        let mut stderr = Told(Rc::clone(&now), Rc::clone(&told));
        let settings = Settings {
            filter: self.filter,
            interval: self.interval,
        };
        let lanes = lanes(self.request);
        let report = Report::new(printed, Form::Table, super::timeline(&settings));
        let mut live = Live::new(lanes, report, settings, (script, &mut stderr));
        let code = live.run().unwrap();
        drop(live);
        let told = told.borrow().trim_start_matches('\n').to_owned();
        format!("{told}\nexit {code}")
    }
}

#[test]
fn a_window_is_printed_when_the_clock_of_the_log_has_passed_it() {
    let dir = TestDir::new();
    dir.write("084410", &other("084410500"));
    let run = Run::new(&dir, Interval::Sec)
        .at(250, || dir.write("084410", &bye("084410750")))
        .at(500, || dir.write("084410", &(bye("084411") + &bye("084411"))))
        .at(750, || dir.write("084410", &bye("084412999")))
        .at(1000, || dir.write("084413", &bye("084413")))
        .at(1250, || dir.write("084413", &other("084414")));
    insta::assert_snapshot!(run.until(1500));
}

#[test]
fn where_nothing_comes_windows_are_printed_by_the_clock_of_the_machine() {
    let dir = TestDir::new();
    dir.write("084410", &other("084410500"));
    let run = Run::new(&dir, Interval::Sec)
        .at(1000, || dir.write("084410", &bye("084411500")))
        .at(7000, || dir.write("084410", &bye("084417500")));
    insta::assert_snapshot!(run.until(12_000));
}

#[cfg(unix)]
#[test]
fn the_age_of_the_newest_log_tells_the_time_unless_it_is_a_copy_of_long_ago() {
    use nix::sys::stat::utimes;
    use nix::sys::time::{TimeVal, TimeValLike};
    let told = [3, 9 * 365 * 86_400].map(|age| {
        let dir = TestDir::new();
        dir.write("084410", &other("084410"));
        let mut run = Run::new(&dir, Interval::Sec);
        // Not `File::set_modified`, which kernels before 2.6.22 do not know.
        let time = TimeVal::seconds(0);
        utimes(&dir.log("084410"), &time, &time).unwrap();
        run.age = Duration::from_secs(age);
        run.at(2500, || dir.write("084410", &bye("084415"))).until(5000)
    });
    insta::assert_snapshot!(told.join("\n\n"));
}

#[test]
fn a_line_that_comes_late_counts_in_its_own_window_for_two_seconds() {
    let dir = TestDir::new();
    dir.write("084410", &other("084410"));
    let run = Run::new(&dir, Interval::Sec)
        .at(1000, || dir.write("084410", &bye("084411")))
        .at(3000, || dir.write("084410", &(other("084413") + &bye("084411999"))))
        .at(4000, || dir.write("084410", &(bye("084414") + &bye("084411999"))))
        .at(4250, || dir.write("084410", &bye("084410")));
    insta::assert_snapshot!(run.until(6000));
}

#[test]
fn when_the_clock_was_set_back_what_comes_again_is_told_until_it_is_where_it_was() {
    let dir = TestDir::new();
    dir.write("084458", &other("084458"));
    let mut run = Run::new(&dir, Interval::Min);
    for second in 1..200 {
        let dir = &dir;
        // After a minute it is set back by a minute and a half.
        let time = 44 * 60 + 58 + second - if second > 60 { 90 } else { 0 };
        let time = format!("08{:02}{:02}", time / 60, time % 60);
        let name = format!("09{:02}{:02}", second / 60, second % 60);
        run = run.at(second * 1000, move || dir.write(&name, &bye(&time)));
    }
    insta::assert_snapshot!(run.until(200_500));
}

#[test]
fn a_wrong_stamp_closes_nothing() {
    let dir = TestDir::new();
    dir.write("084410", &other("084410"));
    let run = Run::new(&dir, Interval::Min)
        .at(1000, || dir.write("084410", &bye_on("20991231", "235959")))
        .at(1250, || dir.write("084410", &bye("084411")))
        .at(2000, || dir.write("084410", &bye_on("20170428", "084412")))
        .at(2250, || dir.write("084410", &bye("084412")))
        .at(3000, || dir.write("084410", &bye_on("20170427", "996199")))
        .at(3250, || dir.write("084410", &bye("084413")));
    insta::assert_snapshot!(run.until(4000));
}

#[test]
fn a_log_that_goes_on_much_later_does_not_print_all_that_was_between() {
    let dir = TestDir::new();
    dir.write("084410", &other("084410"));
    let run = Run::new(&dir, Interval::Sec)
        .at(1000, || dir.write("084410", &bye("084411")))
        .at(1250, || dir.write("190000", &bye("190000").repeat(5)))
        .at(4000, || dir.write("190000", &bye("190003")));
    insta::assert_snapshot!(run.until(8000));
}

#[test]
fn what_came_during_a_long_stop_is_read_before_the_clock_decides() {
    let dir = TestDir::new();
    dir.write("084410", &other("084410"));
    let mut run = Run::new(&dir, Interval::Sec).at(1000, || dir.write("084410", &bye("084411")));
    // Nothing runs from 1.25 s to 7.25 s: all of this is there at once.
    for second in 12..18 {
        let dir = &dir;
        run = run.at(1250, move || {
            dir.write(&format!("0844{second}"), &bye(&format!("0844{second}")))
        });
    }
    insta::assert_snapshot!(run.until(3000));
}

/// Stopped wherever it may be, between reading and asking for the time as well.
#[test]
fn a_stop_at_any_moment_makes_nothing_late() {
    // The first look is before anything is followed.
    for stop in 1..60 {
        let dir = TestDir::new();
        dir.write("084410", &other("084410"));
        let mut run = Run::new(&dir, Interval::Sec);
        run.stop = Some(stop);
        for half in 2..30 {
            let (second, dir) = (10 + half / 2, &dir);
            let text = bye(&format!("0844{second}{}", if half % 2 == 0 { "100" } else { "600" }));
            run = run.at(500 * half + 50, move || dir.write(&format!("0844{second}"), &text));
        }
        let told = run.until(16_000);
        let counted = told.lines().filter_map(|line| line.split_once(": "));
        let sum: u32 = counted.filter_map(|(_, number)| number.parse::<u32>().ok()).sum();
        assert_eq!(sum, 28, "stopped after {stop}:\n{told}");
    }
}

#[test]
fn logs_that_were_deleted_before_they_were_read_are_told() {
    let dir = TestDir::new();
    dir.write("084410", &other("084410"));
    let run = Run::new(&dir, Interval::Min)
        .at(1000, || {
            dir.write("084410", &bye("084411"));
            fs::remove_file(dir.log("084410")).unwrap();
            dir.write("084415", &bye("084415"));
        })
        .at(2000, || {
            fs::write(dir.log("084415"), "").unwrap();
        });
    let told = run.until(3000);
    insta::assert_snapshot!(told.replace(dir.0.to_str().unwrap(), "[DIR]"));
}

#[test]
fn a_folder_that_is_not_there_yet() {
    let dir = TestDir::new();
    let mut run = Run::new(&dir, Interval::Sec);
    run.request.folders = vec![dir.0.join("ecs")];
    let run = run
        .at(1000, || dir.write("ecs/084410", &bye("084410")))
        .at(2000, || fs::remove_dir_all(dir.0.join("ecs")).unwrap())
        .at(3000, || dir.write("ecs/084412", &bye("084412")));
    let told = run.until(5000);
    insta::assert_snapshot!(told.replace(dir.0.to_str().unwrap(), "[DIR]"));
}

#[test]
fn windows_wait_for_the_log_that_is_furthest_back_unless_it_is_silent() {
    let dir = TestDir::new();
    dir.write("a/084410", &other("084410"));
    dir.write("b/084410", &other("084410"));
    let mut run = Run::new(&dir, Interval::TenSec);
    run.request.folders = vec![dir.0.join("a"), dir.0.join("b")];
    for second in 11..50 {
        let dir = &dir;
        let at = (second - 10) * 1000;
        run = run.at(at, move || {
            dir.write("a/084410", &bye(&format!("0844{second}")));
            // The clock of the other is five seconds behind, and it falls silent.
            if (16..30).contains(&second) {
                dir.write("b/084410", &bye(&format!("0844{}", second - 5)));
            }
        });
    }
    insta::assert_snapshot!(run.until(39_500));
}

#[test]
fn a_log_of_long_ago_holds_nothing_back() {
    let dir = TestDir::new();
    dir.write("a/014410", &(bye("014410") + &bye("014411")));
    dir.write("b/084410", &bye("084410"));
    let mut run = Run::new(&dir, Interval::TenSec);
    run.request.inputs = vec![dir.0.join("a").into(), dir.0.join("b").into()];
    let run = run.at(1000, || dir.write("b/084410", &bye("084412"))).at(8000, || {
        dir.write("b/084410", &bye("084420"));
    });
    insta::assert_snapshot!(run.until(24_000));
}

#[test]
fn of_two_logs_that_are_read_first_none_makes_the_other_late() {
    let dir = TestDir::new();
    // By its name it comes first.
    dir.write("a/084405", &["084430", "084431", "084435"].map(bye).concat());
    dir.write("b/084410", &["084410", "084411", "084415"].map(bye).concat());
    let mut run = Run::new(&dir, Interval::Sec);
    run.request.inputs = vec![dir.0.join("a").into(), dir.0.join("b").into()];
    insta::assert_snapshot!(run.until(1000));
}

#[test]
fn what_is_chosen_is_read_first_as_in_a_batch() {
    let dir = TestDir::new();
    dir.write("083000", &bye("083000"));
    dir.write("084000", &(bye("084000") + &bye("084300")));
    let mut run = Run::new(&dir, Interval::Min);
    run.request.last = Some(2);
    let run = run.at(1000, || dir.write("084301", &bye("084301")));
    insta::assert_snapshot!(run.until(2000));
}

#[test]
fn it_ends_when_the_range_of_time_is_over() {
    let dir = TestDir::new();
    dir.write("084410", &bye("084410"));
    let mut run = Run::new(&dir, Interval::Sec);
    let range: ecs_log::TimeRange = "20170427:084410-20170427:084412".parse().unwrap();
    let stamp = |stamp| sip_scan::Stamp::new(stamp).unwrap();
    run.filter.range = Some(StampRange {
        first: stamp(range.first_stamp()),
        last: stamp(range.last_stamp()),
    });
    run.request.range = Some(range);
    let run = run.at(2000, || dir.write("084412", &bye("084412")));
    insta::assert_snapshot!(run.until(3_600_000));
}

/// The most memory that is held while so many seconds go by, in five of which a log is begun and an old one deleted.
fn most_held(seconds: u64) -> u64 {
    let dir = TestDir::new();
    let name = |second: u64| {
        let (hour, minute, second) = (second / 3600 % 24, second / 60 % 60, second % 60);
        format!("{hour:02}{minute:02}{second:02}")
    };
    dir.write(&name(0), &bye(&name(0)));
    let second = Cell::new(0_u64);
    let write = || {
        second.set(second.get() + 5);
        let now = second.get();
        dir.write(&name(now), &bye(&name(now)).repeat(3));
        if let Some(old) = now.checked_sub(25) {
            let _ = fs::remove_file(dir.log(&name(old)));
        }
    };
    let machine = Steady {
        now: Cell::new(0),
        write: &write,
        seconds,
    };
    let request = Request {
        folders: vec![dir.0.clone()],
        ..Request::default()
    };
    let lanes = lanes(request);
    let mut stderr = Vec::new();
    let settings = Settings::default();
    let measured = allocation_counter::measure(|| {
        let mut live = Live::new(
            lanes,
            Report::new(io::sink(), Form::Table, Timeline::batch(Interval::Min)),
            settings,
            (machine, &mut stderr),
        );
        assert_eq!(live.run().unwrap(), 0);
        assert_eq!(live.report.summary().messages, 3 * (seconds / 5 - 1), "all were read");
    });
    assert_eq!(stderr, b"");
    measured.bytes_max
}

/// Five seconds go by in each pause, and then something is written.
struct Steady<'a> {
    now: Cell<u64>,
    write: &'a dyn Fn(),
    seconds: u64,
}

impl Time for Steady<'_> {
    fn now(&self) -> Duration {
        Duration::from_secs(self.now.get())
    }

    fn wall(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }

    fn pause(&mut self) {
        self.now.set(self.now.get() + 5);
        if self.now.get() < self.seconds {
            (self.write)();
        }
    }

    fn is_asked_to_end(&self) -> bool {
        self.now.get() >= self.seconds
    }

    fn has_reader(&self) -> bool {
        true
    }
}

#[test]
fn memory_does_not_grow_in_a_day() {
    let hour = most_held(3600);
    let day = most_held(86_400);
    // A few bytes more for longer numbers.
    assert!(day <= hour + 256, "{hour} bytes in an hour, {day} in a day");
}
