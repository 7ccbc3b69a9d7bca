//! What every call works with.

use std::net::SocketAddr;
use std::sync::Arc;

use sip::{Credentials, Incoming, Target};

use super::board::Board;
use super::clock::Clock;
use super::floor::Floor;
use super::lamps::Lamps;
use super::phones::Phones;
use super::sounds::{Language, Sounds};
use super::told::Told;
use crate::config::Config;
use crate::recordings::KeyRing;
use crate::trace::Trace;

/// Where calls to the outside go.
#[derive(Clone, Debug)]
pub struct OutboundTrunk {
    pub name: String,
    pub target: Target,
    /// Shown to the called, E.164.
    pub caller_id: String,
    pub credentials: Option<Credentials>,
}

pub struct Shared {
    pub config: Arc<Config>,
    pub db: crm::Db,
    pub sip: sip::Sip,
    pub media: media::Media,
    pub floor: Floor,
    pub board: Board,
    pub phones: Phones,
    /// What recordings are sealed with, if they are.
    pub recording_keys: KeyRing,
    pub lamps: Lamps,
    pub trace: Trace,
    /// Which of our addresses far ends are told for sound.
    pub told: Told,
    pub sounds: Sounds,
    pub clock: Clock,
    pub region: crm::phone::Region,
    /// Spoken to callers whose language is not known.
    pub language: Language,
    pub trunk: Option<OutboundTrunk>,
    /// The demo's own customers call from here.
    pub test_calls_from: Option<SocketAddr>,
}

impl Shared {
    pub fn outbound_trunk(&self) -> Option<&OutboundTrunk> {
        self.trunk.as_ref()
    }

    /// E.164 where the number can be read, else as it came: what a stranger sent stays visible.
    pub fn e164(&self, number: &str) -> String {
        crm::phone::normalise(number, self.region).map_or_else(|_| number.to_owned(), |read| read.number)
    }

    /// A number that may be dialled outside, in E.164.
    pub fn dialable(&self, number: &str) -> Option<String> {
        crm::phone::normalise(number, self.region).ok().map(|read| read.number)
    }

    pub fn is_test_call(&self, incoming: &Incoming) -> bool {
        self.test_calls_from == Some(incoming.source)
    }
}
