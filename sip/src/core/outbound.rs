//! Sending: requests that begin a transaction, answers that belong to one.

use bytes::Bytes;

use super::{
    Alarm, Client, Core, Output, Owner,
    flow::Flow,
    time::Time,
    transaction::{ClientKey, ClientTransaction, ServerKey},
};
use crate::wire::{Headers, Request, Response};

impl Core {
    pub(super) fn send(&mut self, flow: Flow, bytes: Bytes) {
        self.record_sent(flow, &bytes);
        self.out.push_back(Output::Send { flow, bytes });
    }

    /// Begins a client transaction.
    pub(super) fn send_request(
        &mut self,
        now: Time,
        request: Request,
        flow: Flow,
        owner: Owner,
    ) -> ClientKey {
        let key = ClientKey::of_request(&request);
        let transaction = ClientTransaction::new(now, request, flow, &self.config.timers);
        self.send(flow, transaction.wire());
        self.alarms.set(Alarm::Client(key.clone()), transaction.deadline());
        self.clients.insert(key.clone(), Client { transaction, owner, forks: Vec::new() });
        key
    }

    /// Answers in a server transaction. Ignored when it already has its final answer.
    pub(super) fn respond(&mut self, now: Time, key: &ServerKey, mut response: Response) {
        response.headers.push("Server", self.config.user_agent.as_str());
        if self.forget_with_answer(key, &response).is_some() {
            return;
        }
        let Some(server) = self.servers.get_mut(key) else {
            return;
        };
        let flow = server.transaction.reply;
        if let Some(bytes) = server.transaction.answer(now, &response, &self.config.timers) {
            let deadline = server.transaction.deadline();
            self.alarms.set(Alarm::Server(key.clone()), deadline);
            self.send(flow, bytes);
        }
    }

    /// Answers with a bare code and further headers.
    pub(super) fn refuse(&mut self, now: Time, key: &ServerKey, code: u16, extra: &[(&str, &str)]) {
        let tag = self.answer_tag(key);
        let Some(server) = self.servers.get(key) else {
            return;
        };
        let mut response = server.transaction.request.answer(code, &tag);
        for (name, value) in extra {
            response.headers.push(name, *value);
        }
        self.respond(now, key, response);
    }

    /// How we name ourselves to who is at the other end.
    pub(super) fn own_name(&self, flow: &Flow) -> String {
        flow.local_name(&self.config.public.borrow())
    }

    /// Via, Max-Forwards and User-Agent of a new request; returns its headers to fill.
    pub(super) fn new_headers(&mut self, flow: &Flow) -> Headers {
        let mut headers = Headers::default();
        // RFC 3581 section 3: we always ask for symmetric answers.
        headers.push(
            "Via",
            format!(
                "SIP/2.0/{} {};branch={};rport",
                flow.transport.token(),
                self.own_name(flow),
                self.dice.branch()
            ),
        );
        headers.push("Max-Forwards", "70");
        headers.push("User-Agent", self.config.user_agent.as_str());
        headers
    }
}
