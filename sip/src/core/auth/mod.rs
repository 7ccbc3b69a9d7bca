//! Who sent a request: digest, or a trunk's address.

mod flood;
mod hash;
mod nonce;
mod reply;
mod verify;

pub(super) use flood::Flood;
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

/// A request that waits for the directory.
#[derive(Debug)]
pub(super) enum Question {
    /// Does the digest fit the device?
    Digest { flow: Flow, claim: Claim },
    /// Is there a device with the name in From? Then it must prove itself.
    Caller { flow: Flow },
}

impl Core {
    /// Finds out who sent an INVITE or a REGISTER that begins something.
    pub(super) fn authenticate(&mut self, now: Time, key: &ServerKey, flow: Flow, request: Request) {
        match Claim::read(&request, &self.config.realm) {
            Some(claim) => self.check_claim(now, key, flow, claim),
            None if self.silenced(now, &flow) => self.forget_silently(key),
            None if request.method == Method::Invite => {
                let caller = request.head.from.sip_uri().map(|uri| uri.user);
                match caller.filter(|user| is_name(user)) {
                    Some(user) => self.ask(key, user, Question::Caller { flow }),
                    None => self.by_address(now, key, flow, &request),
                }
            }
            None => self.challenge(now, key, false),
        }
    }

    fn check_claim(&mut self, now: Time, key: &ServerKey, flow: Flow, claim: Claim) {
        match self.nonces.check(now, &claim.nonce) {
            Ok(()) if is_name(&claim.username) => {
                let username = claim.username.clone();
                self.ask(key, username, Question::Digest { flow, claim });
            }
            Ok(()) => self.wrong_answer(now, key, &flow),
            Err(nonce::BadNonce::Stale) => self.challenge(now, key, true),
            // A nonce of another realm or of our life before a restart: a new one is due, and
            // no password was guessed.
            Err(nonce::BadNonce::Forged) if self.silenced(now, &flow) => self.forget_silently(key),
            Err(nonce::BadNonce::Forged) => self.challenge(now, key, true),
        }
    }

    fn ask(&mut self, key: &ServerKey, username: String, question: Question) {
        let ticket = self.new_ticket();
        self.questions.insert(ticket, (key.clone(), question));
        self.out.push_back(Output::Lookup { ticket, username });
    }

    /// The directory's answer to [`Output::Lookup`].
    pub fn looked_up(&mut self, now: Time, ticket: Ticket, found: Result<Option<Device>, DirectoryError>) {
        let Some((key, question)) = self.questions.remove(&ticket) else {
            return;
        };
        let open = self.servers.get(&key).is_some_and(|s| s.transaction.is_open());
        let Some(request) = self.request_of(&key).filter(|_| open) else {
            // Cancelled meanwhile.
            return;
        };
        let Ok(device) = found else {
            self.refuse(now, &key, 503, &[("Retry-After", super::inbound::RETRY_AFTER_S)]);
            return;
        };
        match question {
            Question::Caller { flow } => match device {
                Some(_) => self.challenge(now, &key, false),
                None => self.by_address(now, &key, flow, &request),
            },
            Question::Digest { flow, claim } => {
                self.prove(now, &key, flow, &request, &claim, device);
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
        // An unknown user costs the same work and gets the same answer as a wrong password.
        let ha1 = match (&device, claim.algorithm) {
            (Some(device), Algorithm::Md5) => device.ha1_md5.as_str(),
            (Some(device), Algorithm::Sha256) => device.ha1_sha256.as_str(),
            (None, _) => "",
        };
        let right = claim.fits(request, ha1);
        let Some(device) = device.filter(|_| right) else {
            self.wrong_answer(now, key, &flow);
            return;
        };
        if self.nonces.spend(now, &claim.nonce, claim.nc).is_err() {
            self.challenge(now, key, true);
            return;
        }
        match request.method {
            Method::Register => self.register(now, key, flow, request, &device.username),
            _ => self.admit(now, key, flow, request, Origin::Device(device.username)),
        }
    }

    /// No proof by password: perhaps the source address is a trunk's.
    fn by_address(&mut self, now: Time, key: &ServerKey, flow: Flow, request: &Request) {
        match self.trunk_of(&flow) {
            Some(trunk) => self.admit(now, key, flow, request, Origin::Trunk(trunk)),
            None => self.challenge(now, key, false),
        }
    }

    fn trunk_of(&self, flow: &Flow) -> Option<String> {
        let source = flow.remote.ip();
        self.config
            .trunks
            .iter()
            .find(|trunk| trunk.sources.iter().any(|net| net.contains(source)))
            .map(|trunk| trunk.name.clone())
    }

    /// 401 with one challenge for each algorithm, the strongest first (RFC 8760 section 2.3).
    fn challenge(&mut self, now: Time, key: &ServerKey, stale: bool) {
        let nonce = self.nonces.make(now, &mut self.dice);
        let realm = crate::wire::quoted(&self.config.realm);
        let stale = if stale { ", stale=true" } else { "" };
        let ask = |algorithm: Algorithm| {
            format!(
                "Digest realm={realm}, nonce=\"{nonce}\", algorithm={}, qop=\"auth\"{stale}",
                algorithm.token()
            )
        };
        let (sha256, md5) = (ask(Algorithm::Sha256), ask(Algorithm::Md5));
        let extra = [("WWW-Authenticate", &*sha256), ("WWW-Authenticate", &*md5)];
        self.refuse(now, key, 401, &extra);
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

fn is_name(user: &str) -> bool {
    !user.is_empty() && user.len() <= USERNAME_MAX_BYTES && !user.chars().any(char::is_control)
}
