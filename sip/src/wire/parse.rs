//! Bytes to messages: our limits first, then rsipstack's grammar, then what must be there.

use bytes::Bytes;
use rsipstack::sip::{HasHeaders, SipMessage, parser::parse_message};

use super::{
    frame::{content_length, find},
    head::Head,
    headers::Headers,
    limits::{DATAGRAM_MAX_BYTES, HEADER_SECTION_MAX_BYTES, HEADERS_MAX, LINE_MAX_BYTES},
    message::{Message, Request, Response},
    method::Method,
};

/// Why a message is not taken.
#[derive(Debug)]
pub(crate) enum Refused {
    /// Not worth an answer: no SIP, a response, or nobody to answer to.
    Drop(&'static str),
    /// A request whose sender can be told what is wrong with it.
    Answer(Box<Request>, u16, &'static str),
}

/// Reads one message: a whole datagram, or a frame cut by [`super::next_frame`].
pub(crate) fn parse(data: &Bytes) -> Result<Message, Refused> {
    let checked = check(data).map_err(|why| salvage(data, 400, why))?;
    let start = first_line(checked.section);
    if start.starts_with("SIP/") {
        return response(data, &checked).map_err(Refused::Drop);
    }
    let mut words = start.split(' ');
    let (Some(method), Some(uri), Some(version), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(salvage(data, 400, "the request line has not three words"));
    };
    if !version.eq_ignore_ascii_case("SIP/2.0") {
        return Err(salvage(data, 505, "only SIP/2.0"));
    }
    let method = Method::parse(method).ok_or_else(|| salvage(data, 400, "the method is no token"))?;
    // The grammar knows a closed list of methods; the start line is ours, so it is given one
    // that it always accepts and sees the headers alone.
    let headers = grammar(checked.section)
        .and_then(|message| match message {
            SipMessage::Request(request) => Ok(convert(request.headers())),
            SipMessage::Response(_) => Err("not a request"),
        })
        .map_err(|why| salvage(data, 400, why))?;
    let head = Head::read(&headers).map_err(|why| salvage(data, 400, why))?;
    if head.cseq_method != method {
        return Err(salvage(data, 400, "CSeq names another method"));
    }
    Ok(Message::Request(Request {
        method,
        uri: uri.to_owned(),
        headers,
        body: checked.body(data),
        head,
        wire: data.clone(),
    }))
}

struct Checked<'a> {
    /// Start line and headers, without the empty line.
    section: &'a str,
    body_at: usize,
    body_bytes: usize,
}

impl Checked<'_> {
    fn body(&self, data: &Bytes) -> Bytes {
        data.slice(self.body_at..self.body_at + self.body_bytes)
    }
}

/// Lengths and bytes, before any grammar.
fn check(data: &Bytes) -> Result<Checked<'_>, &'static str> {
    if data.len() > DATAGRAM_MAX_BYTES {
        return Err("message too long");
    }
    let window = &data[..data.len().min(HEADER_SECTION_MAX_BYTES)];
    let end = find(window, b"\r\n\r\n").ok_or("the headers have no end")?;
    let section = std::str::from_utf8(&data[..end]).map_err(|_| "headers are not UTF-8")?;
    let mut lines = 0_usize;
    for line in section.split("\r\n") {
        lines += 1;
        if line.len() > LINE_MAX_BYTES {
            return Err("a header line is too long");
        }
        if line.chars().any(|c| c.is_control() && c != '\t') {
            return Err("a header holds a control character");
        }
        let folded = line.starts_with([' ', '\t']);
        if lines > 1 && !folded && !line.contains(':') {
            return Err("a header line has no colon");
        }
    }
    if lines > HEADERS_MAX {
        return Err("too many headers");
    }
    let body_at = end + 4;
    let available = data.len() - body_at;
    let names_length = section.lines().skip(1).any(|line| {
        let name = line.split(':').next().unwrap_or("").trim();
        name.eq_ignore_ascii_case("content-length") || name.eq_ignore_ascii_case("l")
    });
    let body_bytes = if names_length {
        content_length(section.as_bytes()).ok_or("Content-Length is broken")?
    } else {
        // RFC 3261 section 18.3: without it, the datagram's end is the end of the body.
        available
    };
    // RFC 3261 section 18.3: bytes beyond are discarded, missing ones are an error.
    if body_bytes > available {
        return Err("the body is shorter than Content-Length");
    }
    Ok(Checked { section, body_at, body_bytes })
}

fn first_line(section: &str) -> &str {
    section.split("\r\n").next().unwrap_or("")
}

/// The headers through the grammar, under a start line that it knows.
fn grammar(section: &str) -> Result<SipMessage, &'static str> {
    let headers = section.split_once("\r\n").map_or("", |(_, rest)| rest);
    let text = format!("OPTIONS sip:x SIP/2.0\r\n{headers}\r\n\r\n");
    parse_message(text.as_bytes()).map_err(|_| "the headers do not follow the grammar")
}

fn convert(headers: &rsipstack::sip::Headers) -> Headers {
    let mut out = Headers::default();
    for header in headers.iter() {
        out.push(header.name(), header.value().trim());
    }
    out
}

fn response(data: &Bytes, checked: &Checked<'_>) -> Result<Message, &'static str> {
    let start = first_line(checked.section);
    let mut words = start.splitn(3, ' ');
    let (Some("SIP/2.0"), Some(code)) = (words.next(), words.next()) else {
        return Err("broken status line");
    };
    let code: u16 = code.parse().map_err(|_| "the status is no number")?;
    if !(100..700).contains(&code) {
        return Err("the status is out of range");
    }
    let SipMessage::Request(parsed) = grammar(checked.section)? else {
        return Err("not headers");
    };
    let headers = convert(parsed.headers());
    let head = Head::read(&headers)?;
    Ok(Message::Response(Response {
        code,
        reason: words.next().unwrap_or("").trim().to_owned(),
        headers,
        body: checked.body(data),
        head,
        wire: data.clone(),
    }))
}

/// Enough of a broken request to answer it: RFC 3261 section 8.2.6 needs Via, From, To,
/// Call-ID and CSeq. An ACK is never answered.
fn salvage(data: &Bytes, code: u16, why: &'static str) -> Refused {
    let window = &data[..data.len().min(HEADER_SECTION_MAX_BYTES)];
    let text = String::from_utf8_lossy(window);
    let mut lines = text.split("\r\n");
    let start = lines.next().unwrap_or("");
    let Some((method, _)) = start.split_once(' ') else {
        return Refused::Drop(why);
    };
    let method = match Method::parse(method) {
        Some(Method::Ack) | None => return Refused::Drop(why),
        Some(_) if !start.contains(" SIP/") => return Refused::Drop(why),
        Some(method) => method,
    };
    let mut headers = Headers::default();
    for line in lines.take(HEADERS_MAX).take_while(|line| !line.is_empty()) {
        let Some((name, value)) = line.split_once(':') else {
            continue;
        };
        let name = match name.trim().to_ascii_lowercase().as_str() {
            "via" | "v" => "Via",
            "from" | "f" => "From",
            "to" | "t" => "To",
            "call-id" | "i" => "Call-ID",
            "cseq" => "CSeq",
            _ => continue,
        };
        if value.len() <= LINE_MAX_BYTES && !value.chars().any(char::is_control) {
            headers.push(name, value.trim());
        }
    }
    match Head::read(&headers) {
        Ok(head) => Refused::Answer(
            Box::new(Request {
                method,
                uri: String::new(),
                headers,
                body: Bytes::new(),
                head,
                wire: Bytes::new(),
            }),
            code,
            why,
        ),
        Err(_) => Refused::Drop(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{Rng, SeedableRng, rngs::StdRng};

    const INVITE: &str = "INVITE sip:100@h SIP/2.0\r\nv: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;rport\r\n\
         Max-Forwards: 70\r\nf: \"A, b\" <sip:a@h>;tag=1\r\nt: <sip:100@h>\r\ni: x@y\r\nCSeq: 7 INVITE\r\n\
         m: <sip:a@192.0.2.1>\r\nSubject: folded\r\n  line\r\nc: application/sdp\r\n";

    fn read(text: &str) -> Result<Message, Refused> {
        parse(&Bytes::copy_from_slice(text.as_bytes()))
    }

    fn request(text: &str) -> Request {
        match read(text).expect("a message") {
            Message::Request(request) => request,
            Message::Response(_) => panic!("a request"),
        }
    }

    /// RFC 3261 section 7.3.3 (compact forms), 7.3.1 (folding) and 18.3 (no Content-Length).
    #[test]
    fn compact_forms_folded_lines_and_a_body_without_length() {
        let request = request(&format!("{INVITE}\r\nv=0"));
        assert_eq!((request.head.call_id.as_str(), request.head.cseq), ("x@y", 7));
        assert_eq!(request.head.from.display.as_deref(), Some("A, b"));
        assert_eq!(request.headers.get("Subject"), Some("folded line"));
        assert_eq!(request.headers.get("Content-Type"), Some("application/sdp"));
        assert_eq!(request.body, "v=0");
    }

    /// RFC 3261 section 18.3: what lies beyond Content-Length is discarded, what is missing is
    /// an error.
    #[test]
    fn content_length_rules_the_body() {
        assert_eq!(request(&format!("{INVITE}l: 3\r\n\r\nv=0and more")).body, "v=0");
        assert!(matches!(read(&format!("{INVITE}l: 4\r\n\r\nv=0")), Err(Refused::Answer(_, 400, _))));
    }

    /// Whatever comes, it is taken, answered or dropped; nothing panics.
    #[test]
    fn mutated_messages_never_panic() {
        const ROUNDS: u64 = 20_000;
        let full = format!("{INVITE}Contact: *\r\nAuthorization: Digest a=\"b\r\nl: 3\r\n\r\nv=0");
        for seed in 0..ROUNDS {
            let mut dice = StdRng::seed_from_u64(seed);
            let pick = |bound: usize| usize::try_from(dice.next_u64()).unwrap_or(0) % bound.max(1);
            let bytes = crate::wire::mutant::mutate(full.as_bytes(), pick);
            if let Ok(Message::Request(request)) = parse(&Bytes::from(bytes)) {
                // What was taken can be answered and read again.
                let answer = request.answer(200, "t").to_bytes();
                assert!(matches!(parse(&answer), Ok(Message::Response(_))), "seed {seed}");
            }
        }
    }
}
