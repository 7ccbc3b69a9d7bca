//! Signalling: transports, registrar, digest, trunks and call legs. Bodies are bytes.
//!
//! [`start`] opens the sockets and returns a [`Sip`] to place calls and register with others,
//! and a queue of [`Incoming`] calls. Every call is a [`Leg`]: commands in, events out, and
//! [`LegEvent::Ended`] exactly once.
//!
//! - `wire`: bytes to messages and back. Our limits come first, then rsipstack's grammar; no
//!   type of it leaves that folder.
//! - `core`: transactions, dialogs, legs, digest and registrar as one machine without sockets,
//!   clock or chance of its own. `core::simulation` runs two of them against each other over a
//!   bad network.
//! - `shell`: one task that owns the core, one that reads each socket, and bounded queues
//!   between them. A full queue drops datagrams and slows connections down.
//!
//! Websockets (RFC 7118) are accepted by the program's HTTP server and come in through
//! [`Sip::websocket`]. A device's leg outlives its websocket: [`LegEvent::FlowLost`].
//!
//! Who calls: a right digest makes an [`Origin::Device`]; a caller who names one of our devices
//! must give it, wherever the call comes from; anybody else must come from a trunk's address.
//!
//! Inside a call: offers wait for their turn and are tried again after a glare; session timers
//! (RFC 4028), reliable provisional answers (RFC 3262) and answers of further callees are seen to
//! by the leg. Transfers (RFC 3515, RFC 3891) are the program's: [`LegEvent::Refer`],
//! [`Incoming::replaces`]. [`Config::observer`] sees the messages.
//!
//! What is not there yet: DNS, forking to several bindings (the program rings each, see
//! [`Sip::bindings`]). An INVITE without offer comes with an empty body; the answer to
//! the offer in our 2xx is told as [`LegEvent::ReofferAnswered`].

mod api;
mod core;
mod shell;
pub mod stun;
mod wire;

pub use api::{
    binding::Binding,
    call::{Credentials, Incoming, Origin, OutboundCall, Party, Target},
    config::{Config, Listen, SessionTimer, Timers, TlsConfig, Transport, Trunk},
    directory::{Device, Directory, DirectoryError, Secret},
    error::{CallError, LegGone, StartError, WebSocketError},
    leg::{Ended, EndedBy, Leg, LegControl, LegEvent, LegId},
    network::{Network, NetworkError},
    observer::{Direction, Observed, Observer},
    public::{LOCAL_NETS, PublicAddr},
    register::{RegisterClient, RegistrationChange},
    subscription::{EventPackage, Subscription, SubscriptionGone, SubscriptionId},
    transfer::{ReferId, ReferTo, Replaces},
    websocket::{WebSocketDoor, WebSocketPeer},
};
pub use shell::{RegistrationHandle, Sip, start};
