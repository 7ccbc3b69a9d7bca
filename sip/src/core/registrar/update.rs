//! What a REGISTER makes of the bindings of a user (RFC 3261 section 10.3 steps 6 and 7).

use crate::{
    Binding,
    core::{Flow, Time},
    wire::{Headers, NameAddr, Request, SipUri, clean, split_list},
};

/// Shortest registration, seconds: below it a phone that is not behind a NAT only costs.
pub(super) const EXPIRES_MIN_S: u32 = 60;

/// Longest registration, and the one of a phone that names none, seconds.
const EXPIRES_MAX_S: u32 = 3600;

/// Bindings of a user: desk, headset, home and a few that died without a word. One more
/// replaces the oldest.
pub(super) const BINDINGS_MAX: usize = 10;

/// Path values kept with a binding.
const PATH_MAX: usize = 8;

/// Longest `+sip.instance` that is kept; a UUID's has 47.
const INSTANCE_MAX_BYTES: usize = 128;

/// Longest User-Agent that is kept.
const USER_AGENT_MAX_CHARS: usize = 128;

/// Why a REGISTER is refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// `*` without `Expires: 0`, or a Contact that is none.
    Malformed,
    /// Section 10.3 step 7.
    TooBrief,
    /// RFC 5626 section 6: the phone wants a flow of its own kept up, and a proxy before us
    /// would not do it.
    FirstHop,
    /// An older REGISTER of the same Call-ID came late.
    OutOfOrder,
}

/// The bindings after a REGISTER with Contact (section 10.3 steps 6 and 7).
pub(super) fn updated(
    now: Time,
    mut bindings: Vec<Binding>,
    flow: &Flow,
    request: &Request,
) -> Result<Vec<Binding>, Refusal> {
    let contacts: Vec<&str> = request.headers.all("Contact").flat_map(split_list).collect();
    if wants_outbound(request) && !first_hop_does_outbound(request) {
        return Err(Refusal::FirstHop);
    }
    let expires = request.headers.get("Expires").and_then(|text| text.trim().parse::<u32>().ok());
    let late =
        |binding: &Binding| binding.call_id == request.head.call_id && request.head.cseq <= binding.cseq;
    if contacts.contains(&"*") {
        if contacts.len() > 1 || expires != Some(0) {
            return Err(Refusal::Malformed);
        }
        if bindings.iter().any(late) {
            return Err(Refusal::OutOfOrder);
        }
        return Ok(Vec::new());
    }
    for text in contacts {
        let contact = NameAddr::parse(text).ok_or(Refusal::Malformed)?;
        let uri = contact.sip_uri().ok_or(Refusal::Malformed)?;
        let asked_s = match contact.param("expires") {
            Some(text) => text.parse().unwrap_or(EXPIRES_MAX_S),
            None => expires.unwrap_or(EXPIRES_MAX_S),
        };
        if (1..EXPIRES_MIN_S).contains(&asked_s) {
            return Err(Refusal::TooBrief);
        }
        let way = Way::of(&contact);
        let same = |b: &Binding| same_contact(&b.contact_uri, &uri) || way.is_of(b);
        if bindings.iter().any(|b| same(b) && late(b)) {
            return Err(Refusal::OutOfOrder);
        }
        bindings.retain(|b| !same(b));
        if asked_s == 0 {
            continue;
        }
        if bindings.len() >= BINDINGS_MAX {
            bindings.remove(0);
        }
        let life_ms = i64::from(asked_s.min(EXPIRES_MAX_S)) * 1000;
        bindings.push(Binding {
            contact_uri: contact.uri.clone(),
            source: flow.remote,
            local: (!flow.transport.is_websocket()).then_some(flow.local),
            transport: flow.transport,
            call_id: request.head.call_id.clone(),
            cseq: request.head.cseq,
            path: path(&request.headers),
            instance_id: way.instance_id,
            reg_id: way.reg_id,
            q_permille: q_permille(&contact),
            user_agent: request.headers.get("User-Agent").map(|text| bounded(text, USER_AGENT_MAX_CHARS)),
            expires_at_unix_ms: now.0.saturating_add(life_ms),
        });
    }
    Ok(bindings)
}

/// Whether the phone asks for the rules of RFC 5626 (section 6).
pub(super) fn wants_outbound(request: &Request) -> bool {
    let supported = request.headers.all("Supported").flat_map(split_list);
    let mut contacts = request.headers.all("Contact").flat_map(split_list).filter_map(NameAddr::parse);
    supported.into_iter().any(|option| option.eq_ignore_ascii_case("outbound"))
        && contacts.any(|contact| Way::of(&contact).reg_id.is_some())
}

/// Section 6: without a proxy in between the flow is ours; otherwise the proxy that the phone
/// is connected to says `ob` in its Path, the last one.
fn first_hop_does_outbound(request: &Request) -> bool {
    if request.headers.all("Via").flat_map(split_list).count() <= 1 {
        return true;
    }
    let last = request.headers.all("Path").flat_map(split_list).last().and_then(NameAddr::parse);
    last.is_some_and(|path| path.uri.split(';').skip(1).any(|param| param.eq_ignore_ascii_case("ob")))
}

/// Which phone a Contact is of, and over which of its ways (RFC 5626 section 4.2).
struct Way {
    instance_id: Option<String>,
    reg_id: Option<u32>,
}

impl Way {
    fn of(contact: &NameAddr) -> Self {
        let instance_id = contact
            .param("+sip.instance")
            .filter(|id| !id.is_empty() && id.len() <= INSTANCE_MAX_BYTES)
            .map(str::to_owned);
        // RFC 5626 section 6: a reg-id without an instance is ignored.
        let reg_id = contact.param("reg-id").and_then(|id| id.parse().ok());
        let reg_id = reg_id.filter(|id| *id > 0 && instance_id.is_some());
        Self { instance_id, reg_id }
    }

    /// RFC 5626 section 6: the same way of the same phone, whatever its Contact is by now.
    fn is_of(&self, binding: &Binding) -> bool {
        match (&self.instance_id, &binding.instance_id) {
            (Some(ours), Some(theirs)) => {
                self.reg_id.is_some() && self.reg_id == binding.reg_id && same_instance(ours, theirs)
            }
            _ => false,
        }
    }
}

/// Whether two `+sip.instance` values name one phone. URNs compare without case (RFC 8141
/// section 3.1), and phones differ in whether they write the brackets.
pub(in crate::core) fn same_instance(a: &str, b: &str) -> bool {
    let bare = |id: &str| id.trim_start_matches('<').trim_end_matches('>').to_ascii_lowercase();
    bare(a) == bare(b)
}

/// RFC 3261 section 25.1, `qvalue`: 0 to 1 with up to three decimals. A broken one counts as
/// none.
fn q_permille(contact: &NameAddr) -> u16 {
    const MOST: u16 = 1000;
    let parse = |text: &str| {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        let digits = decimals.len() <= 3 && decimals.bytes().all(|b| b.is_ascii_digit());
        let decimals: u16 = format!("{decimals:0<3}").parse().ok().filter(|_| digits)?;
        match whole {
            "0" | "" => Some(decimals),
            "1" => Some(MOST),
            _ => None,
        }
    };
    contact.param("q").filter(|q| !q.is_empty()).and_then(parse).unwrap_or(MOST)
}

fn bounded(text: &str, max_chars: usize) -> String {
    clean(text).chars().take(max_chars).collect()
}

/// Section 19.1.4, as far as it tells phones apart.
pub(in crate::core) fn same_contact(stored: &str, uri: &SipUri) -> bool {
    SipUri::parse(stored).is_some_and(|stored| {
        stored.user == uri.user
            && stored.host == uri.host
            && stored.port == uri.port
            && stored.transport == uri.transport
    })
}

fn path(headers: &Headers) -> Vec<String> {
    let values = headers.all("Path").flat_map(split_list);
    values.take(PATH_MAX).map(str::to_owned).collect()
}
