//! What is written, read by a reader of the tests' own.

use std::io;

use sip_filter::{Filter, StampRange};
use sip_scan::{Damage, Damaged, Gather, Item, Message, Order, Origin, Position, Sink};

use crate::reader::{File, read};
use crate::testing::{bye, stamp, went_out};
use crate::{Form, GatherPackets, MAX_TEXT, PacketSink, PacketWriter, Packets, Told};

const BYE: &[u8] = b"BYE sip:a@b SIP/2.0\r\nCSeq: 2 BYE\r\n\r\n";

fn on_line(line: u64, message: Message<'static>) -> Message<'static> {
    Message {
        position: Position {
            line,
            ..Position::default()
        },
        text: Some(BYE),
        ..message
    }
}

/// What comes of logs, each with its messages.
fn written(gather: &GatherPackets, form: Form, logs: &[&[Message<'_>]]) -> (File, Told) {
    let writer = PacketWriter::new(Vec::new(), form, "sipstat_cm 1.0").unwrap();
    let order = Order {
        most_bytes: 1 << 20,
        last: None,
    };
    let mut sink = PacketSink::new(order, writer);
    for (log, messages) in logs.iter().enumerate() {
        let mut part = Packets::default();
        for message in *messages {
            gather.take(&mut part, &Item::Message(*message));
        }
        sink.log(&format!("ecs/{log}.log"));
        sink.absorb(part, Origin { source: 0, log }).unwrap();
    }
    sink.finish(None).unwrap();
    let told = sink.told();
    (read(&sink.into_out()), told)
}

#[test]
fn a_pcapng_file_has_all_that_the_log_says_of_a_message_in_the_order_of_time() {
    let plain = Message {
        transport: 1,
        ..on_line(7, bye("20170427:084412345"))
    };
    let tls = on_line(9, went_out(bye("20170427:084412344")));
    let (file, told) = written(&GatherPackets::default(), Form::Pcapng, &[&[plain], &[tls]]);
    assert!(file.is_pcapng);
    assert_eq!(file.application, "sipstat_cm 1.0");
    insta::assert_snapshot!(file.comment, @"Times are those of the server's clock, written as if it showed UTC. Each SIP message of the ECS logs is one UDP datagram, also where it went by TCP or TLS.");
    let packets = file.packets.iter().map(|packet| {
        assert_eq!(packet.opened.text, BYE);
        let (source, destination) = (packet.opened.source, packet.opened.destination);
        let flags = packet.flags.unwrap();
        format!("{} {flags} {source} {destination} {}", packet.time, packet.comment)
    });
    insta::assert_snapshot!(packets.collect::<Vec<_>>().join("\n"), @"
    1493282652344000 2 10.2.2.2:40000 10.1.1.1:5070 TLS, ecs/1.log, line 9
    1493282652345000 1 10.2.2.2:40000 10.1.1.1:5070 TCP, ecs/0.log, line 7
    ");
    let of_two = Told {
        packets: 2,
        ..Told::default()
    };
    assert_eq!(told, of_two);
}

#[test]
fn a_classic_pcap_file_has_the_same_packets_at_the_same_times() {
    let messages = [
        on_line(1, bye("20170427:084412345")),
        on_line(2, bye("20170427:084412999")),
    ];
    let (file, _) = written(&GatherPackets::default(), Form::Pcap, &[&messages]);
    assert!(!file.is_pcapng);
    let (like, _) = written(&GatherPackets::default(), Form::Pcapng, &[&messages]);
    assert_eq!(file.packets.len(), 2);
    for (packet, other) in file.packets.iter().zip(&like.packets) {
        assert_eq!((packet.time, &packet.opened), (other.time, &other.opened));
    }
    // Its seconds end in the year 2106.
    let (late, _) = written(
        &GatherPackets::default(),
        Form::Pcap,
        &[&[
            on_line(1, bye("20200101:000000000")),
            on_line(1, bye("99991231:235959999")),
        ]],
    );
    let times = late.packets.iter().map(|packet| packet.time / 1_000_000);
    assert_eq!(times.collect::<Vec<_>>(), [1_577_836_800, u32::MAX.into()]);
}

#[test]
fn the_whole_text_of_a_message_is_asked_for() {
    let messages = sip_filter::Filter::default().messages();
    assert_eq!(GatherPackets::default().want(), sip_scan::Want::Text(messages));
}

/// What was written, and how much of it was flushed.
#[derive(Debug, Default)]
struct Flushed {
    written: usize,
    flushed: usize,
}

impl io::Write for Flushed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.written += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.flushed = self.written;
        Ok(())
    }
}

/// Whoever looks on sees all packets that are older than the time of the logs, and at the end all.
#[test]
fn what_is_settled_is_flushed() {
    let writer = PacketWriter::new(Flushed::default(), Form::Pcapng, "sipstat_cm 1.0").unwrap();
    let order = Order {
        most_bytes: 1 << 20,
        last: None,
    };
    let gather = GatherPackets::default();
    let written = |is_settled: bool| {
        let writer = PacketWriter::new(Flushed::default(), Form::Pcapng, "sipstat_cm 1.0").unwrap();
        let (mut sink, mut part) = (PacketSink::new(order, writer), Packets::default());
        for time in ["20170427:084412", "20170427:084414"] {
            gather.take(&mut part, &Item::Message(on_line(1, bye(time))));
        }
        sink.absorb(part, Origin { source: 0, log: 0 }).unwrap();
        if is_settled {
            sink.settle(stamp("20170427:084413")).unwrap();
        } else {
            sink.finish(None).unwrap();
        }
        sink.into_out()
    };
    let head = writer.into_out().written;
    let (settled, finished) = (written(true), written(false));
    assert!(head < settled.written && settled.written < finished.written);
    assert_eq!(settled.flushed, settled.written);
    assert_eq!(finished.flushed, finished.written);
}

#[test]
fn a_file_without_packets_is_a_file() {
    for form in [Form::Pcapng, Form::Pcap] {
        let (file, told) = written(&GatherPackets::default(), form, &[]);
        assert!(file.packets.is_empty());
        assert_eq!(told, Told::default());
    }
}

#[test]
fn only_messages_that_are_wanted_become_packets() {
    let filter = Filter {
        requests: "INVITE".parse().unwrap(),
        ..Filter::default()
    };
    let range = Some(StampRange {
        first: stamp("20170427:0844"),
        last: stamp("20170427:084459999"),
    });
    let message = on_line(1, bye("20170427:084512"));
    let inside = on_line(1, bye("20170427:084412"));
    let with = |filter| GatherPackets { filter, damaged: false };
    let table = [
        (with(filter), vec![message], 0),
        (
            with(Filter {
                range,
                ..Filter::default()
            }),
            vec![message, inside],
            1,
        ),
        (GatherPackets::default(), vec![message, inside], 2),
    ];
    for (gather, messages, want) in table {
        let (file, told) = written(&gather, Form::Pcapng, &[&messages]);
        assert_eq!((file.packets.len(), told.left_out), (want, 0), "{gather:?}");
    }
}

#[test]
fn damaged_messages_are_left_out_and_counted_or_marked() {
    let short = Message {
        damage: Some(Damage::Short),
        ..on_line(3, bye("20170427:084412"))
    };
    let messages = [short, on_line(4, bye("20170427:084413"))];
    let (file, told) = written(&GatherPackets::default(), Form::Pcapng, &[&messages, &messages[..1]]);
    assert_eq!((file.packets.len(), told.packets, told.left_out), (1, 1, 2));
    let all = GatherPackets {
        damaged: true,
        ..GatherPackets::default()
    };
    let (file, told) = written(&all, Form::Pcapng, &[&messages]);
    assert_eq!((told.packets, told.left_out), (2, 0));
    insta::assert_snapshot!(file.packets[0].comment, @"TLS, ecs/0.log, line 3; damaged: shorter than its SIZE");
    let mut part = Packets::default();
    let damaged = Damaged {
        stamp: None,
        damage: Damage::NoCseq,
        process: b"",
        position: Position::default(),
    };
    all.take(&mut part, &Item::Damaged(damaged));
    assert_eq!(GatherPackets::held(&part), 0);
}

#[test]
fn what_does_not_fit_into_a_datagram_is_cut_marked_and_counted() {
    let long = vec![b'x'; MAX_TEXT + 3];
    let with_text = |length| Message {
        text: Some(&long[..length]),
        ..bye("20170427:084412")
    };
    let messages = [with_text(MAX_TEXT), with_text(MAX_TEXT + 1), with_text(MAX_TEXT + 3)];
    let (file, told) = written(&GatherPackets::default(), Form::Pcapng, &[&messages]);
    assert_eq!(told.cut, 2);
    assert!(file.packets.iter().all(|packet| packet.opened.text.len() == MAX_TEXT));
    let comments = file.packets.iter().map(|packet| packet.comment.as_str());
    insta::assert_snapshot!(comments.collect::<Vec<_>>().join("\n"), @"
    TLS, ecs/0.log, line 0
    TLS, ecs/0.log, line 0; cut to 65507 of 65508 bytes
    TLS, ecs/0.log, line 0; cut to 65507 of 65510 bytes
    ");
}

#[test]
fn what_is_held_grows_with_the_texts() {
    let (mut one, mut two) = (Packets::default(), Packets::default());
    let gather = GatherPackets::default();
    assert_eq!(GatherPackets::held(&one), 0);
    gather.take(&mut one, &Item::Message(on_line(1, bye("20170427:084412"))));
    gather.take(&mut two, &Item::Message(on_line(1, bye("20170427:084412"))));
    gather.take(&mut two, &Item::Message(on_line(1, bye("20170427:084412"))));
    assert!(GatherPackets::held(&one) > BYE.len() + 28);
    assert_eq!(GatherPackets::held(&two), 2 * GatherPackets::held(&one));
}

/// Takes so many bytes, and nothing more.
#[derive(Debug)]
struct Full(usize);

impl io::Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.checked_sub(bytes.len()) {
            Some(left) => self.0 = left,
            None => return Err(io::ErrorKind::StorageFull.into()),
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_long_name_of_a_log_does_not_break_the_file_and_a_full_disk_is_an_error() {
    let order = Order {
        most_bytes: 0,
        last: Some(stamp("20170427:09")),
    };
    let part = || {
        let mut part = Packets::default();
        GatherPackets::default().take(&mut part, &Item::Message(on_line(1, bye("20170427:084412"))));
        part
    };
    let writer = PacketWriter::new(Vec::new(), Form::Pcapng, "").unwrap();
    let mut sink = PacketSink::new(order, writer);
    sink.log(&"\u{e9}".repeat(50_000));
    sink.absorb(part(), Origin { source: 0, log: 0 }).unwrap();
    assert!(!sink.is_done());
    sink.settle(stamp("20170427:10")).unwrap();
    assert!(sink.is_done());
    let comment = &read(&sink.into_out()).packets[0].comment;
    assert!(comment.starts_with("TLS, \u{e9}\u{e9}") && comment.len() == 59_999);

    assert!(PacketWriter::new(Full(10), Form::Pcapng, "").is_err());
    let mut sink = PacketSink::new(order, PacketWriter::new(Full(300), Form::Pcapng, "").unwrap());
    let kind = sink
        .absorb(part(), Origin { source: 0, log: 0 })
        .and_then(|()| sink.absorb(part(), Origin { source: 0, log: 0 }));
    assert_eq!(kind.unwrap_err().kind(), io::ErrorKind::StorageFull);
}
