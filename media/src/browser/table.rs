//! Whose a datagram is.

use std::collections::HashMap;
use std::net::SocketAddr;

use super::{Change, Route};
use crate::net::Way;
use crate::secure::ice::{UFRAG_BYTES, ufrag_of};
use crate::session::LegId;

/// Fragments expected at a time: each leg has one, and one more for each restart. Far above what a
/// machine carries.
const UFRAGS_LIMIT: usize = 65_536;
/// Addresses known at a time: a leg's browser has a few.
const ADDRESSES_LIMIT: usize = 131_072;
/// RFC 7983: what begins a STUN message.
const STUN_FIRST_BYTE: std::ops::RangeInclusive<u8> = 0..=3;

/// Whom a datagram names that came where nobody is known yet.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Named {
    Leg(Route),
    /// A check, of a fragment that is not ours or is no longer.
    Nobody,
    NoCheck,
}

/// Fragments and addresses, each with its leg.
#[derive(Default)]
pub(super) struct Table {
    ufrags: HashMap<[u8; UFRAG_BYTES], Route>,
    addresses: HashMap<SocketAddr, Route>,
}

impl Table {
    /// Takes a change; none of a shutdown.
    pub(super) fn change(&mut self, change: Change) {
        match change {
            Change::Expect { ufrag, route } => {
                if self.ufrags.len() < UFRAGS_LIMIT {
                    self.ufrags.insert(ufrag, route);
                }
            }
            // A connection's leg is known by the connection.
            Change::Learn { way, .. } if way.connection.is_some() => {}
            Change::Learn { way: Way { addr, .. }, route } => {
                if self.addresses.len() < ADDRESSES_LIMIT || self.addresses.contains_key(&addr) {
                    self.addresses.insert(addr, route);
                }
            }
            Change::Move { from, to } => {
                let routes = self.ufrags.values_mut().chain(self.addresses.values_mut());
                routes.filter(|route| **route == from).for_each(|route| *route = to);
            }
            Change::Forget { session, leg } => self.forget(session, leg),
            Change::Shutdown => {}
        }
    }

    /// The leg of a datagram; none for a stranger's.
    pub(super) fn route(&self, from: SocketAddr, datagram: &[u8]) -> Option<Route> {
        if STUN_FIRST_BYTE.contains(datagram.first()?) {
            return match self.named(datagram) {
                Named::Leg(route) => Some(route),
                Named::Nobody | Named::NoCheck => None,
            };
        }
        self.addresses.get(&from).copied()
    }

    /// Whom a check names.
    pub(super) fn named(&self, datagram: &[u8]) -> Named {
        match ufrag_of(datagram).map(|ufrag| self.ufrags.get(&ufrag)) {
            Some(Some(route)) => Named::Leg(*route),
            Some(None) => Named::Nobody,
            None => Named::NoCheck,
        }
    }

    fn forget(&mut self, session: u64, leg: LegId) {
        let others = |route: &Route| (route.session, route.leg) != (session, leg);
        self.ufrags.retain(|_, route| others(route));
        self.addresses.retain(|_, route| others(route));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secure::ice::IceCredentials;

    #[test]
    fn only_who_was_announced_has_a_way() {
        let mut table = Table::default();
        let from: SocketAddr = "192.0.2.1:4000".parse().expect("an address");
        let route = Route { worker: 1, session: 7, leg: LegId(2) };
        assert_eq!(table.route(from, &[0x80; 20]), None);
        assert_eq!(table.route(from, &[]), None);
        assert_eq!(table.route(from, &[0; 20]), None, "STUN without sense");
        let ufrag = IceCredentials::random().ufrag_key();
        table.change(Change::Expect { ufrag, route });
        table.change(Change::Learn { way: from.into(), route });
        assert_eq!(table.route(from, &[0x80; 20]), Some(route));
        table.change(Change::Forget { session: 7, leg: LegId(1) });
        assert_eq!(table.route(from, &[22; 20]), Some(route));
        let to = Route { worker: 0, session: 8, leg: LegId(1) };
        table.change(Change::Move { from: route, to });
        assert_eq!(table.route(from, &[22; 20]), Some(to));
        table.change(Change::Forget { session: 8, leg: LegId(1) });
        assert_eq!(table.route(from, &[0x80; 20]), None);
        assert!(table.ufrags.is_empty());
    }
}
