//! The registrar (RFC 3261 section 10.3).

mod keep;
#[cfg(test)]
mod tests;
mod update;

use std::collections::HashMap;

use crate::{
    Binding, RegistrationChange,
    core::{Alarm, Core, Output, flow::Flow, time::Time, transaction::ServerKey},
    wire::{Request, SipUri, quoted},
};
use keep::Keeping;
use update::{EXPIRES_MIN_S, Refusal, updated, wants_outbound};

pub(super) use update::{same_contact, same_instance};

/// How often a phone shall show that its connection stands, seconds (RFC 5626 section 4.4):
/// sooner than the usual NAT forgets a silent connection, and well below our own limit for
/// silence on a stream.
const FLOW_TIMER_S: u32 = 120;

/// Where users can be reached.
#[derive(Debug, Default)]
pub(super) struct Registrar {
    users: HashMap<String, Vec<Binding>>,
    keeping: Keeping,
}

impl Registrar {
    /// The bindings of a user that have not expired, oldest first.
    fn fresh(&self, now: Time, username: &str) -> Vec<Binding> {
        let bindings = self.users.get(username);
        let fresh = bindings.into_iter().flatten();
        fresh.filter(|b| b.expires_at_unix_ms > now.0).cloned().collect()
    }
}

impl Core {
    /// Takes over the bindings of an earlier life.
    /// Websockets have not outlived it.
    pub fn restore(&mut self, now: Time, username: String, mut bindings: Vec<Binding>) {
        bindings.retain(|binding| !binding.transport.is_websocket());
        self.apply(now, username, bindings);
    }

    /// The ways to call a user, the preferred first: the highest `q`, among equals the newest. A
    /// phone with several ways to it has one here (RFC 5626 section 5.3: it shall ring once).
    pub fn bindings(&self, now: Time, username: &str) -> Vec<Binding> {
        let mut ways: Vec<Binding> = Vec::new();
        for binding in self.registrar.fresh(now, username).into_iter().rev() {
            let same_phone = |way: &Binding| match (&way.instance_id, &binding.instance_id) {
                (Some(a), Some(b)) => same_instance(a, b),
                _ => false,
            };
            if !ways.iter().any(same_phone) {
                ways.push(binding);
            }
        }
        ways.sort_by_key(|binding| std::cmp::Reverse(binding.q_permille));
        ways
    }

    /// The binding that a request of a device comes from: by its flow, else by its Contact.
    pub(super) fn binding_of(
        &self,
        now: Time,
        username: &str,
        flow: &Flow,
        contact_uri: &str,
    ) -> Option<Binding> {
        let bindings = self.registrar.fresh(now, username);
        let over_it = |b: &&Binding| b.transport == flow.transport && b.source == flow.remote;
        let contact = SipUri::parse(contact_uri);
        let named = |b: &&Binding| contact.as_ref().is_some_and(|uri| same_contact(&b.contact_uri, uri));
        let all = || bindings.iter().rev();
        all()
            .find(|b| over_it(b) && named(b))
            .or_else(|| all().find(over_it))
            .or_else(|| all().find(named))
            .cloned()
    }

    /// A connection is gone: what was bound to it can no longer be reached (RFC 5626 section 6).
    /// A phone without outbound is called at its Contact instead.
    pub(super) fn unbind(&mut self, now: Time, flow: &Flow) {
        let over_it = |b: &Binding| b.transport == flow.transport && b.source == flow.remote;
        let lost = |b: &Binding| over_it(b) && (b.transport.is_websocket() || b.reg_id.is_some());
        self.registrar.keeping.unbind(lost);
        let users = self.registrar.users.iter().filter(|(_, bindings)| bindings.iter().any(lost));
        let mut users: Vec<String> = users.map(|(username, _)| username.clone()).collect();
        users.sort_unstable();
        for username in users {
            let mut left = self.registrar.fresh(now, &username);
            left.retain(|b| !lost(b));
            self.apply(now, username.clone(), left.clone());
            self.keep_bindings(username, None, left);
        }
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
            self.confirm_registration(now, key, &bindings, request);
            return;
        }
        if self.registrar.keeping.is_busy(username) {
            self.register_later(now, key, flow, username);
            return;
        }
        match updated(now, bindings, &flow, request) {
            Ok(bindings) => self.keep_bindings(username.to_owned(), Some(key.clone()), bindings),
            Err(Refusal::Malformed) => self.refuse(now, key, 400, &[]),
            Err(Refusal::FirstHop) => self.refuse(now, key, 439, &[]),
            Err(Refusal::OutOfOrder) => self.refuse(now, key, 500, &[]),
            Err(Refusal::TooBrief) => {
                let min = EXPIRES_MIN_S.to_string();
                self.refuse(now, key, 423, &[("Min-Expires", &min)]);
            }
        }
    }

    /// 200 with every binding (section 10.3 step 8).
    fn confirm_registration(&mut self, now: Time, key: &ServerKey, bindings: &[Binding], request: &Request) {
        let mut extra: Vec<(&str, String)> =
            bindings.iter().map(|binding| ("Contact", contact_value(now, binding))).collect();
        // RFC 3327 section 5.3.
        extra.extend(request.headers.all("Path").map(|path| ("Path", path.to_owned())));
        if wants_outbound(request) {
            // RFC 5626 section 6.
            extra.push(("Require", "outbound".to_owned()));
            extra.push(("Flow-Timer", FLOW_TIMER_S.to_string()));
        }
        let extra: Vec<(&str, &str)> = extra.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.refuse(now, key, 200, &extra);
    }

    fn apply(&mut self, now: Time, username: String, bindings: Vec<Binding>) {
        let before = self.registrar.users.contains_key(&username);
        let fresh: Vec<Binding> = bindings.into_iter().filter(|b| b.expires_at_unix_ms > now.0).collect();
        let next = fresh.iter().map(|b| Time(b.expires_at_unix_ms)).min();
        self.alarms.set(Alarm::User(username.clone()), next);
        let registered = !fresh.is_empty();
        self.follow_bindings(now, &username, &fresh);
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

fn contact_value(now: Time, binding: &Binding) -> String {
    let left_s = binding.expires_at_unix_ms.saturating_sub(now.0).max(0) / 1000;
    let mut value = format!("<{}>;expires={left_s}", binding.contact_uri);
    if let Some(instance_id) = &binding.instance_id {
        value.push_str(&format!(";+sip.instance={}", quoted(instance_id)));
    }
    if let Some(reg_id) = binding.reg_id {
        value.push_str(&format!(";reg-id={reg_id}"));
    }
    value
}
