//! What every message must carry (RFC 3261 section 8.1.1), read once.

use super::{
    address::{NameAddr, param, split_list},
    headers::Headers,
    method::Method,
};

/// A branch that starts with this is unique in time and space (RFC 3261 section 8.1.1.7).
pub(crate) const MAGIC_COOKIE: &str = "z9hG4bK";

/// Longest Call-ID, tag or branch that we keep in a table.
const TOKEN_MAX_BYTES: usize = 255;

/// The identity of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// Branch of the top Via; empty when there is none.
    pub branch: String,
    /// `host[:port]` of the top Via, lower case.
    pub sent_by: String,
    /// Whether the top Via asks for symmetric answers (RFC 3581).
    pub rport: bool,
    /// Tag of From; empty from an RFC 2543 element.
    pub from_tag: String,
    /// Tag of To.
    pub to_tag: Option<String>,
    pub call_id: String,
    pub cseq: u32,
    pub cseq_method: Method,
    pub from: NameAddr,
    pub to: NameAddr,
}

impl Head {
    /// Reads the identity, or says what is wrong with it.
    pub fn read(headers: &Headers) -> Result<Self, &'static str> {
        let via = headers.get("Via").ok_or("Via is missing")?;
        let top = split_list(via).into_iter().next().ok_or("Via is empty")?;
        let (address, params) = match top.find(';') {
            Some(at) => (&top[..at], &top[at..]),
            None => (top, ""),
        };
        // `SIP / 2.0 / UDP host:port`: white space may stand around the slashes.
        let sent_by = address
            .rsplit('/')
            .next()
            .and_then(|last| last.trim().split_once(char::is_whitespace))
            .map(|(_, host)| host.trim().to_ascii_lowercase())
            .filter(|host| !host.is_empty())
            .ok_or("Via names no host")?;
        if address.matches('/').count() != 2 {
            return Err("Via has no transport");
        }
        let from = single(headers, "From").ok_or("From is missing or broken")?;
        let to = single(headers, "To").ok_or("To is missing or broken")?;
        let call_id = headers
            .get("Call-ID")
            .filter(|id| !id.is_empty() && !id.contains(char::is_whitespace))
            .ok_or("Call-ID is missing or broken")?;
        let (number, method) = headers
            .get("CSeq")
            .and_then(|cseq| cseq.split_once(char::is_whitespace))
            .ok_or("CSeq is missing or broken")?;
        let cseq: u32 = number.trim().parse().map_err(|_| "CSeq has no number")?;
        // RFC 3261 section 8.1.1.5: less than 2**31.
        if cseq >= 1 << 31 {
            return Err("CSeq is out of range");
        }
        let cseq_method = Method::parse(method.trim()).ok_or("CSeq has no method")?;
        let head = Self {
            branch: param(params, "branch").unwrap_or("").to_owned(),
            sent_by,
            rport: param(params, "rport").is_some(),
            from_tag: from.tag().unwrap_or("").to_owned(),
            to_tag: to.tag().map(str::to_owned),
            call_id: call_id.to_owned(),
            cseq,
            cseq_method,
            from,
            to,
        };
        let longest = [&head.branch, &head.from_tag, &head.call_id, &head.sent_by]
            .into_iter()
            .chain(&head.to_tag)
            .map(String::len)
            .max();
        if longest.is_some_and(|bytes| bytes > TOKEN_MAX_BYTES) {
            return Err("Call-ID, tag or branch is too long");
        }
        Ok(head)
    }

    /// Whether the branch alone names the transaction.
    pub fn has_cookie(&self) -> bool {
        self.branch.len() > MAGIC_COOKIE.len() && self.branch.starts_with(MAGIC_COOKIE)
    }
}

fn single(headers: &Headers, name: &str) -> Option<NameAddr> {
    let mut values = headers.all(name);
    let first = values.next().and_then(NameAddr::parse)?;
    // Two From headers name two callers: neither is believed.
    values.next().is_none().then_some(first)
}
