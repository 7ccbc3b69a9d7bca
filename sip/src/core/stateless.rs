//! Refusals that leave nothing behind (RFC 3261 section 8.2.7): a stranger's request costs an
//! answer, and its copies get the same answer again.

use super::{Core, auth::keyed_token, flow::Flow, transaction::ServerKey};
use crate::wire::{Method, Request, Response};

impl Core {
    /// Whether the refusal of a fresh request is kept with its transaction until the peer has
    /// it. For a trunk's INVITE it is: its caller waits for a final answer, and a copy that comes
    /// late must not become a call. Whatever a password proves is kept as well, see
    /// [`Core::keep_server`]; the rest can be asked again and gets the same answer.
    pub(super) fn keeps_refusal(&self, flow: &Flow, request: &Request) -> bool {
        request.method == Method::Invite && self.trunk_of(flow).is_some()
    }

    /// From now on the answers of this transaction are kept: who sent it is known.
    pub(super) fn keep_server(&mut self, key: &ServerKey) {
        if let Some(server) = self.servers.get_mut(key) {
            server.kept = true;
        }
    }

    /// The To tag of an answer outside any dialog: the same for every copy of the request, and
    /// nobody else can make it.
    pub(super) fn answer_tag(&self, key: &ServerKey) -> String {
        keyed_token(&self.tag_key, key.text())
    }

    /// The final answer to a request of which nothing is kept. `None` when its transaction is to
    /// be kept.
    pub(super) fn forget_with_answer(&mut self, key: &ServerKey, response: &Response) -> Option<()> {
        let server = self.servers.get(key)?;
        if server.kept || server.leg.is_some() || !response.is_final() || !server.transaction.is_open() {
            return None;
        }
        let reply = server.transaction.reply;
        self.forget_server(key);
        self.send(reply, response.to_bytes());
        Some(())
    }

    /// One answer to a request that gets no transaction at all.
    pub(super) fn answer_without_state(
        &mut self,
        reply: Flow,
        request: &Request,
        code: u16,
        extra: &[(&str, &str)],
    ) {
        let tag = self.answer_tag(&ServerKey::of(request));
        let mut response = request.answer(code, &tag);
        for (name, value) in extra {
            response.headers.push(name, *value);
        }
        self.send(reply, response.to_bytes());
    }
}
