//! What a person reads when something is wrong or asked for: each message, whole.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use insta::assert_snapshot;

use crate::harness::{TestDir, sipstat};
use crate::logs::{Sip, request};

/// What is said to wrong usage: one line, and nothing on standard output.
#[track_caller]
fn usage<S: AsRef<OsStr>>(args: &[S]) -> String {
    let said = sipstat().args(args).exits(2);
    assert_eq!(said.stdout, "");
    assert_eq!(said.stderr.lines().count(), 1, "{}", said.stderr);
    said.stderr
}

#[test]
fn wrong_intervals() {
    assert_snapshot!(usage(&["-i", "MINUTE", "x.log"]), @"sipstat_cm: invalid value 'MINUTE' for '--interval <INTERVAL>': expected SEC (S, 1s), TENSEC (TS, TSEC, 10s), MIN (M, 1m), TENMIN (T, TMIN, 10m), HOUR (H, 1h) or DAY (D, 1d); the nearest is MIN; see --help");
    assert_snapshot!(usage(&["-i", "", "x.log"]), @"sipstat_cm: invalid value '' for '--interval <INTERVAL>': expected SEC (S, 1s), TENSEC (TS, TSEC, 10s), MIN (M, 1m), TENMIN (T, TMIN, 10m), HOUR (H, 1h) or DAY (D, 1d); see --help");
    assert_snapshot!(usage(&["-i5m", "x.log"]), @"sipstat_cm: invalid value '5m' for '--interval <INTERVAL>': expected SEC (S, 1s), TENSEC (TS, TSEC, 10s), MIN (M, 1m), TENMIN (T, TMIN, 10m), HOUR (H, 1h) or DAY (D, 1d); see --help");
    assert_snapshot!(usage(&["--interval=5", "x.log"]), @"sipstat_cm: invalid value '5' for '--interval <INTERVAL>': expected SEC (S, 1s), TENSEC (TS, TSEC, 10s), MIN (M, 1m), TENMIN (T, TMIN, 10m), HOUR (H, 1h) or DAY (D, 1d); see --help");
}

#[test]
fn wrong_requests() {
    assert_snapshot!(usage(&["--requests=INVITE|FOO", "x.log"]), @"sipstat_cm: invalid value 'INVITE|FOO' for '--requests <LIST>': `FOO` is not a request; expected ALL, none or a list, with | or , between, of INVITE ReINVITE BYE CANCEL UPDATE NOTIFY SUBSCRIBE PUBLISH ACK PRACK REFER OPTIONS INFO PING REGISTER MESSAGE; see --help");
    assert_snapshot!(usage(&["--request", "INVITE|", "x.log"]), @"sipstat_cm: invalid value 'INVITE|' for '--requests <LIST>': `` is not a request; expected ALL, none or a list, with | or , between, of INVITE ReINVITE BYE CANCEL UPDATE NOTIFY SUBSCRIBE PUBLISH ACK PRACK REFER OPTIONS INFO PING REGISTER MESSAGE; see --help");
    assert_snapshot!(usage(&["--requests", "INVITE BYE", "x.log"]), @"sipstat_cm: invalid value 'INVITE BYE' for '--requests <LIST>': `INVITE BYE` is not a request; expected ALL, none or a list, with | or , between, of INVITE ReINVITE BYE CANCEL UPDATE NOTIFY SUBSCRIBE PUBLISH ACK PRACK REFER OPTIONS INFO PING REGISTER MESSAGE; the nearest is INVITE; see --help");
    assert_snapshot!(usage(&["--requests=", "x.log"]), @"sipstat_cm: invalid value '' for '--requests <LIST>': `` is not a request; expected ALL, none or a list, with | or , between, of INVITE ReINVITE BYE CANCEL UPDATE NOTIFY SUBSCRIBE PUBLISH ACK PRACK REFER OPTIONS INFO PING REGISTER MESSAGE; see --help");
    assert_snapshot!(usage(&["--requests=ALL|BYE", "x.log"]), @"sipstat_cm: invalid value 'ALL|BYE' for '--requests <LIST>': `ALL` is not a request; expected ALL, none or a list, with | or , between, of INVITE ReINVITE BYE CANCEL UPDATE NOTIFY SUBSCRIBE PUBLISH ACK PRACK REFER OPTIONS INFO PING REGISTER MESSAGE; see --help");
}

#[test]
fn wrong_responses() {
    assert_snapshot!(usage(&["--responses=4|7", "x.log"]), @"sipstat_cm: invalid value '4|7' for '--responses <LIST>': `7` is not the start of a response code; expected ALL, none or a list, with | or , between, of codes from 100 to 699, of their first digits, or of classes, such as 482, 48, 4 or 4xx; see --help");
    assert_snapshot!(usage(&["--responses", "4x", "x.log"]), @"sipstat_cm: invalid value '4x' for '--responses <LIST>': `4x` is not the start of a response code; expected ALL, none or a list, with | or , between, of codes from 100 to 699, of their first digits, or of classes, such as 482, 48, 4 or 4xx; see --help");
    assert_snapshot!(usage(&["--responses", "BYE", "x.log"]), @"sipstat_cm: invalid value 'BYE' for '--responses <LIST>': `BYE` is a request and not a response code; expected ALL, none or a list, with | or , between, of codes from 100 to 699, of their first digits, or of classes, such as 482, 48, 4 or 4xx; see --help");
    assert_snapshot!(usage(&["--requests", "4xx", "x.log"]), @"sipstat_cm: invalid value '4xx' for '--requests <LIST>': `4xx` is not a request but a response code; expected ALL, none or a list, with | or , between, of INVITE ReINVITE BYE CANCEL UPDATE NOTIFY SUBSCRIBE PUBLISH ACK PRACK REFER OPTIONS INFO PING REGISTER MESSAGE; see --help");
    assert_snapshot!(usage(&["--response=", "x.log"]), @"sipstat_cm: invalid value '' for '--responses <LIST>': `` is not the start of a response code; expected ALL, none or a list, with | or , between, of codes from 100 to 699, of their first digits, or of classes, such as 482, 48, 4 or 4xx; see --help");
}

#[test]
fn wrong_times() {
    assert_snapshot!(usage(&["-t", "yesteryear"]), @"sipstat_cm: invalid value 'yesteryear' for '--time <RANGE>': `yesteryear` is not a time; expected START[-END], each YYYY[mmdd[:HH[MM[SS]]]], such as 20170427:0844-0845, or as 2017-04-27T08:44..2017-04-27T08:45, or 15m, 2h, 1d, today or yesterday; see --help");
    assert_snapshot!(usage(&["-t", "20170230"]), @"sipstat_cm: invalid value '20170230' for '--time <RANGE>': `20170230` is a time that does not exist; expected START[-END], each YYYY[mmdd[:HH[MM[SS]]]], such as 20170427:0844-0845, or as 2017-04-27T08:44..2017-04-27T08:45, or 15m, 2h, 1d, today or yesterday; see --help");
    assert_snapshot!(usage(&["-t", "20170427:0845-20170427:0844"]), @"sipstat_cm: invalid value '20170427:0845-20170427:0844' for '--time <RANGE>': END `20170427:0844` is before START `20170427:0845`; expected START[-END], each YYYY[mmdd[:HH[MM[SS]]]], such as 20170427:0844-0845, or as 2017-04-27T08:44..2017-04-27T08:45, or 15m, 2h, 1d, today or yesterday; see --help");
    assert_snapshot!(usage(&["-t", "2017-0427-084412"]), @"sipstat_cm: invalid value '2017-0427-084412' for '--time <RANGE>': `0427-084412` is not a time; expected START[-END], each YYYY[mmdd[:HH[MM[SS]]]], such as 20170427:0844-0845, or as 2017-04-27T08:44..2017-04-27T08:45, or 15m, 2h, 1d, today or yesterday; see --help");
    assert_snapshot!(usage(&["-t", "20170427:0844-2018"]), @"sipstat_cm: invalid value '20170427:0844-2018' for '--time <RANGE>': END `2018` may be the year or `20170427:2018`; write `20181231` or `20170427:2018`; see --help");
    assert_snapshot!(usage(&["-t", "0m"]), @"sipstat_cm: invalid value '0m' for '--time <RANGE>': `0m` is not a length of time; expected such as 30s, 15m, 2h or 1d; see --help");
    assert_snapshot!(usage(&["-t", "15m", "-"]), @"sipstat_cm: standard input can be read only once, and its last line comes last: give a range as START-END, or a file");
    assert_snapshot!(usage(&["-t", ""]), @"sipstat_cm: invalid value '' for '--time <RANGE>': `` is not a time; expected START[-END], each YYYY[mmdd[:HH[MM[SS]]]], such as 20170427:0844-0845, or as 2017-04-27T08:44..2017-04-27T08:45, or 15m, 2h, 1d, today or yesterday; see --help");
}

#[test]
fn wrong_numbers() {
    assert_snapshot!(usage(&["-n", "0"]), @"sipstat_cm: invalid value '0' for '--last <N>': expected a whole number from 1 on; see --help");
    assert_snapshot!(usage(&["-n", "x"]), @"sipstat_cm: invalid value 'x' for '--last <N>': expected a whole number from 1 on; see --help");
    assert_snapshot!(usage(&["-n-1"]), @"sipstat_cm: invalid value '-1' for '--last <N>': expected a whole number from 1 on; see --help");
    assert_snapshot!(usage(&["-n18446744073709551616"]), @"sipstat_cm: invalid value '18446744073709551616' for '--last <N>': expected a whole number from 1 on; see --help");
    assert_snapshot!(usage(&["-n", ""]), @"sipstat_cm: invalid value '' for '--last <N>': expected a whole number from 1 on; see --help");
    assert_snapshot!(usage(&["-j", "0", "x.log"]), @"sipstat_cm: invalid value '0' for '--jobs <N>': expected a whole number from 1 on; see --help");
    assert_snapshot!(usage(&["-j", "two", "x.log"]), @"sipstat_cm: invalid value 'two' for '--jobs <N>': expected a whole number from 1 on; see --help");
}

#[test]
fn a_wrong_number_says_what_is_allowed() {
    for option in ["-n0", "-nx", "-j0", "-jtwo"] {
        let line = usage(&[option, "x.log"]);
        assert!(line.contains("expected"), "{line}");
    }
}

#[test]
fn wrong_options() {
    assert_snapshot!(usage(&["--intervall=MIN", "x.log"]), @"sipstat_cm: unexpected argument '--intervall' found; the nearest is --interval; see --help");
    assert_snapshot!(usage(&["-x"]), @"sipstat_cm: unexpected argument '-x' found; see --help");
    assert_snapshot!(usage(&["--foo"]), @"sipstat_cm: unexpected argument '--foo' found; the nearest is --follow; see --help");
    assert_snapshot!(usage(&["-n1", "-n2"]), @"sipstat_cm: the argument '--last <N>' cannot be used multiple times; see --help");
    assert_snapshot!(usage(&["--version=2"]), @"sipstat_cm: unexpected value '2' for '--version' found; no more were expected; see --help");
}

#[test]
fn missing_values() {
    assert_snapshot!(usage(&["x.log", "-i"]), @"sipstat_cm: a value is required for '--interval <INTERVAL>' but none was supplied [possible values: SEC, TENSEC, MIN, TENMIN, HOUR, DAY]; see --help");
    assert_snapshot!(usage(&["x.log", "--requests"]), @"sipstat_cm: a value is required for '--requests <LIST>' but none was supplied [possible values: INVITE, ReINVITE, BYE, CANCEL, UPDATE, NOTIFY, SUBSCRIBE, PUBLISH, ACK, PRACK, REFER, OPTIONS, INFO, PING, REGISTER, MESSAGE, ALL, none]; see --help");
    assert_snapshot!(usage(&["-n"]), @"sipstat_cm: a value is required for '--last <N>' but none was supplied; see --help");
    assert_snapshot!(usage(&["-t"]), @"sipstat_cm: a value is required for '--time <RANGE>' but none was supplied; see --help");
    assert_snapshot!(usage(&["-d"]), @"sipstat_cm: a value is required for '--dir <DIR>' but none was supplied; see --help");
}

#[test]
fn what_steers_a_terminal_comes_out_escaped() {
    const NASTY: &str = "\u{1b}[2J\u{7}\u{9b}31m\n\u{202e}x";
    assert_snapshot!(usage(&["-i", NASTY, "x.log"]), @r"sipstat_cm: invalid value '\x1b[2J\x07\u{9b}31m \u{202e}x' for '--interval <INTERVAL>': expected SEC (S, 1s), TENSEC (TS, TSEC, 10s), MIN (M, 1m), TENMIN (T, TMIN, 10m), HOUR (H, 1h) or DAY (D, 1d); see --help");
    assert_snapshot!(usage(&["--requests", NASTY, "x.log"]), @r"sipstat_cm: invalid value '\x1b[2J\x07\u{9b}31m \u{202e}x' for '--requests <LIST>': `\u{1b}[2J\u{7}\u{9b}31m\n\u{202e}x` is not a request; expected ALL, none or a list, with | or , between, of INVITE ReINVITE BYE CANCEL UPDATE NOTIFY SUBSCRIBE PUBLISH ACK PRACK REFER OPTIONS INFO PING REGISTER MESSAGE; see --help");
    assert_snapshot!(usage(&["--responses", NASTY, "x.log"]), @r"sipstat_cm: invalid value '\x1b[2J\x07\u{9b}31m \u{202e}x' for '--responses <LIST>': `\u{1b}[2J\u{7}\u{9b}31m\n\u{202e}x` is not the start of a response code; expected ALL, none or a list, with | or , between, of codes from 100 to 699, of their first digits, or of classes, such as 482, 48, 4 or 4xx; see --help");
    assert_snapshot!(usage(&["-t", NASTY]), @r"sipstat_cm: invalid value '\x1b[2J\x07\u{9b}31m \u{202e}x' for '--time <RANGE>': `\x1b[2J\x07\u{9b}31m\x0a\u{202e}x` is not a time; expected START[-END], each YYYY[mmdd[:HH[MM[SS]]]], such as 20170427:0844-0845, or as 2017-04-27T08:44..2017-04-27T08:45, or 15m, 2h, 1d, today or yesterday; see --help");
    assert_snapshot!(usage(&["-n", NASTY]), @r"sipstat_cm: invalid value '\x1b[2J\x07\u{9b}31m \u{202e}x' for '--last <N>': expected a whole number from 1 on; see --help");
    assert_snapshot!(usage(&[format!("--{NASTY}")]), @r"sipstat_cm: unexpected argument '--\x1b[2J\x07\u{9b}31m \u{202e}x' found; see --help");
    assert_snapshot!(usage(&[NASTY]), @r"sipstat_cm: \x1b[2J\x07\u{9b}31m\x0a\u{202e}x: malformed pattern: unclosed character class; missing ']'");
    assert_snapshot!(usage(&["-n1", "-d", NASTY]), @r"sipstat_cm: \x1b[2J\x07\u{9b}31m\x0a\u{202e}x: not found; check the name");
    let dir = TestDir::new();
    let folder = dir.folder(NASTY);
    assert_snapshot!(sipstat().arg(folder).exits(2).stderr, @r"sipstat_cm: no ECS logs, such as 2017-0427-084412.log, in [DIR]/\x1b[2J\x07\u{9b}31m\x0a\u{202e}x; name files or folders, or give -d DIR");
    let log = dir.file(format!("{NASTY}/2017-0427-084412.log"), [0x1f, 0x8b]);
    assert_snapshot!(sipstat().arg(log).exits(1).stderr, @r"
    sipstat_cm: [DIR]/\x1b[2J\x07\u{9b}31m\x0a\u{202e}x/2017-0427-084412.log: damaged gzip: it is cut off; what came before is counted
    sipstat_cm: 1 of 1 inputs could not be read, or not to the end
    ");
    assert_snapshot!(sipstat().arg(dir.path().join(format!("{NASTY}*"))).exits(2).stderr, @r"sipstat_cm: [DIR]/\x1b[2J\x07\u{9b}31m\x0a\u{202e}x*: malformed pattern: unclosed character class; missing ']'");
}

#[cfg(unix)]
#[test]
fn what_is_no_text_comes_out_escaped() {
    use std::os::unix::ffi::OsStrExt;
    let bytes = OsStr::from_bytes(b"\xff*\xfe");
    assert_snapshot!(usage(&[bytes]), @r"sipstat_cm: \xff*\xfe: malformed pattern: it is not UTF-8");
    assert_snapshot!(usage(&[OsStr::from_bytes(b"\xff")]), @r"sipstat_cm: \xff: not found; check the name");
    assert_snapshot!(usage(&[OsStr::new("-i"), bytes, OsStr::new("x")]), @"sipstat_cm: invalid UTF-8 was detected in one or more arguments; see --help");
}

#[test]
fn help() {
    let said = sipstat().arg("--help").success();
    assert_eq!(said.stderr, "");
    assert_snapshot!(said.stdout, @"
    Counts SIP requests and responses in the ECS logs of Avaya Communication Manager

    For each window of time it prints a table: a row for each link, IN and OUT for each type of message.

    Usage: sipstat_cm [OPTIONS] [FILE|FOLDER|PATTERN]...

    Arguments:
      [FILE|FOLDER|PATTERN]...
              Logs to read, plain, gzip, tar or zip: files, folders, patterns, or - for standard input

    What is read:
      -d, --dir <DIR>
              Where logs are when none are named; may be given more than once [default: /var/log/ecs, or
              the current folder where that does not exist]

      -n, --last <N>
              Read the last N logs only

      -t, --time <RANGE>
              Only of this time: START[-END], both inclusive, each YYYY[mmdd[:HH[MM[SS]]]], as
              20170427:0844-0845, or as 2017-04-27T08:44..2017-04-27T08:45; or, by the last line of the
              logs, 15m, 2h, 1d, today or yesterday

      -f, --follow
              Read what is named or chosen, then go on with what is written, until Ctrl-C; without FILE,
              -n and -t this is done anyway, from the end of the newest log on

          --context <FILE>
              A log that is read only to join records that lie over the ends of the others; nothing that
              begins in it counts. May be given more than once: up to four before and four after

          --list
              Print the paths of the logs that hold the range, each on a line, with the one after the
              last, which may finish a record, and do nothing else: tar czf case.tgz $(sipstat_cm --list
              -t RANGE -d DIR)

      -j, --jobs <N>
              How many logs to read at a time [default: one for each processor, at most 4]

    Which messages:
          --requests <LIST>
              Requests to count, with the responses to them: a list with | or , between, of INVITE
              ReINVITE BYE CANCEL UPDATE NOTIFY SUBSCRIBE PUBLISH ACK PRACK REFER OPTIONS INFO PING
              REGISTER MESSAGE, or ALL; none counts responses alone

              [default: INVITE|ReINVITE|BYE|CANCEL]

          --responses <LIST>
              Responses to count: a list with | or , between of codes, of their first digits, or of
              classes, such as 182|48|5xx, or ALL, or none

              [default: 4|5|6]

          --link <LIST>
              Only messages with such an end: a list with | or , between of addresses, networks such as
              10.2.0.0/16, names of --names, each also with the port that the link is printed with, as
              10.2.2.2:5070, or links as they are printed

          --call <ID>
              Only messages with this Call-ID; may be given more than once. By default, with it all
              requests and responses count

          --whole-calls
              With each message that is wanted, all messages of its call, of any type and on any link,
              up to 180 s before and after the time of -t; for --show and --pcap, of files and folders.
              By default, with it and --responses no request is looked for

    What is made of them:
          --calls
              Tell how calls ended instead of counting messages: by window, link and direction of the
              INVITE, attempts, outcomes, ratios (RFC 6076), delays and retransmissions

      -i, --interval <INTERVAL>
              Length of a window: SEC, TENSEC, MIN, TENMIN, HOUR, DAY, or S, TS, M, T, H, D, or 1s, 10s,
              1m, 10m, 1h, 1d

              [default: MIN]

          --show
              Show the messages instead of counting them: one line for each, in the order of time, with
              direction, ends, start line, method, Call-ID and users. By default, with it all requests
              and responses are shown

          --check
              Check the counts of the last whole minutes for Nagios and Icinga: print one line, and exit
              with 0 (OK), 1 (WARNING), 2 (CRITICAL) or 3 (UNKNOWN). Each response listed is checked, IN
              and OUT apart, summed over all links; with --responses none each request. Without -w and
              -c it is OK where the logs tell enough. By default, with it -t is 5m

      -w, --warning <RANGE>
              With --check: the counts that are no warning, [@]START:END as the Monitoring Plugins have
              it, such as 10 for 0 to 10, or 1: for at least 1; behind @ those that are one

      -c, --critical <RANGE>
              With --check: the same for counts that are critical

    In which form:
          --format <FORM>
              The form of the output: table, csv, jsonl, or html, a page to send (not with -f)

              [default: table]

          --total
              Add a row and a column TOTAL to each table

          --top <N>
              Show in each table only the N links with the most messages, most first, and the sum of the
              others

          --classes
              Sum response codes by class: 4xx

          --names <FILE>
              Names for addresses, in the form of /etc/hosts; also for networks such as 10.2.0.0/16, the
              longest prefix wins

          --color <WHEN>
              Whether zeros are dim and failures stand out: auto (on a terminal, unless NO_COLOR is
              set), always, never

              [default: auto]

    Beside that:
          --pcap <FILE>
              Also write the messages as packets, for Wireshark, to FILE: pcapng, or pcap where the name
              ends in .pcap; to standard output in the place of all else where FILE is -, and only so
              with -f. Their times are those of the server's clock, written as if it showed UTC. By
              default, with it all requests and responses count

          --force
              Replace FILE where it is there already

          --damaged
              Also write messages of damaged records as packets, as far as they came

      -V, --version
              Print version

              [alias: -v]

      -h, --help
              Print help

    Examples:
      sipstat_cm
      sipstat_cm /var/log/ecs/2017-0427-084*
      sipstat_cm -n100 --requests='INVITE|CANCEL|BYE' --responses='4|5|6' -i HOUR
      sipstat_cm -t 20170427:0844-20170427:0845 -d /var/home/ftp/pub/ecsbkp
      sipstat_cm --check --requests INVITE --responses 503 -w 10 -c 50

    Exit status: 0 all read; 1 some input could not be read, the rest is reported;
    2 usage, or nothing to read. With --check: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN or usage.
    ");
}

#[test]
fn short_help() {
    let said = sipstat().arg("-h").success();
    assert_eq!(said.stderr, "");
    assert_snapshot!(said.stdout, @"
    Counts SIP requests and responses in the ECS logs of Avaya Communication Manager

    Usage: sipstat_cm [OPTIONS] [FILE|FOLDER|PATTERN]...

    Arguments:
      [FILE|FOLDER|PATTERN]...  Logs to read, plain, gzip, tar or zip: files, folders, patterns, or -
                                for standard input

    What is read:
      -d, --dir <DIR>       Where logs are when none are named; may be given more than once [default:
                            /var/log/ecs, or the current folder where that does not exist]
      -n, --last <N>        Read the last N logs only
      -t, --time <RANGE>    Only of this time: START[-END], both inclusive, each
                            YYYY[mmdd[:HH[MM[SS]]]], as 20170427:0844-0845, or as
                            2017-04-27T08:44..2017-04-27T08:45; or, by the last line of the logs, 15m,
                            2h, 1d, today or yesterday
      -f, --follow          Read what is named or chosen, then go on with what is written, until Ctrl-C;
                            without FILE, -n and -t this is done anyway, from the end of the newest log
                            on
          --context <FILE>  A log that is read only to join records that lie over the ends of the
                            others; nothing that begins in it counts. May be given more than once: up to
                            four before and four after
          --list            Print the paths of the logs that hold the range, each on a line, with the
                            one after the last, which may finish a record, and do nothing else: tar czf
                            case.tgz $(sipstat_cm --list -t RANGE -d DIR)
      -j, --jobs <N>        How many logs to read at a time [default: one for each processor, at most 4]

    Which messages:
          --requests <LIST>   Requests to count, with the responses to them: a list with | or , between,
                              of INVITE ReINVITE BYE CANCEL UPDATE NOTIFY SUBSCRIBE PUBLISH ACK PRACK
                              REFER OPTIONS INFO PING REGISTER MESSAGE, or ALL; none counts responses
                              alone [default: INVITE|ReINVITE|BYE|CANCEL]
          --responses <LIST>  Responses to count: a list with | or , between of codes, of their first
                              digits, or of classes, such as 182|48|5xx, or ALL, or none [default:
                              4|5|6]
          --link <LIST>       Only messages with such an end: a list with | or , between of addresses,
                              networks such as 10.2.0.0/16, names of --names, each also with the port
                              that the link is printed with, as 10.2.2.2:5070, or links as they are
                              printed
          --call <ID>         Only messages with this Call-ID; may be given more than once. By default,
                              with it all requests and responses count
          --whole-calls       With each message that is wanted, all messages of its call, of any type
                              and on any link, up to 180 s before and after the time of -t; for --show
                              and --pcap, of files and folders. By default, with it and --responses no
                              request is looked for

    What is made of them:
          --calls                Tell how calls ended instead of counting messages: by window, link and
                                 direction of the INVITE, attempts, outcomes, ratios (RFC 6076), delays
                                 and retransmissions
      -i, --interval <INTERVAL>  Length of a window: SEC, TENSEC, MIN, TENMIN, HOUR, DAY, or S, TS, M,
                                 T, H, D, or 1s, 10s, 1m, 10m, 1h, 1d [default: MIN]
          --show                 Show the messages instead of counting them: one line for each, in the
                                 order of time, with direction, ends, start line, method, Call-ID and
                                 users. By default, with it all requests and responses are shown
          --check                Check the counts of the last whole minutes for Nagios and Icinga: print
                                 one line, and exit with 0 (OK), 1 (WARNING), 2 (CRITICAL) or 3
                                 (UNKNOWN). Each response listed is checked, IN and OUT apart, summed
                                 over all links; with --responses none each request. Without -w and -c
                                 it is OK where the logs tell enough. By default, with it -t is 5m
      -w, --warning <RANGE>      With --check: the counts that are no warning, [@]START:END as the
                                 Monitoring Plugins have it, such as 10 for 0 to 10, or 1: for at least
                                 1; behind @ those that are one
      -c, --critical <RANGE>     With --check: the same for counts that are critical

    In which form:
          --format <FORM>  The form of the output: table, csv, jsonl, or html, a page to send (not with
                           -f) [default: table]
          --total          Add a row and a column TOTAL to each table
          --top <N>        Show in each table only the N links with the most messages, most first, and
                           the sum of the others
          --classes        Sum response codes by class: 4xx
          --names <FILE>   Names for addresses, in the form of /etc/hosts; also for networks such as
                           10.2.0.0/16, the longest prefix wins
          --color <WHEN>   Whether zeros are dim and failures stand out: auto (on a terminal, unless
                           NO_COLOR is set), always, never [default: auto]

    Beside that:
          --pcap <FILE>  Also write the messages as packets, for Wireshark, to FILE: pcapng, or pcap
                         where the name ends in .pcap; to standard output in the place of all else where
                         FILE is -, and only so with -f. Their times are those of the server's clock,
                         written as if it showed UTC. By default, with it all requests and responses
                         count
          --force        Replace FILE where it is there already
          --damaged      Also write messages of damaged records as packets, as far as they came
      -V, --version      Print version [alias: -v]
      -h, --help         Print help

    Examples:
      sipstat_cm
      sipstat_cm /var/log/ecs/2017-0427-084*
      sipstat_cm -n100 --requests='INVITE|CANCEL|BYE' --responses='4|5|6' -i HOUR
      sipstat_cm -t 20170427:0844-20170427:0845 -d /var/home/ftp/pub/ecsbkp
      sipstat_cm --check --requests INVITE --responses 503 -w 10 -c 50

    Exit status: 0 all read; 1 some input could not be read, the rest is reported;
    2 usage, or nothing to read. With --check: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN or usage.
    ");
}

#[test]
fn help_fits_a_terminal() {
    for option in ["-h", "--help"] {
        let text = sipstat().arg(option).success().stdout;
        for line in text.lines() {
            assert!(line.chars().count() <= 100, "{option}: {line}");
        }
    }
}

#[test]
fn help_has_no_blanks_at_line_ends() {
    for option in ["-h", "--help"] {
        for line in sipstat().arg(option).success().stdout.lines() {
            assert_eq!(line, line.trim_end(), "{option}");
        }
    }
}

#[test]
fn version() {
    let expected = format!("sipstat_cm {}\n", build_info::VERSION);
    for option in ["--version", "-V", "-v"] {
        let said = sipstat().arg(option).success();
        assert_eq!(
            (said.stdout.as_str(), said.stderr.as_str()),
            (expected.as_str(), ""),
            "{option}"
        );
    }
}

/// Tables of 3000 windows: more than a pipe holds.
fn much() -> String {
    let time = |n| format!("20170427:08{:02}{:02}", n / 60, n % 60);
    (0..3000)
        .map(|n| request("BYE").at(&time(n)))
        .map(|bye| bye.log())
        .collect()
}

#[test]
fn a_reader_that_has_enough_ends_it_quietly() {
    let dir = TestDir::new();
    let log = dir.file("trace.txt", much());
    let mut child = sipstat().arg("-iSEC").arg(log).command().spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    assert!(line.starts_with("20170427:080000 "), "{line}");
    drop(stdout);
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(stderr, "");
}

#[test]
fn no_reader_at_all() {
    for run in [
        sipstat().arg("--help"),
        sipstat().arg("-V"),
        sipstat().arg(crate::harness::testdata("readme")),
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = run.command().stdout(writer).output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        assert_eq!(output.stderr, b"");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let dir = TestDir::new();
    let small = dir.file("small.txt", request("BYE").log());
    let large = dir.file("large.txt", much());
    let runs = [
        sipstat().arg("--help"),
        sipstat().arg("--version"),
        sipstat().arg(small),
        sipstat().arg("-iS").arg(large),
    ];
    for run in runs {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let output = run.command().stdout(Stdio::from(full)).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        let expected = "sipstat_cm: standard output: cannot write: No space left on device (os error 28)\n";
        assert_eq!(String::from_utf8(output.stderr).unwrap(), expected);
    }
}

#[test]
fn the_closing_line() {
    let dir = TestDir::new();
    let damaged = request("BYE").log().replacen("0d 0a 0d", "0d 0x 0d", 1);
    let no_first: String = request("BYE").at("20170427:084500").lines().split_off(1).concat();
    let other = Sip::log(&request("BYE").per_line(400).process("capro(2)").at("20170427:0844"))
        .replace("43 53 65 71", "43 53 65 72");
    let content = damaged + &other + &no_first + &request("CANCEL").at("20170427:0846").log();
    let log = dir.file("2017-0427-084412.log", content);
    let said = sipstat().arg(&log).success();
    assert_snapshot!(said.stderr, @"sipstat_cm: 2 of 3 records damaged: 1 no hex (1 of them counted), 1 no CSeq");
    let said = sipstat().arg(&log).arg(dir.path().join("gone.log")).exits(1);
    assert_snapshot!(said.stderr, @"
    sipstat_cm: [DIR]/gone.log: not found; check the name
    sipstat_cm: 2 of 3 records damaged: 1 no hex (1 of them counted), 1 no CSeq; 1 of 2 inputs could not be read, or not to the end
    ");
}
