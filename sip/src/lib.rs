//! Signalling: transports, registrar, digest, trunks and call legs. Bodies are bytes.

mod api;
mod core;
mod shell;
mod wire;

pub use api::{
    binding::Binding,
    call::{Credentials, Incoming, Origin, OutboundCall, Party, Target},
    config::{Config, Listen, Timers, Transport, Trunk},
    directory::{Device, Directory, DirectoryError},
    error::{CallError, LegGone, StartError},
    leg::{Ended, EndedBy, Leg, LegControl, LegEvent, LegId},
    network::{Network, NetworkError},
    register::{RegisterClient, RegistrationChange},
};
pub use shell::{RegistrationHandle, Sip, start};
