//! Requests and responses.

use bytes::{BufMut, Bytes, BytesMut};

use super::{head::Head, headers::Headers, method::Method};

/// A request.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub method: Method,
    /// The request URI as written.
    pub uri: String,
    pub headers: Headers,
    pub body: Bytes,
    pub head: Head,
    /// As it came; empty in a message of ours.
    pub wire: Bytes,
}

/// A response.
#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub code: u16,
    pub reason: String,
    pub headers: Headers,
    pub body: Bytes,
    pub head: Head,
    /// As it came; empty in a message of ours.
    pub wire: Bytes,
}

/// Either.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    Request(Request),
    Response(Response),
}

impl Request {
    pub fn to_bytes(&self) -> Bytes {
        let start = format!("{} {} SIP/2.0\r\n", self.method, self.uri);
        write(&start, &self.headers, &self.body)
    }
}

impl Response {
    pub fn to_bytes(&self) -> Bytes {
        let start = format!("SIP/2.0 {} {}\r\n", self.code, self.reason);
        write(&start, &self.headers, &self.body)
    }

    pub fn is_final(&self) -> bool {
        self.code >= 200
    }
}

fn write(start: &str, headers: &Headers, body: &[u8]) -> Bytes {
    /// A typical message without its body.
    const HEADERS_USUAL_BYTES: usize = 1024;
    let mut out = BytesMut::with_capacity(HEADERS_USUAL_BYTES + body.len());
    out.put_slice(start.as_bytes());
    for (name, value) in headers.iter() {
        if name.eq_ignore_ascii_case("Content-Length") {
            continue;
        }
        for part in [name, ": ", value, "\r\n"] {
            out.put_slice(part.as_bytes());
        }
    }
    out.put_slice(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
    out.put_slice(body);
    out.freeze()
}

/// The phrase of a code of 300 or above, or of one that we send (RFC 3261 section 21).
pub(crate) fn reason_phrase(code: u16) -> &'static str {
    match code {
        100 => "Trying",
        180 => "Ringing",
        183 => "Session Progress",
        200 => "OK",
        202 => "Accepted",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        415 => "Unsupported Media Type",
        416 => "Unsupported URI Scheme",
        420 => "Bad Extension",
        422 => "Session Interval Too Small",
        423 => "Interval Too Brief",
        439 => "First Hop Lacks Outbound Support",
        480 => "Temporarily Unavailable",
        481 => "Call/Transaction Does Not Exist",
        482 => "Loop Detected",
        483 => "Too Many Hops",
        484 => "Address Incomplete",
        486 => "Busy Here",
        487 => "Request Terminated",
        488 => "Not Acceptable Here",
        489 => "Bad Event",
        491 => "Request Pending",
        500 => "Server Internal Error",
        501 => "Not Implemented",
        503 => "Service Unavailable",
        504 => "Server Time-out",
        505 => "Version Not Supported",
        600 => "Busy Everywhere",
        603 => "Decline",
        _ if code < 400 => "Redirected",
        _ if code < 500 => "Refused",
        _ if code < 600 => "Failed",
        _ => "Refused Everywhere",
    }
}
