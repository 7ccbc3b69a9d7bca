//! Answers to the challenges that a leg's own requests meet (RFC 3261 section 22.2).

use super::state::LegState;
use crate::{
    Credentials,
    core::{Core, Owner, auth, time::Time, transaction::ClientKey},
    wire::{Method, Response},
};

/// Headers of a request inside a dialog that its copy with credentials needs as well.
const COPIED: [&str; 9] = [
    "Reason",
    "Content-Type",
    "Allow",
    "Supported",
    "Session-Expires",
    "Min-SE",
    "RAck",
    "Event",
    "Subscription-State",
];

/// Headers that prove who we are.
const PROOFS: [&str; 2] = ["Authorization", "Proxy-Authorization"];

/// Challenges that are answered for one request: one of a proxy and one of the peer, and one
/// more for a nonce that went stale between them.
const CHALLENGES_MAX: u8 = 3;

/// What a leg can say about itself, and has said for the request under way.
#[derive(Debug, Default)]
pub(crate) struct Login {
    credentials: Option<Credentials>,
    challenges: u8,
    /// Header names and values, for the next copy of the request.
    pub answers: Vec<(&'static str, String)>,
}

impl Login {
    pub fn new(credentials: Option<Credentials>) -> Self {
        Self { credentials, ..Self::default() }
    }

    /// Another request begins: what was said for the one before does not count.
    pub fn begin(&mut self) {
        self.challenges = 0;
        self.answers.clear();
    }

    /// Notes the answer to a 401 or 407. False when there is none, or none that is new.
    pub fn answer(&mut self, response: &Response, method: &str, uri: &str, cnonce: &str) -> bool {
        let Some(credentials) = self.credentials.as_ref().filter(|_| self.challenges < CHALLENGES_MAX) else {
            return false;
        };
        let answer = auth::answer(response, method, uri, credentials, cnonce, &self.answers);
        let Some((name, value)) = answer else {
            return false;
        };
        self.challenges += 1;
        self.answers.retain(|(known, _)| *known != name);
        self.answers.push((name, value));
        true
    }
}

impl Core {
    /// A request that nobody waits for (PRACK, INFO, NOTIFY) was challenged: it goes out once
    /// more with the answer, in its own dialog.
    pub(super) fn prove_once(&mut self, now: Time, leg: &mut LegState, key: &ClientKey, response: &Response) {
        let Some(refused) = self.clients.get(key).map(|client| client.transaction.request.clone()) else {
            return;
        };
        let alone = matches!(refused.method, Method::Prack | Method::Info | Method::Notify);
        let proven = PROOFS.iter().any(|name| refused.headers.get(name).is_some());
        let mut login = Login::new(leg.login.credentials.clone());
        let tag = refused.head.to_tag.as_deref().unwrap_or_default();
        let Some(dialog) = leg.dialog_with(tag).filter(|_| alone && !proven) else {
            return;
        };
        let flow = dialog.next_hop();
        let mut headers = self.new_headers(&flow);
        for name in COPIED {
            for value in refused.headers.all(name) {
                headers.push(name, value);
            }
        }
        dialog.local_seq = dialog.local_seq.saturating_add(1);
        let Ok(mut request) = dialog.request(headers, refused.method, dialog.local_seq, refused.body) else {
            return;
        };
        let cnonce = self.dice.token();
        if login.answer(response, request.method.as_str(), &request.uri, &cnonce) {
            for (name, value) in &login.answers {
                request.headers.push(name, value.as_str());
            }
            self.send_request(now, request, flow, Owner::Leg(leg.id));
        }
    }

    /// A request inside the dialog was challenged: sends it again with the answer, a new CSeq
    /// and a new branch. `None` when the refusal stands.
    pub(super) fn ask_again(
        &mut self,
        now: Time,
        leg: &mut LegState,
        key: &ClientKey,
        response: &Response,
    ) -> Option<ClientKey> {
        let refused = self.clients.get(key)?.transaction.request.clone();
        let flow = leg.dialog.next_hop();
        let mut headers = self.new_headers(&flow);
        for name in COPIED {
            for value in refused.headers.all(name) {
                headers.push(name, value);
            }
        }
        let cseq = leg.dialog.local_seq.saturating_add(1);
        let mut request = leg.dialog.request(headers, refused.method, cseq, refused.body).ok()?;
        let cnonce = self.dice.token();
        if !leg.login.answer(response, request.method.as_str(), &request.uri, &cnonce) {
            return None;
        }
        leg.dialog.local_seq = cseq;
        for (name, value) in &leg.login.answers {
            request.headers.push(name, value.as_str());
        }
        Some(self.send_request(now, request, flow, Owner::Leg(leg.id)))
    }
}
