//! How a leg's packets come and go: through which socket, and under which keys.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use mio::Interest;
use mio::net::UdpSocket;

use super::hub::{DATAGRAM_LIMIT_BYTES, Hub, SocketName};
use crate::browser::{BrowserEnd, Route};
use crate::net::{Closing, SocketPair, Way};
use crate::remote::{DtlsKeys, Protection};
use crate::secure::cipher::SEAL_LIMIT_BYTES;
use crate::secure::dtls::{Agreement, Handshake, Progress};
use crate::secure::ice::{ANSWER_LIMIT_BYTES, IceCredentials, IceLite};
use crate::secure::identity::Identity;
use crate::secure::srtp::Srtp;

/// Room for the largest packet, sealed.
pub(super) type SealBuffer = [u8; DATAGRAM_LIMIT_BYTES + SEAL_LIMIT_BYTES];

/// How a leg's packets come and go.
pub(super) struct Wire {
    pub sockets: Sockets,
    shield: Shield,
    /// RTCP shares the port of RTP.
    mux: bool,
}

/// Where they come in and go out.
pub(super) enum Sockets {
    Own(OwnSockets),
    /// The port of all browsers.
    Browser(BrowserEnd),
}

/// The leg's own two.
pub(super) struct OwnSockets {
    pub rtp: UdpSocket,
    pub rtcp: UdpSocket,
    rtp_port: u16,
    ipv6: bool,
}

enum Shield {
    Plain,
    Sdes(Box<Srtp>),
    Dtls(Box<DtlsShield>),
}

/// Keys by handshake.
struct DtlsShield {
    handshake: Handshake,
    ice: Option<IceLite>,
    srtp: Option<Box<Srtp>>,
}

/// What a datagram turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Came {
    /// RTP or RTCP, readable, this long.
    Media(usize),
    /// A handshake's record, to be given to [`Wire::shake`] if its source is no stranger's.
    Record,
    /// A valid check; our packets go there from now on, if a way stands here.
    Check(Option<Way>),
    /// Nothing of ours.
    Stranger,
    /// Media before there are keys.
    Early,
}

/// RFC 7983 section 7.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Stun,
    Dtls,
    Rtp,
    Rtcp,
    Other,
}

impl Kind {
    fn of(datagram: &[u8]) -> Kind {
        match (datagram.first(), datagram.get(1)) {
            (Some(0..=3), _) => Kind::Stun,
            (Some(20..=63), _) => Kind::Dtls,
            // RFC 5761 section 4.
            (Some(128..=191), Some(192..=223)) => Kind::Rtcp,
            (Some(128..=191), _) => Kind::Rtp,
            _ => Kind::Other,
        }
    }
}

impl Closing for OwnSockets {
    fn ports(&self) -> [u16; 2] {
        [self.rtp_port, self.rtp_port | 1]
    }
}

impl Wire {
    pub(super) fn own(pair: SocketPair) -> Wire {
        let sockets = Sockets::Own(OwnSockets {
            rtp: UdpSocket::from_std(pair.rtp),
            rtcp: UdpSocket::from_std(pair.rtcp),
            rtp_port: pair.rtp_port,
            ipv6: pair.ipv6,
        });
        Wire { sockets, shield: Shield::Plain, mux: false }
    }

    /// A browser's, which may check before signalling has said who it is.
    pub(super) fn browser(end: BrowserEnd, credentials: IceCredentials, identity: &Arc<Identity>) -> Wire {
        let shield = DtlsShield {
            handshake: Handshake::new(identity.clone()),
            ice: Some(IceLite::new(credentials)),
            srtp: None,
        };
        Wire { sockets: Sockets::Browser(end), shield: Shield::Dtls(Box::new(shield)), mux: true }
    }

    /// Has the worker poll the sockets, if they are the leg's own.
    pub(super) fn register(&mut self, hub: &mut Hub, call: usize, leg: usize) -> std::io::Result<()> {
        if let Sockets::Own(own) = &mut self.sockets {
            let name = |rtcp| SocketName { call, leg, rtcp }.token();
            hub.registry.register(&mut own.rtp, name(false), Interest::READABLE)?;
            hub.registry.register(&mut own.rtcp, name(true), Interest::READABLE)?;
        }
        Ok(())
    }

    /// Has what the kernel drops from them counted.
    pub(super) fn watch_drops(&self, hub: &Hub) {
        if let Sockets::Own(own) = &self.sockets {
            hub.drops.watch(own.ports());
        }
    }

    /// The leg is another session's from now on.
    pub(super) fn move_to(&mut self, route: Route) {
        if let Sockets::Browser(end) = &mut self.sockets {
            end.move_to(route);
        }
    }

    /// Has the worker poll them no longer.
    pub(super) fn deregister(&mut self, hub: &mut Hub) {
        if let Sockets::Own(own) = &mut self.sockets {
            for socket in [&mut own.rtp, &mut own.rtcp] {
                if let Err(e) = hub.registry.deregister(socket) {
                    tracing::debug!(error = %e, "socket not deregistered");
                }
            }
        }
    }

    /// Closes the sockets, or gives up the place on the browsers' port.
    pub(super) fn close(mut self, hub: &mut Hub) {
        self.deregister(hub);
        if let Sockets::Own(own) = self.sockets {
            hub.drops.close(Box::new(own));
        }
    }

    /// Whether RTCP shares the port of RTP.
    pub(super) fn muxes(&self) -> bool {
        self.mux
    }

    /// Whether addresses prove themselves by checks, so that no latch is needed.
    pub(super) fn has_ice(&self) -> bool {
        self.ice().is_some()
    }

    /// Where a browser is.
    pub(super) fn nominated(&self) -> Option<Way> {
        self.ice().and_then(IceLite::target)
    }

    /// A way as the socket wants it; none for one that it cannot go.
    pub(super) fn reachable(&self, way: impl Into<Way>) -> Option<Way> {
        let way = way.into();
        if way.connection.is_some() {
            return Some(way);
        }
        self.reachable_addr(way.addr).map(Way::from)
    }

    fn reachable_addr(&self, addr: SocketAddr) -> Option<SocketAddr> {
        if addr.port() == 0 || addr.ip().is_unspecified() {
            return None;
        }
        let ipv6 = match &self.sockets {
            Sockets::Own(own) => own.ipv6,
            Sockets::Browser(end) => end.ipv6(),
        };
        match (addr.ip(), ipv6) {
            (IpAddr::V4(_), false) | (IpAddr::V6(_), true) => Some(addr),
            (IpAddr::V4(ip), true) => Some(SocketAddr::new(ip.to_ipv6_mapped().into(), addr.port())),
            (IpAddr::V6(_), false) => None,
        }
    }

    /// Signalling has spoken.
    pub(super) fn protect(&mut self, identity: &Arc<Identity>, protection: Protection, mux: bool) {
        self.mux = mux || matches!(self.sockets, Sockets::Browser(_));
        match protection {
            // A browser's leg is never plain, whatever is said.
            Protection::Plain | Protection::Sdes { .. } if self.has_ice() => {}
            Protection::Plain => self.shield = Shield::Plain,
            Protection::Sdes { ours, theirs } => {
                let before = std::mem::replace(&mut self.shield, Shield::Plain);
                let srtp = match before {
                    Shield::Sdes(srtp) if srtp.has_keys(&ours, &theirs) => Some(srtp),
                    Shield::Sdes(srtp) => srtp.rekeyed(ours, theirs).map(Box::new),
                    Shield::Plain | Shield::Dtls(_) => Srtp::new(ours, theirs).map(Box::new),
                };
                // Without keys nothing may pass in the clear: a handshake that never comes.
                self.shield = match srtp {
                    Some(srtp) => Shield::Sdes(srtp),
                    None => DtlsShield::waiting(identity),
                };
            }
            Protection::Dtls(keys) => self.expect(identity, keys),
        }
    }

    fn expect(&mut self, identity: &Arc<Identity>, keys: DtlsKeys) {
        if !matches!(self.shield, Shield::Dtls(_)) {
            self.shield = DtlsShield::waiting(identity);
        }
        let Shield::Dtls(dtls) = &mut self.shield else {
            return;
        };
        dtls.handshake.agreed(Agreement { fingerprint: keys.fingerprint, we_begin: keys.we_begin });
        if let (Some(ice), Some(credentials), Sockets::Browser(end)) =
            (&mut dtls.ice, keys.ice, &self.sockets)
            && *ice.credentials() != credentials
        {
            end.expect(&credentials);
            ice.restart(credentials);
        }
    }

    /// Looks at a datagram, answers a check, and opens media in place.
    pub(super) fn came(&mut self, hub: &mut Hub, from: Way, datagram: &mut [u8]) -> Came {
        let kind = Kind::of(datagram);
        match (&mut self.shield, kind) {
            (Shield::Plain, _) => Came::Media(datagram.len()),
            (Shield::Sdes(srtp), Kind::Rtp) => media(srtp.open_rtp(datagram)),
            (Shield::Sdes(srtp), Kind::Rtcp) => media(srtp.open_rtcp(datagram)),
            (Shield::Dtls(dtls), Kind::Rtp | Kind::Rtcp) => {
                if dtls.ice.as_ref().is_some_and(|ice| !ice.knows(from)) {
                    return Came::Stranger;
                }
                match (&mut dtls.srtp, kind) {
                    (None, _) => Came::Early,
                    (Some(srtp), Kind::Rtp) => media(srtp.open_rtp(datagram)),
                    (Some(srtp), _) => media(srtp.open_rtcp(datagram)),
                }
            }
            (Shield::Dtls(_), Kind::Dtls) => Came::Record,
            (Shield::Dtls(_), Kind::Stun) => self.check(hub, from, datagram),
            (Shield::Sdes(_) | Shield::Dtls(_), _) => Came::Stranger,
        }
    }

    fn check(&mut self, hub: &mut Hub, from: Way, datagram: &[u8]) -> Came {
        let back = self.reachable(from);
        let (Shield::Dtls(dtls), Sockets::Browser(end)) = (&mut self.shield, &self.sockets) else {
            return Came::Stranger;
        };
        let Some(ice) = &mut dtls.ice else {
            return Came::Stranger;
        };
        let mut answer = [0; ANSWER_LIMIT_BYTES];
        let Some(checked) = ice.check(hub.now, from, datagram, &mut answer) else {
            return Came::Stranger;
        };
        if checked.is_new && !end.learn(from) {
            ice.forget(from);
        }
        if let Some(back) = back
            && end.send_to(&answer[..checked.answer_bytes], back).is_err()
        {
            hub.tally.send_errors += 1;
        }
        Came::Check(checked.moved_to)
    }

    /// Gives a record to the handshake, or lets it begin; what it answers goes to `to`. True once,
    /// when there are keys.
    pub(super) fn shake(&mut self, hub: &mut Hub, record: Option<&[u8]>, to: Option<Way>) -> bool {
        self.drive(hub, to, |handshake, now, send| match record {
            Some(record) => handshake.input(now, record, send),
            None => handshake.begin(now, send),
        })
    }

    /// Repeats what was not answered. True once, when there are keys.
    pub(super) fn poll(&mut self, hub: &mut Hub, to: Option<Way>) -> bool {
        self.drive(hub, to, |handshake, now, send| handshake.poll(now, send))
    }

    fn drive(
        &mut self,
        hub: &mut Hub,
        to: Option<Way>,
        step: impl FnOnce(&mut Handshake, Instant, &mut dyn FnMut(&[u8])) -> Progress,
    ) -> bool {
        let (Shield::Dtls(dtls), Some(to)) = (&mut self.shield, to) else {
            return false;
        };
        let (sockets, mut errors) = (&self.sockets, 0);
        let progress = step(&mut dtls.handshake, hub.now, &mut |record| {
            errors += u64::from(sockets.send_rtp(record, to).is_err());
        });
        hub.tally.send_errors += errors;
        if let Some(failed) = progress.failed {
            tracing::warn!(reason = %failed, "handshake failed");
        }
        let is_done = progress.keys.is_some();
        if is_done {
            dtls.srtp = progress.keys;
        }
        is_done
    }

    /// A connection is closed. True if our packets went there.
    pub(super) fn way_lost(&mut self, way: Way) -> bool {
        match &mut self.shield {
            Shield::Dtls(dtls) => dtls.ice.as_mut().is_some_and(|ice| ice.lost(way)),
            Shield::Plain | Shield::Sdes(_) => false,
        }
    }

    /// Ends sending to a browser that no longer consents; says how long it has been silent.
    pub(super) fn consent_lost(&mut self, now: Instant) -> Option<std::time::Duration> {
        let Shield::Dtls(dtls) = &mut self.shield else {
            return None;
        };
        let ice = dtls.ice.as_mut()?;
        let silent = ice.consent_lost(now)?;
        ice.withdraw();
        Some(silent)
    }

    /// Sends an RTP packet, sealed if it must be.
    pub(super) fn send_rtp(&mut self, seal: &mut SealBuffer, packet: &[u8], to: Way) -> Sent {
        let Wire { sockets, shield, .. } = self;
        shield.sealed(seal, packet, Srtp::seal_rtp, |sealed| sockets.send_rtp(sealed, to))
    }

    /// Sends an RTCP compound, sealed if it must be.
    pub(super) fn send_rtcp(&mut self, seal: &mut SealBuffer, packet: &[u8], to: Way) -> Sent {
        let Wire { sockets, shield, mux } = self;
        shield.sealed(seal, packet, Srtp::seal_rtcp, |sealed| match sockets {
            Sockets::Own(own) if !*mux => own.rtcp.send_to(sealed, to.addr).map(|_| ()),
            sockets => sockets.send_rtp(sealed, to),
        })
    }

    fn ice(&self) -> Option<&IceLite> {
        match &self.shield {
            Shield::Dtls(dtls) => dtls.ice.as_ref(),
            Shield::Plain | Shield::Sdes(_) => None,
        }
    }
}

/// What became of a packet of ours.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Sent {
    Yes,
    /// There are no keys yet, or the packet's number was used before.
    Withheld,
    /// The network did not take it.
    Failed,
}

impl Shield {
    fn sealed(
        &mut self,
        seal: &mut SealBuffer,
        packet: &[u8],
        how: impl FnOnce(&mut Srtp, &mut [u8], usize) -> Option<usize>,
        send: impl FnOnce(&[u8]) -> std::io::Result<()>,
    ) -> Sent {
        let srtp = match self {
            Shield::Plain => None,
            Shield::Sdes(srtp) => Some(srtp),
            Shield::Dtls(dtls) => match &mut dtls.srtp {
                Some(srtp) => Some(srtp),
                None => return Sent::Withheld,
            },
        };
        let sent = match srtp {
            None => send(packet),
            Some(srtp) => {
                let Some(room) = seal.get_mut(..packet.len()) else {
                    return Sent::Withheld;
                };
                room.copy_from_slice(packet);
                match how(srtp, &mut seal[..], packet.len()) {
                    Some(length) => send(&seal[..length]),
                    None => return Sent::Withheld,
                }
            }
        };
        if sent.is_ok() { Sent::Yes } else { Sent::Failed }
    }
}

impl DtlsShield {
    fn waiting(identity: &Arc<Identity>) -> Shield {
        let handshake = Handshake::new(identity.clone());
        Shield::Dtls(Box::new(DtlsShield { handshake, ice: None, srtp: None }))
    }
}

impl Sockets {
    fn send_rtp(&self, packet: &[u8], to: Way) -> std::io::Result<()> {
        match self {
            Sockets::Own(own) => own.rtp.send_to(packet, to.addr).map(|_| ()),
            Sockets::Browser(end) => end.send_to(packet, to),
        }
    }
}

fn media(opened: Option<usize>) -> Came {
    opened.map_or(Came::Stranger, Came::Media)
}
