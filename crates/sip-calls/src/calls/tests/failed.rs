//! Which calls failed.

use sip_scan::Origin;

use super::talk::{Said, gather_all, in_minutes, parse, take_closed};
use crate::gather::CallMessages;
use crate::{FailedCall, GatherCalls};

/// The calls that are told as failed: `44: 00000 404 one`, the window, seconds and milliseconds of the INVITE, the code and the Call-ID.
fn failed(gather: &GatherCalls, said: &[Said]) -> Vec<String> {
    let mut part = CallMessages::default();
    for (place, said) in said.iter().enumerate() {
        said.gather(gather, &mut part, place);
    }
    let mut calls = in_minutes(None);
    calls.absorb(part, Origin { source: 0, log: 0 });
    calls.finish(None);
    let closed = take_closed(&mut calls);
    let mut told = Vec::new();
    for closed in &closed {
        for FailedCall {
            invited,
            link,
            code,
            call_id,
            ..
        } in &closed.failed
        {
            let window = closed.window.to_string().replace("20170427:08", "");
            assert_eq!(link.far().to_string(), "10.2.2.2");
            let code = code.map_or("none".to_owned(), |code| code.to_string());
            told.push(format!(
                "{window}: {} {code} {}",
                invited.to_string().replace("20170427:08", "").split_off(2),
                call_id.escape_ascii()
            ));
        }
    }
    told
}

#[test]
fn failed_and_unanswered_calls_are_told_with_their_call_id() {
    let gather = gather_all().keep_call_ids();
    for (text, want) in [
        ("0 INVITE, 10 404", "44: 00000 404 one"),
        ("61000 INVITE, 61010 302", "45: 01000 302 one"),
        ("0 INVITE, 10 100, 60100 603", "44: 00000 603 one"),
        ("0 INVITE, 10 407, 20 INVITE/2, 30 503/2", "44: 00020 503 one"),
        ("0 INVITE, 10 407, 241000 INVITE/2", "44: 00000 407 one"),
        ("0 INVITE, 32001 INVITE/2, 32002 200/2", "44: 00000 none one"),
        ("0 INVITE, 10 404, 20 404, 30 INVITE", "44: 00000 404 one"),
        ("0 INVITE, 10 200, 20 404 b", ""),
        ("0 INVITE, 10 487", ""),
        ("0 INVITE, 10 CANCEL, 240000 INVITE/2, 240001 200/2", ""),
        ("0 INVITE, 10 100", ""),
        ("0 INVITE, 10 407, 20 INVITE/2, 30 200/2", ""),
    ] {
        assert_eq!(failed(&gather, &parse(text)).join(", "), want, "{text}");
    }
    assert!(
        failed(&gather_all(), &parse("0 INVITE, 10 404")).is_empty(),
        "nobody asked for them"
    );
}

#[test]
fn the_last_calls_that_failed_are_told_with_the_start_of_a_long_call_id() {
    let gather = gather_all().keep_call_ids();
    let one = parse("0 INVITE, 1 404");
    let many = (0..600).flat_map(|number| {
        let call_id = Box::leak(format!("{number}-{}", "x".repeat(60_000)).into_boxed_str());
        one.iter()
            .map(|said| Said {
                at: said.at + number,
                call_id,
                ..*said
            })
            .collect::<Vec<_>>()
    });
    let told = failed(&gather, &many.collect::<Vec<_>>());
    assert_eq!(told.len(), 500);
    for (place, told) in told.iter().enumerate() {
        assert!(told.contains(&format!(" {}-xxx", place + 100)), "{told}");
        assert_eq!(told.len(), "44: 00000 404 ".len() + 100);
    }
}

#[test]
fn call_ids_that_are_kept_count_as_memory() {
    use sip_scan::Gather;
    let held = |gather: &GatherCalls| {
        let mut part = CallMessages::default();
        parse("0 INVITE, 1 404")
            .iter()
            .for_each(|said| said.gather(gather, &mut part, 7));
        GatherCalls::held(&part)
    };
    assert!(held(&gather_all().keep_call_ids()) >= held(&gather_all()) + 50);
}
