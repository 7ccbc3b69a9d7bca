//! The registrar (RFC 3261 section 10.3).

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use crate::DirectoryError;
use crate::{
    Binding, RegistrationChange,
    core::{Alarm, Core, Output, Ticket, flow::Flow, time::Time, transaction::ServerKey},
    wire::{Headers, NameAddr, Request, SipUri, split_list},
};

/// Shortest registration, seconds: below it a phone that is not behind a NAT only costs.
const EXPIRES_MIN_S: u32 = 60;

/// Longest registration, and the one of a phone that names none, seconds.
const EXPIRES_MAX_S: u32 = 3600;

/// Bindings of a user: desk, headset, home and a few that died without a word. One more
/// replaces the oldest.
const BINDINGS_MAX: usize = 10;

/// Path values kept with a binding.
const PATH_MAX: usize = 8;

/// Where users can be reached.
#[derive(Debug, Default)]
pub(super) struct Registrar {
    users: HashMap<String, Vec<Binding>>,
    /// Changes that wait for the directory to keep them.
    saves: HashMap<Ticket, Save>,
}

#[derive(Debug)]
struct Save {
    key: ServerKey,
    username: String,
    bindings: Vec<Binding>,
}

/// Why a REGISTER is refused.
#[derive(Debug, PartialEq, Eq)]
enum Refusal {
    /// `*` without `Expires: 0`, or a Contact that is none.
    Malformed,
    /// Section 10.3 step 7.
    TooBrief,
    /// An older REGISTER of the same Call-ID came late.
    OutOfOrder,
}

impl Registrar {
    /// The bindings of a user that have not expired, oldest first.
    fn fresh(&self, now: Time, username: &str) -> Vec<Binding> {
        let bindings = self.users.get(username);
        let fresh = bindings.into_iter().flatten();
        fresh.filter(|b| b.expires_at_unix_ms > now.0).cloned().collect()
    }

    fn is_saving(&self, username: &str) -> bool {
        self.saves.values().any(|save| save.username == username)
    }
}

/// The bindings after a REGISTER with Contact (section 10.3 steps 6 and 7).
fn updated(
    now: Time,
    mut bindings: Vec<Binding>,
    flow: &Flow,
    request: &Request,
) -> Result<Vec<Binding>, Refusal> {
    let contacts: Vec<&str> = request.headers.all("Contact").flat_map(split_list).collect();
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
        if let Some(at) = bindings.iter().position(|b| same_contact(&b.contact_uri, &uri)) {
            if late(&bindings[at]) {
                return Err(Refusal::OutOfOrder);
            }
            bindings.remove(at);
        }
        if asked_s == 0 {
            continue;
        }
        if bindings.len() >= BINDINGS_MAX {
            bindings.remove(0);
        }
        let life_ms = i64::from(asked_s.min(EXPIRES_MAX_S)) * 1000;
        bindings.push(Binding {
            contact_uri: contact.uri,
            source: flow.remote,
            local: Some(flow.local),
            transport: flow.transport,
            call_id: request.head.call_id.clone(),
            cseq: request.head.cseq,
            path: path(&request.headers),
            expires_at_unix_ms: now.0.saturating_add(life_ms),
        });
    }
    Ok(bindings)
}

/// Section 19.1.4, as far as it tells phones apart.
fn same_contact(stored: &str, uri: &SipUri) -> bool {
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

impl Core {
    /// Takes over the bindings of an earlier life.
    pub fn restore(&mut self, now: Time, username: String, bindings: Vec<Binding>) {
        self.apply(now, username, bindings);
    }

    /// The newest fresh binding of a user.
    pub fn binding(&self, now: Time, username: &str) -> Option<Binding> {
        self.registrar.fresh(now, username).pop()
    }

    /// A REGISTER whose sender has proven to be `username`.
    pub(super) fn register(
        &mut self,
        now: Time,
        key: &ServerKey,
        flow: Flow,
        request: &Request,
        username: &str,
    ) {
        // Section 10.3 step 4: nobody registers for others.
        let user = request.head.to.sip_uri().map(|uri| uri.user);
        if user.as_deref() != Some(username) {
            self.refuse(now, key, 403, &[]);
            return;
        }
        let bindings = self.registrar.fresh(now, username);
        if request.headers.get("Contact").is_none() {
            self.confirm_registration(now, key, &bindings);
            return;
        }
        if self.registrar.is_saving(username) {
            // Another REGISTER of this user is being kept: the order must stay.
            self.refuse(now, key, 503, &[("Retry-After", "1")]);
            return;
        }
        match updated(now, bindings, &flow, request) {
            Ok(bindings) => {
                let ticket = self.new_ticket();
                let save =
                    Save { key: key.clone(), username: username.to_owned(), bindings: bindings.clone() };
                self.registrar.saves.insert(ticket, save);
                self.out.push_back(Output::Save { ticket, username: username.to_owned(), bindings });
            }
            Err(Refusal::Malformed) => self.refuse(now, key, 400, &[]),
            Err(Refusal::OutOfOrder) => self.refuse(now, key, 500, &[]),
            Err(Refusal::TooBrief) => {
                let min = EXPIRES_MIN_S.to_string();
                self.refuse(now, key, 423, &[("Min-Expires", &min)]);
            }
        }
    }

    /// The directory's answer to [`Output::Save`].
    pub fn saved(&mut self, now: Time, ticket: Ticket, kept: Result<(), DirectoryError>) {
        let Some(save) = self.registrar.saves.remove(&ticket) else {
            return;
        };
        if kept.is_err() {
            // Section 10.3 step 7: all or nothing.
            self.refuse(now, &save.key, 500, &[("Retry-After", super::inbound::RETRY_AFTER_S)]);
            return;
        }
        self.apply(now, save.username, save.bindings.clone());
        self.confirm_registration(now, &save.key, &save.bindings);
    }

    /// 200 with every binding (section 10.3 step 8).
    fn confirm_registration(&mut self, now: Time, key: &ServerKey, bindings: &[Binding]) {
        let contacts: Vec<String> = bindings
            .iter()
            .map(|b| {
                let left_s = b.expires_at_unix_ms.saturating_sub(now.0).max(0) / 1000;
                format!("<{}>;expires={left_s}", b.contact_uri)
            })
            .collect();
        let extra: Vec<(&str, &str)> = contacts.iter().map(|c| ("Contact", c.as_str())).collect();
        self.refuse(now, key, 200, &extra);
    }

    fn apply(&mut self, now: Time, username: String, bindings: Vec<Binding>) {
        let before = self.registrar.users.contains_key(&username);
        let fresh: Vec<Binding> = bindings.into_iter().filter(|b| b.expires_at_unix_ms > now.0).collect();
        let next = fresh.iter().map(|b| Time(b.expires_at_unix_ms)).min();
        self.alarms.set(Alarm::User(username.clone()), next);
        let registered = !fresh.is_empty();
        if registered {
            self.registrar.users.insert(username.clone(), fresh);
        } else {
            self.registrar.users.remove(&username);
        }
        if before != registered {
            self.out.push_back(Output::Registration(RegistrationChange { username, registered }));
        }
    }

    /// A binding of the user has expired.
    pub(super) fn tick_user(&mut self, now: Time, username: String) {
        let fresh = self.registrar.fresh(now, &username);
        self.apply(now, username, fresh);
    }
}
