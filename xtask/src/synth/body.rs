//! The bodies of messages.

use std::net::Ipv4Addr;

use crate::synth::random::Random;

/// The kind of body that a message has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Body {
    None,
    Sdp,
    MediaControl,
    Fragment,
    Conference,
    Presence,
}

/// The text of a body, and its `Content-Type`.
#[derive(Debug)]
pub(crate) struct Content {
    pub(crate) content_type: &'static str,
    pub(crate) text: String,
}

impl Body {
    /// The body as `user`, who is at `address`, sends it.
    pub(crate) fn content(self, user: u64, address: Ipv4Addr, random: &mut Random) -> Option<Content> {
        let (content_type, text) = match self {
            Self::None => return None,
            Self::Sdp => ("application/sdp", sdp(address, random)),
            Self::MediaControl => ("application/media_control+xml", PICTURE_UPDATE.to_owned()),
            Self::Fragment => ("message/sipfrag;version=2.0", "SIP/2.0 200 OK\r\n".to_owned()),
            Self::Conference => ("application/conference-info+xml", conference(user, random)),
            Self::Presence => ("application/pidf+xml", presence(user, random)),
        };
        Some(Content { content_type, text })
    }
}

const PICTURE_UPDATE: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n\
    <media_control><vc_primitive><to_encoder><picture_fast_update/></to_encoder></vc_primitive>\
    </media_control>\r\n";

/// Codecs: payload type, and the line that describes it.
const CODECS: &[(u8, &str)] = &[
    (0, "a=rtpmap:0 PCMU/8000\r\n"),
    (8, "a=rtpmap:8 PCMA/8000\r\n"),
    (18, "a=rtpmap:18 G729/8000\r\na=fmtp:18 annexb=no\r\n"),
    (9, "a=rtpmap:9 G722/8000\r\n"),
    (
        110,
        "a=rtpmap:110 opus/48000/2\r\na=fmtp:110 maxplaybackrate=16000;useinbandfec=1\r\n",
    ),
];

fn sdp(address: Ipv4Addr, random: &mut Random) -> String {
    let session = random.between(1, 1_700_000_000);
    let port = random.between(1_024, 16_000) * 2;
    let mut formats = String::new();
    let mut attributes = String::new();
    for (payload, line) in CODECS {
        if *payload == 0 || random.chance(35) {
            formats.push_str(&format!(" {payload}"));
            attributes.push_str(line);
        }
    }
    let encryption = if random.chance(20) {
        let key = random.hex(16) + &random.hex(16) + &random.hex(8);
        format!("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{key}|2^31|1:1\r\n")
    } else {
        String::new()
    };
    format!(
        "v=0\r\no=- {session} 1 IN IP4 {address}\r\ns=-\r\nc=IN IP4 {address}\r\nb=AS:64\r\n\
         t=0 0\r\na=avf:avc=n prio=n\r\na=csup:avf-v0\r\nm=audio {port} RTP/AVP{formats} 120\r\n\
         {encryption}a=sendrecv\r\n{attributes}a=rtpmap:120 telephone-event/8000\r\n\
         a=ptime:20\r\n"
    )
}

fn conference(user: u64, random: &mut Random) -> String {
    let version = random.between(1, 400);
    let mut users = String::new();
    for _ in 0..random.between(1, 2) {
        let (number, id) = (random.between(40_000, 49_999), random.hex(10));
        users.push_str(&format!(
            "<user entity=\"sip:{number}@example.com\"><endpoint entity=\"{id}\">\
             <status>connected</status></endpoint></user>"
        ));
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<conference-info \
         xmlns=\"urn:ietf:params:xml:ns:conference-info\" entity=\"sip:{user}@example.com\" \
         state=\"full\" version=\"{version}\"><users>{users}</users></conference-info>\r\n"
    )
}

fn presence(user: u64, random: &mut Random) -> String {
    let id = random.hex(8);
    let note = random.pick(&["Available", "On the phone", "Away", "Do not disturb"]);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<presence \
         xmlns=\"urn:ietf:params:xml:ns:pidf\" entity=\"pres:{user}@example.com\"><tuple \
         id=\"{id}\"><status><basic>open</basic></status><note>{note}</note></tuple></presence>\r\n"
    )
}
