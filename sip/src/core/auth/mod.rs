//! Who sent a request: digest, or a trunk's address.

mod flood;
mod hash;
mod nonce;
mod reply;
mod verify;

pub(super) use flood::Flood;
pub(super) use hash::keyed_token;
pub(super) use nonce::Nonces;
pub(super) use reply::answer;

use super::{Core, Output, Ticket, flow::Flow, time::Time, transaction::ServerKey};
use crate::{
    Device, DirectoryError, Origin,
    wire::{Method, Request},
};
use hash::Algorithm;
use verify::Claim;

/// Longest name that the directory is asked for.
const USERNAME_MAX_BYTES: usize = 128;

/// Secrets of a device that are tried.
const SECRETS_MAX: usize = 8;

/// A request that waits for the directory.
#[derive(Debug)]
pub(super) enum Question {
    /// Does the digest fit the device?
    Digest { flow: Flow, claim: Claim },
    /// Is there a device with that name? Then a caller must prove to be it, and whoever
    /// registers is asked with the algorithm that the device has a secret for.
    Name { flow: Flow },
}

impl Core {
    /// Finds out who sent an INVITE or a REGISTER that begins something.
    pub(super) fn authenticate(&mut self, now: Time, key: &ServerKey, flow: Flow, request: Request) {
        match Claim::read(&request, &self.config.realm) {
            Some(claim) => self.check_claim(now, key, flow, claim),
            None if self.silenced(now, &flow) => self.forget_silently(key),
            None => {
                let named = match request.method {
                    Method::Register => &request.head.to,
                    _ => &request.head.from,
                };
                match named.sip_uri().map(|uri| uri.user).filter(|user| is_name(user)) {
                    Some(user) => self.ask(key, user, Question::Name { flow }),
                    None if request.method != Method::Invite => {
                        self.challenge(now, key, Algorithm::Md5, false);
                    }
                    None => self.by_address(now, key, flow, &request),
                }
            }
        }
    }

    fn check_claim(&mut self, now: Time, key: &ServerKey, flow: Flow, claim: Claim) {
        match self.nonces.check(now, &claim.nonce) {
            Ok(()) if is_name(&claim.username) => {
                let username = claim.username.clone();
                self.ask(key, username, Question::Digest { flow, claim });
            }
            Ok(()) => self.wrong_answer(now, key, &flow),
            Err(nonce::BadNonce::Stale) => self.challenge(now, key, claim.algorithm, true),
            // A nonce of another realm or of our life before a restart: a new one is due, and
            // no password was guessed.
            Err(nonce::BadNonce::Forged) if self.silenced(now, &flow) => self.forget_silently(key),
            Err(nonce::BadNonce::Forged) => self.challenge(now, key, claim.algorithm, true),
        }
    }

    fn ask(&mut self, key: &ServerKey, username: String, question: Question) {
        let ticket = self.new_ticket();
        self.questions.insert(ticket, (key.clone(), question));
        self.out.push_back(Output::Lookup { ticket, username });
    }

    /// The directory's answer to [`Output::Lookup`].
    pub fn looked_up(&mut self, now: Time, ticket: Ticket, found: Result<Option<Device>, DirectoryError>) {
        self.record_time(now);
        let Some((key, question)) = self.questions.remove(&ticket) else {
            return;
        };
        self.answered(now, &key, question, found);
        let Some(cancel) = self.early_cancels.remove(&key) else {
            return;
        };
        // Section 9.2, late: what was refused meanwhile has its final answer.
        if let Some(leg) = self.servers.get(&key).and_then(|server| server.leg) {
            self.with_leg(now, leg, |core, leg| core.leg_cancelled(now, leg, &key, &cancel));
        }
    }

    fn answered(
        &mut self,
        now: Time,
        key: &ServerKey,
        question: Question,
        found: Result<Option<Device>, DirectoryError>,
    ) {
        let open = self.servers.get(key).is_some_and(|s| s.transaction.is_open());
        let Some(request) = self.request_of(key).filter(|_| open) else {
            return;
        };
        let Ok(device) = found else {
            self.refuse(now, key, 503, &[("Retry-After", super::inbound::RETRY_AFTER_S)]);
            return;
        };
        match question {
            Question::Name { flow } => match device {
                Some(device) => self.challenge(now, key, algorithm_of(&device), false),
                None if request.method != Method::Invite => {
                    self.challenge(now, key, Algorithm::Md5, false);
                }
                None => self.by_address(now, key, flow, &request),
            },
            Question::Digest { flow, claim } => {
                self.prove(now, key, flow, &request, &claim, device);
            }
        }
    }

    fn prove(
        &mut self,
        now: Time,
        key: &ServerKey,
        flow: Flow,
        request: &Request,
        claim: &Claim,
        device: Option<Device>,
    ) {
        let secrets = device.iter().flat_map(|device| &device.secrets).take(SECRETS_MAX);
        let ha1s = secrets.map(|secret| match claim.algorithm {
            Algorithm::Md5 => secret.ha1_md5.as_str(),
            Algorithm::Sha256 => secret.ha1_sha256.as_str(),
        });
        // An unknown user costs the same work and gets the same answer as a wrong password: of
        // every secret, and of one that fits nothing.
        let right = ha1s.chain([""]).fold(false, |right, ha1| claim.fits(request, ha1) | right);
        let Some(device) = device.filter(|_| right) else {
            self.wrong_answer(now, key, &flow);
            return;
        };
        if self.nonces.spend(now, &claim.nonce, claim.nc).is_err() {
            self.challenge(now, key, claim.algorithm, true);
            return;
        }
        // The nonce is spent: a copy would be taken for a replay, so it gets the answer that is
        // kept.
        self.keep_server(key);
        match request.method {
            Method::Register => self.register(now, key, flow, request, &device.username),
            Method::Subscribe => self.subscribe(now, key, flow, request, &device.username),
            _ => {
                self.refuse(now, key, 100, &[]);
                self.admit(now, key, flow, request, Origin::Device(device.username));
            }
        }
    }

    /// No proof by password: perhaps the source address is a trunk's.
    fn by_address(&mut self, now: Time, key: &ServerKey, flow: Flow, request: &Request) {
        match self.trunk_of(&flow) {
            Some(trunk) => self.admit(now, key, flow, request, Origin::Trunk(trunk)),
            None => self.challenge(now, key, Algorithm::Md5, false),
        }
    }

    pub(super) fn trunk_of(&self, flow: &Flow) -> Option<String> {
        if flow.transport.is_websocket() {
            // A browser, whatever machine it runs on.
            return None;
        }
        let source = flow.remote.ip();
        self.config
            .trunks
            .iter()
            .find(|trunk| trunk.sources.iter().any(|net| net.contains(source)))
            .map(|trunk| trunk.name.clone())
    }

    /// 401 with one challenge. RFC 8760 section 2.3 would allow one for each algorithm, but
    /// phones in wide use (baresip 1.0, SIPp 3.6) give up when they see one that they do not
    /// know, whatever else is offered.
    fn challenge(&mut self, now: Time, key: &ServerKey, algorithm: Algorithm, stale: bool) {
        let nonce = self.nonces.make(now, key.text());
        let realm = crate::wire::quoted(&self.config.realm);
        let stale = if stale { ", stale=true" } else { "" };
        let ask = format!(
            "Digest realm={realm}, nonce=\"{nonce}\", algorithm={}, qop=\"auth\"{stale}",
            algorithm.token()
        );
        self.refuse(now, key, 401, &[("WWW-Authenticate", &ask)]);
    }

    fn wrong_answer(&mut self, now: Time, key: &ServerKey, flow: &Flow) {
        let source = flow.remote.ip();
        if self.silenced(now, flow) {
            self.forget_silently(key);
            return;
        }
        if self.flood.note_failure(now, source) {
            tracing::warn!(%source, "too many wrong passwords: not answered for a minute");
        }
        self.refuse(now, key, 403, &[]);
    }

    /// A trunk's address is never silenced: its calls need no password.
    fn silenced(&self, now: Time, flow: &Flow) -> bool {
        self.flood.is_silenced(now, flow.remote.ip()) && self.trunk_of(flow).is_none()
    }

    /// No answer at all: the transaction goes, as if the request had been lost.
    fn forget_silently(&mut self, key: &ServerKey) {
        self.forget_server(key);
    }

    pub(super) fn new_ticket(&mut self) -> Ticket {
        self.next_ticket += 1;
        Ticket(self.next_ticket)
    }
}

/// MD5 while the device has a secret for it; the ones that must not use it have none.
fn algorithm_of(device: &Device) -> Algorithm {
    if device.secrets.iter().all(|secret| secret.ha1_md5.is_empty()) {
        Algorithm::Sha256
    } else {
        Algorithm::Md5
    }
}

fn is_name(user: &str) -> bool {
    !user.is_empty() && user.len() <= USERNAME_MAX_BYTES && !user.chars().any(char::is_control)
}
