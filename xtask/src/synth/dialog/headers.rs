//! The headers of a message apart from those that every message has.

use super::{Dialog, NAMES};
use crate::synth::link::Peer;
use crate::synth::message::Headers;
use crate::synth::random::Random;
use crate::synth::script::{Party, Say, Step};

const SERVER_AGENT: &str = "Avaya CM/R018x.01.0.890.0";

impl Dialog {
    pub(super) fn request_headers(&mut self, headers: &mut Headers, step: &Step, method: &'static str) {
        let user = self.user(step.by);
        headers.add("Max-Forwards", 71 - self.hops_of(step.by));
        if matches!(step.say, Say::Within(_)) {
            headers.add("Route", format!("<{};lr>", self.uri(step.by.other())));
        } else if step.by != self.server_side {
            self.record_routes(headers);
        }
        self.common_headers(headers, step.by, "User-Agent");
        if matches!(method, "INVITE" | "UPDATE") {
            headers.add("Session-Expires", "1800;refresher=uac");
            headers.add("Min-SE", 1200);
            headers.add("P-Asserted-Identity", user.identity());
            let icid = &self.call_id;
            headers.add("P-Charging-Vector", format!("icid-value=\"{icid}\""));
        }
        match method {
            "SUBSCRIBE" | "NOTIFY" => headers.add("Event", "conference"),
            "PUBLISH" => headers.add("Event", "presence"),
            "REFER" => headers.add("Refer-To", format!("<{}>", self.uri(step.by))),
            "PRACK" => headers.add("RAck", format!("1 {} INVITE", user.invite)),
            _ => {}
        }
        match method {
            "SUBSCRIBE" | "PUBLISH" => headers.add("Expires", 3600),
            "NOTIFY" => headers.add("Subscription-State", "active;expires=3540"),
            _ => {}
        }
        if method == "INVITE" && self.random.chance(30) {
            self.history(headers);
        }
    }

    pub(super) fn response_headers(&self, headers: &mut Headers, by: Party, code: u16, method: &str) {
        if code == 100 {
            headers.add("Server", self.agent(by));
            return;
        }
        if method == "INVITE" {
            self.record_routes(headers);
        }
        self.common_headers(headers, by, "Server");
        match (code, method) {
            (183, _) => {
                headers.add("Require", "100rel");
                headers.add("RSeq", 1);
            }
            (401, _) => headers.add("WWW-Authenticate", self.challenge()),
            (407, _) => headers.add("Proxy-Authenticate", self.challenge()),
            (486, _) => headers.add("Reason", "Q.850;cause=17;text=\"User busy\""),
            (500, _) => headers.add("Warning", "399 10.1.1.1 \"resources not available\""),
            (503, _) => headers.add("Retry-After", 30),
            (200, "SUBSCRIBE" | "PUBLISH") => headers.add("Expires", 3600),
            (200, "INVITE" | "UPDATE") => headers.add("Session-Expires", "1800;refresher=uac"),
            _ => {}
        }
        if matches!((code, method), (180 | 183 | 200, "INVITE")) {
            headers.add("P-Asserted-Identity", self.user(by).identity());
        }
    }

    /// The headers that both requests and responses have. `agent` is the name of the header for the software.
    fn common_headers(&self, headers: &mut Headers, by: Party, agent: &str) {
        headers.add("Contact", format!("<{}>", self.uri(by)));
        headers.add("Supported", "100rel, histinfo, join, replaces, sdp-anat, timer");
        headers.add(
            "Allow",
            "INVITE, ACK, OPTIONS, BYE, CANCEL, SUBSCRIBE, NOTIFY, REFER, INFO, PRACK, PUBLISH, UPDATE",
        );
        headers.add(agent, self.agent(by));
        headers.add("Accept-Language", "en");
        headers.add("P-AV-Message-Id", format!("{}_1", self.user(by).newest));
        headers.add("Av-Global-Session-ID", &self.session_id);
        if self.link.peer_kind == Peer::SessionManager {
            let location = self.hops;
            headers.add(
                "P-Location",
                format!("SM;origloc=\"Site {location}\";termloc=\"Site 1\";smaccounting=\"true\""),
            );
        }
    }

    fn record_routes(&self, headers: &mut Headers) {
        let (peer, port) = (self.link.peer, self.link.peer_port);
        let transport = self.link.transport().to_lowercase();
        for hop in 1..self.hops {
            let node = &Random::new(self.branch_seed ^ (hop << 32)).hex(8);
            let route = format!("<sip:{node}@{peer}:{port};transport={transport};lr>");
            headers.add("Record-Route", route);
        }
    }

    /// The way of the call so far. It makes an INVITE large.
    fn history(&mut self, headers: &mut Headers) {
        let entries = self.random.between(1, 18);
        for entry in 1..=entries {
            let (number, name) = (self.random.between(40_000, 49_999), self.random.pick(NAMES));
            headers.add(
                "History-Info",
                format!("\"{name}\" <sip:{number}@example.com?Reason=SIP%3Bcause%3D302>;index={entry}"),
            );
        }
    }

    fn challenge(&self) -> String {
        format!(
            "Digest realm=\"example.com\",nonce=\"{}\",algorithm=MD5,qop=\"auth\"",
            self.session_id
        )
    }

    fn agent(&self, by: Party) -> &'static str {
        match self.link.peer_kind {
            _ if by == self.server_side => SERVER_AGENT,
            Peer::SessionManager => "Avaya CM/R018x.01.0.890.0 AVAYA-SM-8.1.3.0.813014",
            Peer::Foreign => "Northern-SBC/9.0.2",
        }
    }
}
