//! What the two parties of a dialog say to each other, and when.

use crate::synth::body::Body;

/// One of the two parties of a dialog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Party {
    Caller,
    Called,
}

impl Party {
    pub(crate) fn other(self) -> Self {
        match self {
            Self::Caller => Self::Called,
            Self::Called => Self::Caller,
        }
    }
}

/// What a message says.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Say {
    /// A request outside of a dialog: its `To` has no tag.
    Begin(&'static str),
    /// A request inside of a dialog: its `To` has a tag.
    Within(&'static str),
    /// A response, and the method of the request that it answers.
    Answer(u16, &'static str),
}

/// One message of a script.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) by: Party,
    pub(crate) say: Say,
    /// Milliseconds since the message before it, on average.
    pub(crate) after: u64,
    pub(crate) body: Body,
}

const fn begin(by: Party, method: &'static str, after: u64) -> Step {
    Step {
        by,
        say: Say::Begin(method),
        after,
        body: Body::None,
    }
}

const fn within(by: Party, method: &'static str, after: u64) -> Step {
    Step {
        by,
        say: Say::Within(method),
        after,
        body: Body::None,
    }
}

const fn answer(by: Party, code: u16, method: &'static str, after: u64) -> Step {
    Step {
        by,
        say: Say::Answer(code, method),
        after,
        body: Body::None,
    }
}

const fn with(body: Body, step: Step) -> Step {
    Step { body, ..step }
}

use Party::{Called, Caller};

/// All scripts. A script that is listed twice is played twice as often.
pub(crate) const SCRIPTS: &[&[Step]] = &[
    CHALLENGED,
    ANSWERED,
    ANSWERED,
    ANSWERED,
    ANSWERED,
    ANSWERED,
    HELD,
    HELD,
    HELD,
    RELIABLE,
    RELIABLE,
    TRANSFERRED,
    CHALLENGED,
    CANCELLED,
    CANCELLED,
    BUSY,
    UNKNOWN,
    FAILED,
    OVERLOADED,
    OPTIONS,
    OPTIONS,
    OPTIONS,
    OPTIONS,
    SUBSCRIBED,
    SUBSCRIBED,
    NOTIFIED,
    NOTIFIED,
    NOTIFIED,
    NOTIFIED,
    NOTIFIED,
    NOTIFIED,
    NOTIFIED,
    NOTIFIED,
    PUBLISHED,
    PUBLISHED,
];

const ANSWERED: &[Step] = &[
    with(Body::Sdp, begin(Caller, "INVITE", 1)),
    answer(Called, 100, "INVITE", 12),
    answer(Called, 180, "INVITE", 240),
    with(Body::Sdp, answer(Called, 200, "INVITE", 3_200)),
    within(Caller, "ACK", 35),
    within(Caller, "BYE", 8_000),
    answer(Called, 200, "BYE", 20),
];

const HELD: &[Step] = &[
    with(Body::Sdp, begin(Caller, "INVITE", 1)),
    answer(Called, 100, "INVITE", 12),
    answer(Called, 180, "INVITE", 200),
    with(Body::Sdp, answer(Called, 200, "INVITE", 2_500)),
    within(Caller, "ACK", 30),
    with(Body::Sdp, within(Called, "INVITE", 1_500)),
    answer(Caller, 100, "INVITE", 8),
    with(Body::Sdp, answer(Caller, 200, "INVITE", 60)),
    within(Called, "ACK", 25),
    within(Called, "UPDATE", 2_000),
    answer(Caller, 200, "UPDATE", 20),
    with(Body::MediaControl, within(Caller, "INFO", 1_000)),
    answer(Called, 200, "INFO", 15),
    within(Called, "BYE", 3_000),
    answer(Caller, 200, "BYE", 20),
];

const RELIABLE: &[Step] = &[
    with(Body::Sdp, begin(Caller, "INVITE", 1)),
    answer(Called, 100, "INVITE", 10),
    with(Body::Sdp, answer(Called, 183, "INVITE", 150)),
    within(Caller, "PRACK", 30),
    answer(Called, 200, "PRACK", 20),
    with(Body::Sdp, within(Caller, "UPDATE", 40)),
    with(Body::Sdp, answer(Called, 200, "UPDATE", 25)),
    answer(Called, 180, "INVITE", 300),
    with(Body::Sdp, answer(Called, 200, "INVITE", 4_000)),
    within(Caller, "ACK", 35),
    within(Caller, "BYE", 6_000),
    answer(Called, 200, "BYE", 20),
];

const TRANSFERRED: &[Step] = &[
    with(Body::Sdp, begin(Caller, "INVITE", 1)),
    answer(Called, 100, "INVITE", 10),
    with(Body::Sdp, answer(Called, 200, "INVITE", 1_200)),
    within(Caller, "ACK", 35),
    within(Called, "REFER", 5_000),
    answer(Caller, 202, "REFER", 25),
    with(Body::Fragment, within(Caller, "NOTIFY", 400)),
    answer(Called, 200, "NOTIFY", 20),
    within(Called, "BYE", 60),
    answer(Caller, 200, "BYE", 20),
];

const CHALLENGED: &[Step] = &[
    with(Body::Sdp, begin(Caller, "INVITE", 1)),
    answer(Called, 407, "INVITE", 15),
    within(Caller, "ACK", 10),
    with(Body::Sdp, begin(Caller, "INVITE", 12)),
    answer(Called, 100, "INVITE", 10),
    with(Body::Sdp, answer(Called, 183, "INVITE", 300)),
    with(Body::Sdp, answer(Called, 200, "INVITE", 2_800)),
    within(Caller, "ACK", 30),
    within(Called, "BYE", 7_000),
    answer(Caller, 200, "BYE", 20),
];

const CANCELLED: &[Step] = &[
    with(Body::Sdp, begin(Caller, "INVITE", 1)),
    answer(Called, 100, "INVITE", 10),
    answer(Called, 180, "INVITE", 200),
    begin(Caller, "CANCEL", 6_000),
    answer(Called, 200, "CANCEL", 10),
    answer(Called, 487, "INVITE", 5),
    within(Caller, "ACK", 20),
];

const BUSY: &[Step] = &refused(486);
const UNKNOWN: &[Step] = &refused(404);
const FAILED: &[Step] = &refused(500);
const OVERLOADED: &[Step] = &refused(503);

const fn refused(code: u16) -> [Step; 4] {
    [
        with(Body::Sdp, begin(Caller, "INVITE", 1)),
        answer(Called, 100, "INVITE", 10),
        answer(Called, code, "INVITE", 90),
        within(Caller, "ACK", 20),
    ]
}

const OPTIONS: &[Step] = &[begin(Caller, "OPTIONS", 1), answer(Called, 200, "OPTIONS", 12)];

const SUBSCRIBED: &[Step] = &[
    begin(Caller, "SUBSCRIBE", 1),
    answer(Called, 401, "SUBSCRIBE", 15),
    begin(Caller, "SUBSCRIBE", 20),
    answer(Called, 200, "SUBSCRIBE", 18),
    with(Body::Conference, within(Called, "NOTIFY", 30)),
    answer(Caller, 200, "NOTIFY", 25),
];

const NOTIFIED: &[Step] = &[
    with(Body::Conference, within(Caller, "NOTIFY", 1)),
    answer(Called, 200, "NOTIFY", 25),
    with(Body::Conference, within(Caller, "NOTIFY", 700)),
    answer(Called, 200, "NOTIFY", 25),
];

const PUBLISHED: &[Step] = &[
    with(Body::Presence, begin(Caller, "PUBLISH", 1)),
    answer(Called, 200, "PUBLISH", 20),
];
