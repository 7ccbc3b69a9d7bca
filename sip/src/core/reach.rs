//! Which device a leg speaks with, and what becomes of the leg when the device's connection is
//! lost or replaced (RFC 5626, RFC 7118).

use super::{
    Alarm, Core, Owner, Time,
    flow::Flow,
    leg::LegState,
    registrar::{same_contact, same_instance},
    transaction::ClientKey,
};
use std::net::SocketAddr;

use crate::{
    Binding, LegEvent, LegId, Transport,
    wire::{Method, SipUri},
};

/// A device of ours as its registration names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Phone {
    username: String,
    instance_id: Option<String>,
    contact_uri: String,
    /// Where its registration came from.
    bound_to: Option<(Transport, SocketAddr)>,
}

impl Phone {
    pub fn of(username: &str, binding: &Binding) -> Self {
        Self {
            username: username.to_owned(),
            instance_id: binding.instance_id.clone(),
            contact_uri: binding.contact_uri.clone(),
            bound_to: Some((binding.transport, binding.source)),
        }
    }

    /// A device that calls without having registered from there.
    pub fn unregistered(username: &str, contact_uri: &str) -> Self {
        Self {
            username: username.to_owned(),
            instance_id: None,
            contact_uri: contact_uri.to_owned(),
            bound_to: None,
        }
    }

    /// Whether a binding of the same user is this phone, perhaps in a new life.
    fn is(&self, binding: &Binding) -> bool {
        match (&self.instance_id, &binding.instance_id) {
            (Some(ours), Some(theirs)) => same_instance(ours, theirs),
            (None, None) => self.is_same_life(binding),
            _ => false,
        }
    }

    /// Whether it still knows its calls: a page that was loaded anew has another Contact. The
    /// host may change with the network.
    fn is_same_life(&self, binding: &Binding) -> bool {
        let theirs = SipUri::parse(&binding.contact_uri);
        if self.instance_id.is_some() {
            let ours = SipUri::parse(&self.contact_uri);
            ours.zip(theirs).is_some_and(|(ours, theirs)| ours.user == theirs.user)
        } else {
            theirs.is_some_and(|theirs| same_contact(&self.contact_uri, &theirs))
        }
    }
}

/// How a leg's peer is reached.
#[derive(Debug, Default)]
pub(crate) enum Reach {
    /// By its address: a trunk, or a phone that has not registered.
    #[default]
    Address,
    /// A device, and its connection stands as far as we know.
    Here(Phone),
    /// A device whose connection is lost.
    Lost(Phone),
    /// The device came back without memory of this call.
    Left,
}

impl From<Option<Phone>> for Reach {
    fn from(phone: Option<Phone>) -> Self {
        phone.map_or(Self::Address, Self::Here)
    }
}

impl Core {
    /// A connection ended.
    pub fn flow_closed(&mut self, now: Time, flow: &Flow) {
        self.transport_failed(now, flow);
        for id in self.legs_where(|leg| leg.dialog.flow.leads_to(flow)) {
            self.with_leg(now, id, |core, leg| {
                core.leg_flow_lost(leg);
                // RFC 3261 section 18.1.1: the next request opens a connection of its own, where
                // that can be done.
                leg.dialog.pinned &= flow.transport.is_websocket();
            });
        }
        self.unbind(now, flow);
    }

    /// Whether a request of ours over a lost connection waits for the device to come back. A
    /// call that rings and one that ends have nothing to wait for.
    pub(super) fn outlives_its_flow(&self, key: &ClientKey) -> bool {
        let Some(Owner::Leg(leg)) = self.clients.get(key).map(|client| client.owner) else {
            return false;
        };
        let device =
            self.legs.get(&leg).is_some_and(|leg| matches!(leg.reach, Reach::Here(_) | Reach::Lost(_)));
        self.clients.get(key).is_some_and(|client| {
            let request = &client.transaction.request;
            let inside = request.head.to_tag.is_some() && request.method != Method::Bye;
            device && inside && client.transaction.flow.reliable()
        })
    }

    fn legs_where(&self, fits: impl Fn(&LegState) -> bool) -> Vec<LegId> {
        let mut ids: Vec<LegId> = self.legs.values().filter(|leg| fits(leg)).map(|leg| leg.id).collect();
        ids.sort_unstable();
        ids
    }

    fn leg_flow_lost(&mut self, leg: &mut LegState) {
        if let Reach::Here(phone) = &leg.reach {
            leg.reach = Reach::Lost(phone.clone());
            self.tell(leg, LegEvent::FlowLost);
        }
    }

    /// The bindings of a user changed: legs whose phone has a newer connection move there.
    pub(super) fn follow_bindings(&mut self, now: Time, username: &str, bindings: &[Binding]) {
        let legs = self.legs_where(|leg| {
            let (Reach::Here(phone) | Reach::Lost(phone)) = &leg.reach else {
                return false;
            };
            phone.username == username
        });
        for id in legs {
            self.with_leg(now, id, |core, leg| core.leg_follow(now, leg, bindings));
        }
    }

    fn leg_follow(&mut self, now: Time, leg: &mut LegState, bindings: &[Binding]) {
        let (phone, lost) = match &leg.reach {
            Reach::Here(phone) => (phone.clone(), false),
            Reach::Lost(phone) => (phone.clone(), true),
            Reach::Address | Reach::Left => return,
        };
        let mine = || bindings.iter().rev().filter(|binding| phone.is(binding));
        let same_life = |binding: &&Binding| phone.is_same_life(binding);
        let Some(binding) = mine().find(same_life).or_else(|| mine().next()) else {
            return;
        };
        let local = binding.local.unwrap_or(leg.dialog.flow.local);
        let flow = Flow { transport: binding.transport, remote: binding.source, local };
        let with_binding = phone.bound_to == Some((leg.dialog.flow.transport, leg.dialog.flow.remote));
        if !lost && (flow.leads_to(&leg.dialog.flow) || !with_binding) {
            // Nothing new, or the call came another way than the registration.
            return;
        }
        let resumed = phone.is_same_life(binding);
        if !lost && !flow.reliable() && !leg.dialog.flow.reliable() {
            if resumed {
                // A NAT gave the phone another port. Nothing was lost.
                leg.reach = Reach::Here(Phone::of(&phone.username, binding));
                self.leg_move(now, leg, flow);
            }
            return;
        }
        // The new connection may be there before the end of the old one is noticed.
        self.leg_flow_lost(leg);
        leg.reach = if resumed { Reach::Here(Phone::of(&phone.username, binding)) } else { Reach::Left };
        self.tell(leg, LegEvent::FlowBack { resumed });
        if resumed {
            self.leg_move(now, leg, flow);
        }
    }

    /// What is under way goes out again over the new connection.
    fn leg_move(&mut self, now: Time, leg: &mut LegState, flow: Flow) {
        leg.dialog.flow = flow;
        leg.dialog.pinned = true;
        if let Some(unacked) = &mut leg.unacked {
            unacked.flow = flow;
            unacked.resend_at = now;
        }
        if let Some((_, last, _)) = &mut leg.last_ack {
            *last = flow;
        }
        let mut waiting: Vec<ClientKey> = self
            .clients
            .iter()
            .filter(|(_, client)| client.owner == Owner::Leg(leg.id) && client.transaction.is_waiting())
            .map(|(key, _)| key.clone())
            .collect();
        waiting.sort_unstable();
        for key in waiting {
            if let Some(client) = self.clients.get_mut(&key) {
                client.transaction.flow = flow;
                let bytes = client.transaction.wire();
                self.alarms.set(Alarm::Client(key), client.transaction.deadline());
                self.send(flow, bytes);
            }
        }
    }

    /// A request inside the dialog came over a websocket: the peer is there, whatever we thought.
    pub(super) fn leg_heard(&mut self, now: Time, leg: &mut LegState, flow: Flow) {
        if let Reach::Lost(phone) = &leg.reach {
            leg.reach = Reach::Here(phone.clone());
            self.tell(leg, LegEvent::FlowBack { resumed: true });
            self.leg_move(now, leg, flow);
        }
    }
}
