//! The DTLS handshake that gives a leg its SRTP keys (RFC 5763, RFC 5764).
//!
//! A handshake that fails is thrown away and begun anew by the next packet, within a bound: the
//! far end may have restarted, and a forged packet must not end a call. Keys in use stay until new
//! ones are there.

use std::sync::Arc;
use std::time::Instant;

use dimpl::{Dtls, Output};

use super::identity::{Fingerprint, Identity, fingerprint_of, profile_of};
use super::keys::MasterKey;
use super::srtp::Srtp;

/// Room for one record: more than the handshake's MTU of 1150 bytes.
const RECORD_LIMIT_BYTES: usize = 2_048;
/// Outputs taken after one input: a flight is a handful of records, and each ends with a timeout.
const OUTPUTS_LIMIT: usize = 64;
/// Handshakes begun for one agreement: a far end that cannot finish four of them cannot at all, and
/// each costs us a signature.
const ATTEMPTS_LIMIT: u32 = 4;

/// What signalling says of the far end's DTLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Agreement {
    /// What its certificate must hash to.
    pub fingerprint: Fingerprint,
    /// We begin (`a=setup:active` on our side).
    pub we_begin: bool,
}

/// One leg's handshake.
pub(crate) struct Handshake {
    identity: Arc<Identity>,
    agreement: Option<Agreement>,
    state: State,
    attempts: u32,
}

enum State {
    /// Nothing begun.
    Idle,
    Running(Box<Running>),
}

struct Running {
    dtls: Dtls,
    next: Option<Instant>,
    /// Keys that wait for the certificate to be seen.
    keys: Option<(MasterKey, MasterKey)>,
    is_vouched_for: bool,
    record: Box<[u8; RECORD_LIMIT_BYTES]>,
}

/// What became of an input.
#[derive(Default)]
pub(crate) struct Progress {
    /// The handshake is done: ours and theirs.
    pub keys: Option<Box<Srtp>>,
    /// It failed, and why; for the log.
    pub failed: Option<String>,
}

impl Handshake {
    pub(crate) fn new(identity: Arc<Identity>) -> Handshake {
        Handshake { identity, agreement: None, state: State::Idle, attempts: 0 }
    }

    /// Signalling has spoken. Another certificate means another association (RFC 8842 section 4):
    /// the handshake begins anew. The same words change nothing.
    pub(crate) fn agreed(&mut self, agreement: Agreement) {
        if self.agreement.is_none_or(|before| before.fingerprint != agreement.fingerprint) {
            self.state = State::Idle;
            self.attempts = 0;
            self.agreement = Some(agreement);
        }
    }

    /// The far end can be reached: we begin, if that is our part and not done.
    pub(crate) fn begin(&mut self, now: Instant, send: &mut dyn FnMut(&[u8])) -> Progress {
        match (&self.state, self.agreement) {
            (State::Idle, Some(agreement)) if agreement.we_begin => self.drive(now, None, send),
            _ => Progress::default(),
        }
    }

    /// A DTLS record came. Before signalling has spoken there is nobody to trust: the far end
    /// repeats itself.
    pub(crate) fn input(&mut self, now: Instant, datagram: &[u8], send: &mut dyn FnMut(&[u8])) -> Progress {
        if self.agreement.is_none() {
            return Progress::default();
        }
        self.drive(now, Some(datagram), send)
    }

    /// Repeats what was not answered.
    pub(crate) fn poll(&mut self, now: Instant, send: &mut dyn FnMut(&[u8])) -> Progress {
        match &self.state {
            State::Running(running) if running.next.is_some_and(|next| next <= now) => {
                self.drive(now, None, send)
            }
            _ => Progress::default(),
        }
    }

    fn drive(&mut self, now: Instant, datagram: Option<&[u8]>, send: &mut dyn FnMut(&[u8])) -> Progress {
        let Some(agreement) = self.agreement else {
            return Progress::default();
        };
        if let State::Idle = self.state {
            if self.attempts >= ATTEMPTS_LIMIT {
                return Progress::default();
            }
            self.attempts += 1;
            self.state = State::Running(Box::new(Running::new(&self.identity, agreement.we_begin, now)));
        }
        let State::Running(running) = &mut self.state else {
            return Progress::default();
        };
        match running.drive(now, datagram, agreement, send) {
            Ok(keys) => Progress { keys, failed: None },
            Err(failed) => {
                self.state = State::Idle;
                Progress { keys: None, failed: Some(failed) }
            }
        }
    }
}

impl Running {
    fn new(identity: &Identity, we_begin: bool, now: Instant) -> Running {
        let mut dtls = Dtls::new_auto(identity.config.clone(), identity.certificate.clone(), now);
        if we_begin {
            dtls.set_active(true);
        }
        Running {
            dtls,
            next: None,
            keys: None,
            is_vouched_for: false,
            record: Box::new([0; RECORD_LIMIT_BYTES]),
        }
    }

    fn drive(
        &mut self,
        now: Instant,
        datagram: Option<&[u8]>,
        agreement: Agreement,
        send: &mut dyn FnMut(&[u8]),
    ) -> Result<Option<Box<Srtp>>, String> {
        let said = |e: dimpl::Error| e.to_string();
        self.dtls.handle_timeout(now).map_err(said)?;
        self.take_outputs(agreement, send)?;
        if let Some(datagram) = datagram {
            self.dtls.handle_packet(datagram).map_err(said)?;
            self.take_outputs(agreement, send)?;
        }
        match self.keys.take_if(|_| self.is_vouched_for) {
            Some((ours, theirs)) => Ok(Srtp::new(ours, theirs).map(Box::new)),
            None => Ok(None),
        }
    }

    fn take_outputs(&mut self, agreement: Agreement, send: &mut dyn FnMut(&[u8])) -> Result<(), String> {
        let we_began = self.dtls.is_active();
        for _ in 0..OUTPUTS_LIMIT {
            match self.dtls.poll_output(&mut self.record[..]) {
                Output::Packet(record) => send(record),
                Output::PeerCert(certificate) => {
                    // RFC 8122 section 5.
                    if fingerprint_of(certificate) != agreement.fingerprint {
                        return Err("certificate is not the one that signalling named".to_owned());
                    }
                    self.is_vouched_for = true;
                }
                Output::KeyingMaterial(material, chosen) => {
                    let profile = profile_of(chosen).ok_or("unknown SRTP profile")?;
                    let [client, server] = split(profile, &material).ok_or("keys of the wrong length")?;
                    self.keys = Some(if we_began { (client, server) } else { (server, client) });
                }
                Output::Timeout(at) => {
                    self.next = Some(at);
                    return Ok(());
                }
                Output::BufferTooSmall { needed } => return Err(format!("a record of {needed} bytes")),
                // SRTP outlives the association that gave it its keys.
                Output::CloseNotify | Output::Connected | Output::ApplicationData(_) => {}
                _ => {}
            }
        }
        Err("the handshake does not come to rest".to_owned())
    }
}

/// RFC 5764 section 4.2: the client's key, the server's, then their salts.
fn split(profile: super::keys::Profile, material: &[u8]) -> Option<[MasterKey; 2]> {
    let (key, salt) = (profile.key_bytes(), profile.salt_bytes());
    let (keys, salts) = material.split_at_checked(2 * key)?;
    let salts = salts.get(..2 * salt)?;
    Some([
        MasterKey::new(profile, &keys[..key], &salts[..salt])?,
        MasterKey::new(profile, &keys[key..], &salts[salt..])?,
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(identity: &Arc<Identity>, fingerprint: Fingerprint, we_begin: bool) -> Handshake {
        let mut handshake = Handshake::new(identity.clone());
        handshake.agreed(Agreement { fingerprint, we_begin });
        handshake
    }

    /// Lets both speak until neither has anything to say; a datagram takes no time.
    fn shake(client: &mut Handshake, server: &mut Handshake) -> [Option<Box<Srtp>>; 2] {
        let now = Instant::now();
        let mut to_server = Vec::new();
        let mut to_client = Vec::new();
        let mut keys = [None, None];
        client.begin(now, &mut |record| to_server.push(record.to_vec()));
        for _ in 0..20 {
            for record in std::mem::take(&mut to_server) {
                let progress = server.input(now, &record, &mut |record| to_client.push(record.to_vec()));
                keys[1] = progress.keys.or(keys[1].take());
            }
            for record in std::mem::take(&mut to_client) {
                let progress = client.input(now, &record, &mut |record| to_server.push(record.to_vec()));
                keys[0] = progress.keys.or(keys[0].take());
            }
        }
        keys
    }

    #[test]
    fn both_ends_get_keys_that_fit() {
        let (a, b) =
            (Arc::new(Identity::generate().expect("made")), Arc::new(Identity::generate().expect("made")));
        let mut client = side(&a, b.fingerprint, true);
        let mut server = side(&b, a.fingerprint, false);
        let [Some(mut near), Some(mut far)] = shake(&mut client, &mut server) else {
            panic!("no keys");
        };
        let mut packet = [0x80; 64];
        packet[..12].copy_from_slice(&[0x80, 0, 0, 9, 0, 0, 0, 0, 1, 2, 3, 4]);
        let plain = packet;
        let sealed = near.seal_rtp(&mut packet, 32).expect("sealed");
        assert_eq!(far.open_rtp(&mut packet[..sealed]), Some(32));
        assert_eq!(packet[..32], plain[..32]);
    }

    #[test]
    fn a_certificate_that_signalling_did_not_name_gets_nothing() {
        let (a, b) =
            (Arc::new(Identity::generate().expect("made")), Arc::new(Identity::generate().expect("made")));
        let mut client = side(&a, b.fingerprint, true);
        let mut server = side(&b, [7; 32], false);
        let [_, far] = shake(&mut client, &mut server);
        assert!(far.is_none());
        assert!(server.attempts <= ATTEMPTS_LIMIT);
    }

    #[test]
    fn before_signalling_nobody_is_trusted() {
        let identity = Arc::new(Identity::generate().expect("made"));
        let mut early = Handshake::new(identity);
        let mut sent = 0;
        let progress = early.input(Instant::now(), &[22; 60], &mut |_| sent += 1);
        assert!(progress.keys.is_none() && progress.failed.is_none() && sent == 0);
    }
}
