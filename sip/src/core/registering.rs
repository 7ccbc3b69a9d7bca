//! Our own registrations with other registrars (RFC 3261 section 10.2).

use std::time::Duration;

use bytes::Bytes;

use super::{Alarm, Core, Output, Owner, auth, dialog, flow::Flow, time::Time, transaction::ClientKey};
use crate::{
    CallError, Credentials, RegisterClient,
    wire::{Method, NameAddr, Request, Response, encode_user, split_list},
};

/// Pause after a refusal or a silence before the next attempt.
const RETRY_PAUSE: Duration = Duration::from_secs(30);

/// Challenges answered for one REGISTER: the first, and one whose nonce went stale.
const CHALLENGES_MAX: u8 = 2;

/// A registrar that grants less is asked again no sooner than this.
const REFRESH_MIN: Duration = Duration::from_secs(5);

/// One registration.
#[derive(Debug)]
pub(super) struct Registering {
    spec: RegisterClient,
    flow: Flow,
    call_id: String,
    tag: String,
    cseq: u32,
    contact: String,
    /// The REGISTER under way.
    request: Option<ClientKey>,
    /// When to ask again.
    next_at: Option<Time>,
    expires_s: u32,
    challenges: u8,
    answers: Vec<(&'static str, String)>,
    /// Whether the registrar has granted it before.
    granted: bool,
    /// Whether the binding is being given back.
    leaving: bool,
}

impl Core {
    /// Begins a registration; `Output::Registered` tells each result.
    pub fn begin_registration(
        &mut self,
        now: Time,
        spec: RegisterClient,
        flow: Flow,
    ) -> Result<u64, CallError> {
        self.next_ticket += 1;
        let id = self.next_ticket;
        let mut client = Registering {
            expires_s: spec.expires_s,
            contact: dialog::contact(&spec.aor_user, &flow, &self.own_name(&flow)),
            spec,
            flow,
            call_id: self.dice.long_token(),
            tag: self.dice.token(),
            cseq: 0,
            request: None,
            next_at: None,
            challenges: 0,
            answers: Vec::new(),
            granted: false,
            leaving: false,
        };
        self.send_register(now, id, &mut client).map_err(|_| CallError::Invalid)?;
        self.registering.insert(id, client);
        Ok(id)
    }

    /// Gives the binding back.
    pub fn end_registration(&mut self, now: Time, id: u64) {
        let Some(mut client) = self.registering.remove(&id) else {
            return;
        };
        if !client.granted && client.request.is_none() {
            // There is nothing to give back, and a wrong password again would only count as
            // another guess.
            self.alarms.set(Alarm::Registering(id), None);
            return;
        }
        client.leaving = true;
        client.expires_s = 0;
        client.challenges = 0;
        client.answers.clear();
        if self.send_register(now, id, &mut client).is_ok() {
            self.alarms.set(Alarm::Registering(id), None);
            self.registering.insert(id, client);
        }
    }

    /// Registrations of ours, for a shutdown.
    pub fn registration_ids(&self) -> Vec<u64> {
        self.registering.keys().copied().collect()
    }

    fn send_register(&mut self, now: Time, id: u64, client: &mut Registering) -> Result<(), &'static str> {
        // Section 10.2: one Call-ID for all, CSeq grows.
        client.cseq = client.cseq.saturating_add(1);
        let RegisterClient { aor_user, domain, .. } = &client.spec;
        let aor = format!("<sip:{}@{domain}>", encode_user(aor_user));
        let mut headers = self.new_headers(&client.flow);
        headers.push("From", format!("{aor};tag={}", client.tag));
        headers.push("To", aor);
        headers.push("Call-ID", client.call_id.as_str());
        headers.push("CSeq", format!("{} REGISTER", client.cseq));
        headers.push("Contact", client.contact.as_str());
        headers.push("Expires", client.expires_s.to_string());
        for (name, value) in &client.answers {
            headers.push(name, value.as_str());
        }
        let uri = format!("sip:{domain}");
        let request = Request::build(Method::Register, uri, headers, Bytes::new())?;
        client.next_at = None;
        client.request = Some(self.send_request(now, request, client.flow, Owner::Registering(id)));
        Ok(())
    }

    pub(super) fn registering_response(&mut self, now: Time, id: u64, key: &ClientKey, response: &Response) {
        if !response.is_final() {
            return;
        }
        let Some(mut client) = self.registering.remove(&id) else {
            return;
        };
        if client.request.as_ref() == Some(key) {
            client.request = None;
            if !self.registering_answered(now, id, &mut client, response) {
                return;
            }
        }
        self.alarms.set(Alarm::Registering(id), client.next_at);
        self.registering.insert(id, client);
    }

    /// Returns whether the registration goes on.
    fn registering_answered(
        &mut self,
        now: Time,
        id: u64,
        client: &mut Registering,
        response: &Response,
    ) -> bool {
        match response.code {
            200..300 if client.leaving => false,
            200..300 => {
                let granted_s = granted_s(client, response);
                // A third of the time is left for repeated attempts.
                let pause = Duration::from_secs(u64::from(granted_s)) * 2 / 3;
                client.next_at = Some(now + pause.max(REFRESH_MIN));
                client.granted = true;
                client.challenges = 0;
                client.answers.clear();
                self.tell_registered(id, true);
                true
            }
            401 | 407 if self.registering_challenged(now, id, client, response) => true,
            _ if client.leaving => false,
            423 => {
                // Section 10.2.8.
                let min = response.headers.get("Min-Expires");
                let min = min.and_then(|min| min.trim().parse::<u32>().ok());
                match min.filter(|min| *min > client.expires_s) {
                    Some(min) => {
                        client.expires_s = min;
                        self.send_register(now, id, client).is_ok()
                    }
                    None => self.registering_refused(now, id, client),
                }
            }
            _ => self.registering_refused(now, id, client),
        }
    }

    fn registering_challenged(
        &mut self,
        now: Time,
        id: u64,
        client: &mut Registering,
        response: &Response,
    ) -> bool {
        if client.challenges >= CHALLENGES_MAX {
            return false;
        }
        client.challenges += 1;
        let credentials =
            Credentials { username: client.spec.username.clone(), password: client.spec.password.clone() };
        let uri = format!("sip:{}", client.spec.domain);
        let cnonce = self.dice.token();
        let answer = auth::answer(response, "REGISTER", &uri, &credentials, &cnonce, &client.answers);
        let Some((name, value)) = answer else {
            return false;
        };
        client.answers.retain(|(n, _)| *n != name);
        client.answers.push((name, value));
        self.send_register(now, id, client).is_ok()
    }

    fn registering_refused(&mut self, now: Time, id: u64, client: &mut Registering) -> bool {
        client.next_at = Some(now + RETRY_PAUSE);
        client.challenges = 0;
        client.answers.clear();
        self.tell_registered(id, false);
        true
    }

    pub(super) fn registering_failed(&mut self, now: Time, id: u64) {
        if let Some(mut client) = self.registering.remove(&id) {
            client.request = None;
            if !client.leaving && self.registering_refused(now, id, &mut client) {
                self.alarms.set(Alarm::Registering(id), client.next_at);
                self.registering.insert(id, client);
            }
        }
    }

    pub(super) fn tick_registering(&mut self, now: Time, id: u64) {
        if let Some(mut client) = self.registering.remove(&id)
            && self.send_register(now, id, &mut client).is_ok()
        {
            self.registering.insert(id, client);
        }
    }

    fn tell_registered(&mut self, client: u64, granted: bool) {
        self.out.push_back(Output::Registered { client, granted });
    }
}

/// Section 10.2.4: the lifetime stands at our Contact, else in Expires.
fn granted_s(client: &Registering, response: &Response) -> u32 {
    let ours = NameAddr::parse(&client.contact).and_then(|contact| contact.sip_uri());
    response
        .headers
        .all("Contact")
        .flat_map(split_list)
        .filter_map(NameAddr::parse)
        .find(|contact| contact.sip_uri() == ours && ours.is_some())
        .and_then(|contact| contact.param("expires").map(str::to_owned))
        .or_else(|| response.headers.get("Expires").map(str::to_owned))
        .and_then(|text| text.trim().parse().ok())
        .unwrap_or(client.expires_s)
}
