//! Calls that begin: outgoing requests and incoming offers.

use std::{net::SocketAddr, time::Duration};

use bytes::Bytes;

use super::{
    binding::Binding,
    config::Transport,
    leg::{Leg, LegId},
};

/// Name and password for a digest challenge.
#[derive(Clone)]
pub struct Credentials {
    /// The name.
    pub username: String,
    /// The password.
    pub password: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("username", &self.username).finish_non_exhaustive()
    }
}

/// Where an outgoing call goes.
#[derive(Clone, Debug)]
pub enum Target {
    /// The preferred binding of this user: the highest `q`, among equals the newest.
    Device(String),
    /// One certain binding of a user, see `Sip::bindings`.
    Binding {
        /// The user.
        username: String,
        /// The binding's `contact_uri`.
        contact_uri: String,
    },
    /// An address, such as a trunk's.
    Peer {
        /// Where to.
        addr: SocketAddr,
        /// How. TLS only where the peer's certificate names this very address.
        transport: Transport,
    },
    /// An address, by TLS.
    TlsPeer {
        /// Where to.
        addr: SocketAddr,
        /// The name that its certificate must prove.
        server_name: String,
    },
}

/// An outgoing call.
#[derive(Clone, Debug)]
pub struct OutboundCall {
    /// Where it goes.
    pub target: Target,
    /// User part of From.
    pub from_user: String,
    /// Display name of From.
    pub from_display: Option<String>,
    /// User part of To, and of the request URI when the target is a peer.
    pub to_user: String,
    /// The offer, `application/sdp`; empty for a call without an offer.
    pub body: Bytes,
    /// Further headers.
    pub headers: Vec<(String, String)>,
    /// From the INVITE to the final answer; then the call is cancelled.
    pub ring_timeout: Duration,
    /// Answers to 401 and 407.
    pub credentials: Option<Credentials>,
}

/// Who an incoming call comes from, as far as we have proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The trunk with this name: known by its address.
    Trunk(String),
    /// The device with this name: known by its password.
    Device(String),
}

/// A party as the From header names it. Unproven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// User part, percent-decoded; a number or a name.
    pub user: String,
    /// Display name.
    pub display: Option<String>,
}

/// An incoming call. Nobody has answered 180 or 200 yet: that is for the leg's commands.
#[derive(Debug)]
pub struct Incoming {
    /// The leg. Dropping it and all its controls refuses the call.
    pub leg: Leg,
    /// Proven origin.
    pub from: Origin,
    /// The From header.
    pub caller: Party,
    /// User part of the request URI: whom this hop shall reach.
    pub called: String,
    /// User part of To: whom the caller dialled first.
    pub to_user: String,
    /// The leg that this call wants to take the place of (RFC 3891): an attended transfer, or a
    /// pick-up. It is for the program to answer this one, connect it, and end that one.
    pub replaces: Option<LegId>,
    /// Where the INVITE came from.
    pub source: SocketAddr,
    /// How it came.
    pub transport: Transport,
    /// The registration that a device calls from: tells a browser from a desk phone. `None` for
    /// a trunk, and for a device that has not registered from there.
    pub binding: Option<Binding>,
    /// The offer, `application/sdp`; empty when the caller wants ours.
    pub body: Bytes,
    /// Call-ID header.
    pub sip_call_id: String,
    /// P-Asserted-Identity, Diversion, History-Info, Privacy and X- headers, as written.
    pub headers: Vec<(String, String)>,
}
