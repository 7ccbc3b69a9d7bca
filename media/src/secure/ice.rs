//! The lite end of ICE (RFC 8445 section 2.5): we answer checks and go where the browser nominates.
//!
//! A lite end has a public address, asks nothing and is always controlled. What proves a check is
//! our own password, which only signalling has seen; so an address from which a valid check came
//! belongs to whoever signalled.

use std::time::{Duration, Instant};

use is::stun::StunMessage;
use is::{DefaultSha1HmacProvider, Sha1HmacProvider as _};

use crate::net::Way;

/// Ways remembered: a browser checks from each of its networks, twice with IPv6, and again over TCP.
const WAYS_LIMIT: usize = 16;
/// Checks answered in a second: a browser with many networks sends 50 at first, then two.
const CHECKS_A_SECOND_LIMIT: u32 = 100;
/// RFC 7675 section 5.1: consent to send ends 30 s after the last valid check.
const CONSENT: Duration = Duration::from_secs(30);
/// Bytes of an answer: header, mapped address of IPv6, error, integrity, fingerprint.
pub(crate) const ANSWER_LIMIT_BYTES: usize = 128;
/// Characters of our user fragment: 48 bits, so that nobody guesses one (RFC 8445 section 5.3).
pub(crate) const UFRAG_BYTES: usize = 8;
/// Characters of our password: 144 bits.
pub(crate) const PASSWORD_BYTES: usize = 24;

/// Our fragment and password: what a check must know.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct IceCredentials {
    ufrag: [u8; UFRAG_BYTES],
    password: [u8; PASSWORD_BYTES],
}

impl std::fmt::Debug for IceCredentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "IceCredentials({})", self.ufrag())
    }
}

impl IceCredentials {
    /// New ones.
    pub(crate) fn random() -> IceCredentials {
        IceCredentials { ufrag: ice_chars(), password: ice_chars() }
    }

    /// As in `a=ice-ufrag`.
    pub(crate) fn ufrag(&self) -> &str {
        text(&self.ufrag)
    }

    /// As in `a=ice-pwd`.
    pub(crate) fn password(&self) -> &str {
        text(&self.password)
    }

    /// The fragment as the browsers' port looks it up.
    pub(crate) fn ufrag_key(&self) -> [u8; UFRAG_BYTES] {
        self.ufrag
    }
}

/// Random characters of RFC 8839 section 5.4's alphabet.
fn ice_chars<const N: usize>() -> [u8; N] {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let random: [u8; N] = std::array::from_fn(|_| rand::random());
    random.map(|byte| ALPHABET[usize::from(byte & 63)])
}

fn text(chars: &[u8]) -> &str {
    // Made of the alphabet, which is ASCII.
    std::str::from_utf8(chars).unwrap_or_default()
}

/// One browser's checks.
pub(crate) struct IceLite {
    credentials: IceCredentials,
    /// From where valid checks came, the oldest first.
    ways: Vec<Way>,
    nominated: Option<Way>,
    /// When the last valid check came.
    checked: Option<Instant>,
    second: Option<(Instant, u32)>,
}

/// What a valid check means.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Checked {
    /// Bytes of the answer, to be sent back to where the check came from.
    pub answer_bytes: usize,
    /// The way was not known before.
    pub is_new: bool,
    /// Our packets go here from now on.
    pub moved_to: Option<Way>,
}

impl IceLite {
    pub(crate) fn new(credentials: IceCredentials) -> IceLite {
        IceLite { credentials, ways: Vec::new(), nominated: None, checked: None, second: None }
    }

    /// Signalling restarts (RFC 8445 section 9): checks need the new password. What was nominated
    /// stays until the new checks nominate, so that voice does not break off.
    pub(crate) fn restart(&mut self, credentials: IceCredentials) {
        self.credentials = credentials;
    }

    pub(crate) fn credentials(&self) -> &IceCredentials {
        &self.credentials
    }

    /// Where our packets go.
    pub(crate) fn target(&self) -> Option<Way> {
        self.nominated
    }

    /// Whether a valid check came from there.
    pub(crate) fn knows(&self, way: Way) -> bool {
        self.ways.contains(&way)
    }

    /// As if no check had come from there.
    pub(crate) fn forget(&mut self, way: Way) {
        self.ways.retain(|known| *known != way);
    }

    /// A way is there no more. True if our packets went there: they wait until a check comes by
    /// another.
    pub(crate) fn lost(&mut self, way: Way) -> bool {
        self.forget(way);
        let was_nominated = self.nominated == Some(way);
        if was_nominated {
            self.nominated = None;
        }
        was_nominated
    }

    /// How long consent has been gone, if it has.
    pub(crate) fn consent_lost(&self, now: Instant) -> Option<Duration> {
        let silent = now.duration_since(self.checked?);
        (silent >= CONSENT).then_some(silent)
    }

    /// Consent is gone: nothing may be sent until a check comes.
    pub(crate) fn withdraw(&mut self) {
        self.nominated = None;
        self.ways.clear();
        self.checked = None;
    }

    /// A STUN datagram. None if it is no valid check, or one too many.
    pub(crate) fn check(
        &mut self,
        now: Instant,
        from: Way,
        datagram: &[u8],
        answer: &mut [u8; ANSWER_LIMIT_BYTES],
    ) -> Option<Checked> {
        if !self.has_time_for(now) {
            return None;
        }
        let message = StunMessage::parse(datagram).ok()?;
        let (ours, _theirs) = message.split_username()?;
        let password = self.credentials.password.as_slice();
        let is_valid = message.is_binding_request()
            && ours == self.credentials.ufrag()
            && message.verify(password, sha1_hmac);
        if !is_valid {
            return None;
        }
        // RFC 8445 section 7.3.1.1: a lite end is controlled; who claims the same must change over.
        let reply = if message.ice_controlled().is_some() {
            StunMessage::binding_role_conflict_reply(message.trans_id())
        } else {
            StunMessage::binding_reply(message.trans_id(), from.addr)
        };
        let answer_bytes = reply.to_bytes(Some(password), answer, sha1_hmac).ok()?;
        if message.ice_controlled().is_some() {
            return Some(Checked { answer_bytes, is_new: false, moved_to: None });
        }
        self.checked = Some(now);
        let is_new = self.remember(from);
        // Before the browser has chosen, the first path that works is as good as any.
        let moves = self.nominated != Some(from) && (message.use_candidate() || self.nominated.is_none());
        if moves {
            self.nominated = Some(from);
        }
        Some(Checked { answer_bytes, is_new, moved_to: moves.then_some(from) })
    }

    fn remember(&mut self, way: Way) -> bool {
        if self.knows(way) {
            return false;
        }
        if self.ways.len() >= WAYS_LIMIT {
            self.ways.remove(0);
        }
        self.ways.push(way);
        true
    }

    fn has_time_for(&mut self, now: Instant) -> bool {
        match &mut self.second {
            Some((began, count)) if now.duration_since(*began) < Duration::from_secs(1) => {
                *count += 1;
                *count <= CHECKS_A_SECOND_LIMIT
            }
            second => {
                *second = Some((now, 1));
                true
            }
        }
    }
}

/// The fragment of ours that a check names, to find its leg. None if it is no check.
pub(crate) fn ufrag_of(datagram: &[u8]) -> Option<[u8; UFRAG_BYTES]> {
    let message = StunMessage::parse(datagram).ok()?;
    if !message.is_binding_request() {
        return None;
    }
    let (ours, _theirs) = message.split_username()?;
    ours.as_bytes().try_into().ok()
}

fn sha1_hmac(key: &[u8], payloads: &[&[u8]]) -> [u8; 20] {
    DefaultSha1HmacProvider.sha1_hmac(key, payloads)
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use is::stun::TransId;

    use super::*;
    use crate::net::ConnectionId;

    fn check(lite: &IceLite, nominates: bool, password: &str) -> Vec<u8> {
        let username = format!("{}:them", lite.credentials.ufrag());
        let message = StunMessage::binding_request(&username, TransId::new(), true, 7, 1_000, nominates);
        let mut bytes = vec![0; 256];
        let length = message.to_bytes(Some(password.as_bytes()), &mut bytes, sha1_hmac).expect("room");
        bytes.truncate(length);
        bytes
    }

    fn addr(port: u16) -> Way {
        SocketAddr::from(([192, 0, 2, 1], port)).into()
    }

    #[test]
    fn only_who_knows_the_password_is_answered() {
        let now = Instant::now();
        let mut answer = [0; ANSWER_LIMIT_BYTES];
        let mut lite = IceLite::new(IceCredentials::random());
        let forged = check(&lite, true, "not the password at all!");
        assert_eq!(ufrag_of(&forged), Some(lite.credentials.ufrag_key()));
        assert_eq!(lite.check(now, addr(1), &forged, &mut answer), None);
        assert_eq!(lite.target(), None);
        let password = lite.credentials.password().to_owned();
        let checked = lite.check(now, addr(1), &check(&lite, false, &password), &mut answer).expect("valid");
        assert!(checked.is_new && checked.moved_to == Some(addr(1)));
        let reply = StunMessage::parse(&answer[..checked.answer_bytes]).expect("a reply");
        assert!(reply.is_successful_binding_response());
        assert!(reply.verify(password.as_bytes(), sha1_hmac));
        assert_eq!(reply.mapped_address(), Some(addr(1).addr));
    }

    #[test]
    fn the_browser_chooses_and_consent_ends() {
        let start = Instant::now();
        let mut answer = [0; ANSWER_LIMIT_BYTES];
        let mut lite = IceLite::new(IceCredentials::random());
        let password = lite.credentials.password().to_owned();
        let mut at = |lite: &mut IceLite, port, nominates| {
            let datagram = check(lite, nominates, &password);
            lite.check(start, addr(port), &datagram, &mut answer).expect("valid").moved_to
        };
        assert_eq!(at(&mut lite, 1, false), Some(addr(1)));
        assert_eq!(at(&mut lite, 2, false), None, "a path that works already");
        assert_eq!(at(&mut lite, 2, true), Some(addr(2)));
        assert_eq!(lite.consent_lost(start + Duration::from_secs(29)), None);
        assert!(lite.consent_lost(start + CONSENT).is_some());
        lite.withdraw();
        assert!(lite.target().is_none() && !lite.knows(addr(2)));
    }

    #[test]
    fn a_connection_that_is_gone_is_no_way() {
        let now = Instant::now();
        let mut answer = [0; ANSWER_LIMIT_BYTES];
        let mut lite = IceLite::new(IceCredentials::random());
        let password = lite.credentials.password().to_owned();
        let datagram = check(&lite, true, &password);
        let by_tcp = |number| Way { connection: Some(ConnectionId(number)), ..addr(1) };
        for way in [addr(1), by_tcp(7), by_tcp(8)] {
            let checked = lite.check(now, way, &datagram, &mut answer).expect("valid");
            assert!(checked.is_new, "one address, three ways");
            assert_eq!(checked.moved_to, Some(way));
        }
        assert!(!lite.lost(by_tcp(7)), "nothing went there");
        assert!(lite.lost(by_tcp(8)));
        assert_eq!(lite.target(), None);
        let again = check(&lite, false, &password);
        let checked = lite.check(now, addr(1), &again, &mut answer).expect("valid");
        assert_eq!((checked.is_new, checked.moved_to), (false, Some(addr(1))), "what is left will do");
    }

    #[test]
    fn floods_and_restarts() {
        let now = Instant::now();
        let mut answer = [0; ANSWER_LIMIT_BYTES];
        let mut lite = IceLite::new(IceCredentials::random());
        let password = lite.credentials.password().to_owned();
        let datagram = check(&lite, true, &password);
        let answered = (0..300u16).filter(|n| lite.check(now, addr(*n), &datagram, &mut answer).is_some());
        assert_eq!(answered.count(), 100);
        assert_eq!(lite.ways.len(), WAYS_LIMIT);
        let later = now + Duration::from_secs(1);
        lite.restart(IceCredentials::random());
        assert_eq!(lite.check(later, addr(1), &datagram, &mut answer), None, "the old password");
        assert!(lite.target().is_some(), "voice goes on meanwhile");
    }
}
