//! Puts the text of a SIP message together.

use std::fmt::Display;

use crate::synth::body::Content;

/// Header lines in the order in which they were added.
#[derive(Debug, Default)]
pub(crate) struct Headers(String);

impl Headers {
    pub(crate) fn add(&mut self, name: &str, value: impl Display) {
        self.0.push_str(&format!("{name}: {value}\r\n"));
    }

    pub(crate) fn append(&mut self, other: &Self) {
        self.0.push_str(&other.0);
    }
}

/// The whole message: `start_line`, `headers` with those of the content, and the content.
pub(crate) fn message(start_line: &str, mut headers: Headers, content: Option<Content>) -> String {
    let body = match content {
        Some(Content { content_type, text }) => {
            headers.add("Content-Type", content_type);
            text
        }
        None => String::new(),
    };
    headers.add("Content-Length", body.len());
    format!("{start_line}\r\n{}\r\n{body}", headers.0)
}

/// The reason phrase of a response (RFC 3261, 21).
pub(crate) fn reason_phrase(code: u16) -> &'static str {
    match code {
        100 => "Trying",
        180 => "Ringing",
        183 => "Session Progress",
        200 => "OK",
        202 => "Accepted",
        401 => "Unauthorized",
        404 => "Not Found",
        407 => "Proxy Authentication Required",
        486 => "Busy Here",
        487 => "Request Terminated",
        503 => "Service Unavailable",
        _ => "Server Internal Error",
    }
}

#[cfg(test)]
mod tests {
    use super::{Headers, message};
    use crate::synth::body::Content;

    #[test]
    fn the_length_is_that_of_the_body() {
        let mut headers = Headers::default();
        headers.add("CSeq", "1 INFO");
        let content = Content {
            content_type: "text/plain",
            text: "a\r\n".to_owned(),
        };
        assert_eq!(
            message("INFO sip:1@10.1.1.1 SIP/2.0", headers, Some(content)),
            "INFO sip:1@10.1.1.1 SIP/2.0\r\nCSeq: 1 INFO\r\nContent-Type: text/plain\r\n\
             Content-Length: 3\r\n\r\na\r\n"
        );
    }
}
