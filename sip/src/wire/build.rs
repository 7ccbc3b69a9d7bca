//! New messages.

use bytes::Bytes;

use super::{
    head::Head,
    headers::Headers,
    message::{Request, Response, reason_phrase},
    method::Method,
};

impl Request {
    /// A request of ours from its headers; the error says what is missing or broken.
    pub fn build(method: Method, uri: String, headers: Headers, body: Bytes) -> Result<Self, &'static str> {
        let head = Head::read(&headers)?;
        Ok(Self { method, uri, headers, body, head, wire: Bytes::new() })
    }

    /// An answer (RFC 3261 section 8.2.6.2). `to_tag` is added to a To without tag, except
    /// in a 100 (section 8.2.6.1).
    pub fn answer(&self, code: u16, to_tag: &str) -> Response {
        let mut headers = Headers::default();
        for via in self.headers.all("Via") {
            headers.push("Via", via);
        }
        let mut head = self.head.clone();
        headers.push("From", self.headers.get("From").unwrap_or_default());
        let to = self.headers.get("To").unwrap_or_default();
        if head.to_tag.is_none() && code > 100 {
            headers.push("To", format!("{to};tag={to_tag}"));
            head.to_tag = Some(to_tag.to_owned());
        } else {
            headers.push("To", to);
        }
        headers.push("Call-ID", &*self.head.call_id);
        headers.push("CSeq", format!("{} {}", self.head.cseq, self.head.cseq_method));
        Response {
            code,
            reason: reason_phrase(code).to_owned(),
            headers,
            body: Bytes::new(),
            head,
            wire: Bytes::new(),
        }
    }

    /// Notes in the top Via where the request came from (RFC 3261 section 18.2.1, RFC 3581
    /// section 4), so that every answer copies it.
    pub fn stamp(&mut self, source: std::net::SocketAddr) {
        let Some(via) = self.headers.get("Via") else {
            return;
        };
        let top_len = super::address::split_list(via).first().map_or(0, |top| top.len());
        let (top, others) = via.split_at(top_len);
        let mut stamped = String::with_capacity(via.len() + 64);
        for (at, part) in top.split(';').enumerate() {
            let name = part.split('=').next().unwrap_or("").trim();
            if at > 0 && ["rport", "received"].iter().any(|n| name.eq_ignore_ascii_case(n)) {
                continue;
            }
            if at > 0 {
                stamped.push(';');
            }
            stamped.push_str(part);
        }
        stamped.push_str(&format!(";received={}", source.ip()));
        if self.head.rport {
            stamped.push_str(&format!(";rport={}", source.port()));
        }
        stamped.push_str(others);
        self.headers.set("Via", stamped);
    }
}
