//! A message came in: which transaction, which dialog, or what is new about it.

use super::{
    Alarm, Core, MergeKey, Owner, Server,
    flow::Flow,
    time::Time,
    transaction::{ClientKey, ServerKey, ServerTransaction},
};
use crate::wire::{ALLOW, Message, Method, Request, Response, SUPPORTED, SipUri, split_list};

/// Port that an answer goes to when the Via names none.
const DEFAULT_PORT: u16 = 5060;

/// How long a peer shall wait before it tries again when we are full, seconds.
pub(super) const RETRY_AFTER_S: &str = "5";

pub(super) fn merge_key(request: &Request) -> MergeKey {
    (
        request.head.call_id.clone(),
        request.head.from_tag.clone(),
        request.head.cseq,
        request.method.as_str().to_owned(),
    )
}

/// Where answers to a request go: RFC 3581 section 4 with `rport`, otherwise RFC 3261
/// section 18.2.2: the source address with the port of Via.
fn reply_flow(flow: Flow, request: &Request) -> Flow {
    if flow.reliable() || request.head.rport {
        return flow;
    }
    let port = request
        .head
        .sent_by
        .rsplit_once(':')
        .filter(|(host, _)| !host.contains(':') || host.ends_with(']'))
        .and_then(|(_, port)| port.parse().ok())
        .unwrap_or(DEFAULT_PORT);
    let mut reply = flow;
    reply.remote.set_port(port);
    reply
}

impl Core {
    /// A message came over `flow`.
    pub fn receive(&mut self, now: Time, flow: Flow, message: Message) {
        self.record_time(now);
        self.record_received(flow, &message);
        match message {
            Message::Request(request) => self.receive_request(now, flow, request),
            Message::Response(response) => self.receive_response(now, flow, &response),
        }
    }

    /// A broken request that can be answered, without keeping anything of it.
    pub fn refuse_broken(&mut self, flow: Flow, mut request: Request, code: u16, why: &str) {
        let reply = reply_flow(flow, &request);
        request.stamp(flow.remote);
        let warning = format!("399 sip \"{why}\"");
        self.answer_without_state(reply, &request, code, &[("Warning", &warning)]);
    }

    fn receive_response(&mut self, now: Time, flow: Flow, response: &Response) {
        let key = ClientKey::of_response(response);
        // RFC 3261 section 18.1.2: a stray response is dropped.
        let Some(client) = self.clients.get_mut(&key) else {
            return;
        };
        let heard = client.transaction.hear(now, response, &self.config.timers);
        let owner = client.owner;
        let sent_over = client.transaction.flow;
        let deadline = client.transaction.deadline();
        self.alarms.set(Alarm::Client(key.clone()), deadline);
        if let Some(ack) = heard.send {
            self.send(sent_over, ack);
        }
        if !heard.deliver {
            return;
        }
        match owner {
            Owner::Leg(id) => {
                if self.legs.contains_key(&id) {
                    self.with_leg(now, id, |core, leg| {
                        core.leg_response(now, leg, &key, flow, response);
                    });
                } else {
                    self.answer_without_leg(now, &key, response);
                }
            }
            Owner::Registering(id) => self.registering_response(now, id, &key, response),
            Owner::Subscription(id) => self.notified(now, id, &key, response),
            Owner::Nobody => {}
        }
    }

    fn receive_request(&mut self, now: Time, flow: Flow, mut request: Request) {
        let key = ServerKey::of(&request);
        if request.method == Method::Ack {
            self.receive_ack(now, &key, flow, &request);
            return;
        }
        if let Some(server) = self.servers.get(&key) {
            let reply = server.transaction.reply;
            if let Some(bytes) = server.transaction.hear_copy() {
                self.send(reply, bytes);
            }
            return;
        }
        let reply = reply_flow(flow, &request);
        request.stamp(flow.remote);
        if self.servers.len() >= self.transactions_max() {
            // No state for it: one answer, and the copies get the same.
            self.answer_without_state(reply, &request, 503, &[("Retry-After", RETRY_AFTER_S)]);
            return;
        }
        let merge =
            (request.head.to_tag.is_none() && request.method != Method::Cancel).then(|| merge_key(&request));
        let merged = merge.as_ref().is_some_and(|m| self.merged.contains_key(m));
        let kept = self.keeps_refusal(&flow, &request);
        let transaction = ServerTransaction::new(request, reply);
        self.servers.insert(key.clone(), Server { transaction, leg: None, kept, since: now });
        if merged {
            // RFC 3261 section 8.2.2.2.
            self.refuse(now, &key, 482, &[]);
            return;
        }
        if let Some(merge) = merge {
            self.merged.insert(merge, key.clone());
        }
        self.dispatch(now, &key, flow);
    }

    /// The request of a server transaction; the transaction keeps its own.
    pub(super) fn request_of(&self, key: &ServerKey) -> Option<Request> {
        self.servers.get(key).map(|server| server.transaction.request.clone())
    }

    fn dispatch(&mut self, now: Time, key: &ServerKey, flow: Flow) {
        let Some(request) = self.request_of(key) else {
            return;
        };
        if request.method == Method::Cancel {
            self.receive_cancel(now, key, &request);
            return;
        }
        if let Some((code, name, value)) = refusal(&request) {
            let extra = [(name, value.as_str())];
            let extra = if name.is_empty() { &[][..] } else { &extra[..] };
            self.refuse(now, key, code, extra);
            return;
        }
        if request.method == Method::Subscribe && self.resubscribe(now, key, flow, &request) {
            return;
        }
        if let Some(to_tag) = &request.head.to_tag {
            let dialog = (request.head.call_id.clone(), to_tag.clone());
            match self.dialogs.get(&dialog).copied() {
                Some(leg) => {
                    self.keep_server(key);
                    self.with_leg(now, leg, |core, leg| {
                        core.leg_request(now, leg, key, flow, &request);
                    });
                }
                // RFC 3261 section 12.2.2.
                None => self.refuse(now, key, 481, &[]),
            }
            return;
        }
        // Section 16.3 step 4, for a user agent: our own request has come back to us.
        let own = (request.head.call_id.clone(), request.head.from_tag.clone());
        if self.dialogs.contains_key(&own) {
            self.refuse(now, key, 482, &[]);
            return;
        }
        match request.method {
            Method::Invite => self.receive_invite(now, key, flow, request),
            Method::Register | Method::Subscribe => self.authenticate(now, key, flow, request),
            Method::Options => {
                // Section 11.2.
                let extra = [("Allow", ALLOW), ("Accept", "application/sdp"), ("Supported", SUPPORTED)];
                self.refuse(now, key, 200, &extra);
            }
            // Nobody transfers a call that is not his.
            Method::Refer => self.refuse(now, key, 403, &[]),
            _ => self.refuse(now, key, 481, &[]),
        }
    }

    fn receive_invite(&mut self, now: Time, key: &ServerKey, flow: Flow, request: Request) {
        if self.keeps_refusal(&flow, &request) {
            // Section 8.2.6.1: nothing slow may come before the 100. A stranger gets none, as
            // who has it stops to repeat the INVITE (section 8.2.7).
            self.refuse(now, key, 100, &[]);
        }
        if !self.accepting || self.legs.len() >= self.config.max_calls {
            self.refuse(now, key, 503, &[("Retry-After", RETRY_AFTER_S)]);
            return;
        }
        if SipUri::parse(&request.uri).is_none() {
            // Section 8.2.2.1.
            self.refuse(now, key, 416, &[]);
            return;
        }
        let sdp = request.headers.get("Content-Type").is_some_and(|t| {
            t.split(';').next().unwrap_or("").trim().eq_ignore_ascii_case("application/sdp")
        });
        if !request.body.is_empty() && !sdp {
            // Section 8.2.3.
            self.refuse(now, key, 415, &[("Accept", "application/sdp")]);
            return;
        }
        self.authenticate(now, key, flow, request);
    }

    fn receive_ack(&mut self, now: Time, key: &ServerKey, flow: Flow, request: &Request) {
        if let Some(server) = self.servers.get_mut(key) {
            server.transaction.hear_ack(now, &self.config.timers);
            let deadline = server.transaction.deadline();
            self.alarms.set(Alarm::Server(key.clone()), deadline);
        }
        let Some(to_tag) = &request.head.to_tag else {
            return;
        };
        let dialog = (request.head.call_id.clone(), to_tag.clone());
        if let Some(leg) = self.dialogs.get(&dialog).copied() {
            self.with_leg(now, leg, |core, leg| core.leg_ack(now, leg, flow, request));
        }
    }

    /// Section 9.2.
    fn receive_cancel(&mut self, now: Time, key: &ServerKey, cancel: &Request) {
        let invite = ServerKey::cancelled_by(cancel);
        let Some(server) = self.servers.get(&invite) else {
            self.refuse(now, key, 481, &[]);
            return;
        };
        let (leg, open) = (server.leg, server.transaction.is_open());
        self.keep_server(key);
        self.refuse(now, key, 200, &[]);
        if !open {
            // The final answer was given: the CANCEL has no effect.
            return;
        }
        match leg {
            Some(leg) => self.with_leg(now, leg, |core, leg| {
                core.leg_cancelled(now, leg, &invite, cancel);
            }),
            // It still waits for the directory: its caller is to be known before it ends, so
            // that whoever keeps the records hears of every call that was admitted.
            None => {
                self.early_cancels.insert(invite, cancel.clone());
            }
        }
    }
}

/// What every request must fulfil (section 8.2): code, and a header that explains.
fn refusal(request: &Request) -> Option<(u16, &'static str, String)> {
    if let Method::Other(other) = &request.method {
        // Section 8.2.1. Methods of other RFCs are known but not offered; the rest is not.
        let known = ["MESSAGE", "PUBLISH"];
        let code = if known.contains(&other.as_str()) { 405 } else { 501 };
        return Some((code, "Allow", ALLOW.to_owned()));
    }
    match request.headers.get("Max-Forwards").map(str::parse::<u8>) {
        Some(Ok(0)) => return Some((483, "", String::new())),
        Some(Err(_)) => return Some((400, "Warning", "399 sip \"Max-Forwards\"".to_owned())),
        Some(Ok(_)) | None => {}
    }
    // Section 8.2.2.3.
    let mut ours: Vec<&str> = split_list(SUPPORTED);
    if request.method == Method::Register {
        // RFC 3327, RFC 5626.
        ours.extend(["path", "outbound"]);
    }
    let required: Vec<&str> = request
        .headers
        .all("Require")
        .flat_map(split_list)
        .filter(|option| !ours.iter().any(|known| known.eq_ignore_ascii_case(option)))
        .collect();
    if !required.is_empty() {
        return Some((420, "Unsupported", required.join(", ")));
    }
    None
}
