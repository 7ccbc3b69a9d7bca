//! Which device a leg speaks with, and what becomes of the leg when the device's connection is
//! lost or replaced (RFC 5626, RFC 7118).

use super::{
    Alarm, Core, Owner, Time, flow::Flow, leg::LegState, registrar::same_instance, transaction::ClientKey,
};
use crate::{
    Binding, LegEvent, LegId,
    wire::{Method, SipUri},
};

/// A device of ours as its registration names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Phone {
    username: String,
    instance_id: Option<String>,
    contact_user: String,
}

impl Phone {
    pub fn of(username: &str, binding: &Binding) -> Self {
        Self {
            username: username.to_owned(),
            instance_id: binding.instance_id.clone(),
            contact_user: contact_user(&binding.contact_uri),
        }
    }

    /// A device that calls without having registered from there.
    pub fn unregistered(username: &str, contact_uri: &str) -> Self {
        Self { username: username.to_owned(), instance_id: None, contact_user: contact_user(contact_uri) }
    }

    /// Whether a binding of the same user is this phone, perhaps in a new life.
    fn is(&self, binding: &Binding) -> bool {
        match (&self.instance_id, &binding.instance_id) {
            (Some(ours), Some(theirs)) => same_instance(ours, theirs),
            (None, None) => self.is_same_life(binding),
            _ => false,
        }
    }

    /// Whether it still knows its calls: a page that was loaded anew has another Contact.
    fn is_same_life(&self, binding: &Binding) -> bool {
        self.contact_user == contact_user(&binding.contact_uri)
    }
}

fn contact_user(contact_uri: &str) -> String {
    SipUri::parse(contact_uri).map(|uri| uri.user).unwrap_or_default()
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
        if !flow.transport.is_websocket() {
            return;
        }
        for id in self.legs_where(|leg| leg.dialog.flow.leads_to(flow)) {
            self.with_leg(now, id, |core, leg| core.leg_flow_lost(leg));
        }
        self.unbind(now, flow);
    }

    /// Whether a request of ours over a lost websocket waits for the device to come back. A call
    /// that rings and one that ends have nothing to wait for.
    pub(super) fn outlives_its_flow(&self, key: &ClientKey) -> bool {
        self.clients.get(key).is_some_and(|client| {
            let request = &client.transaction.request;
            let inside = request.head.to_tag.is_some() && request.method != Method::Bye;
            matches!(client.owner, Owner::Leg(_))
                && inside
                && client.transaction.flow.transport.is_websocket()
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
            leg.dialog.flow.transport.is_websocket() && phone.username == username
        });
        for id in legs {
            self.with_leg(now, id, |core, leg| core.leg_follow(now, leg, bindings));
        }
    }

    fn leg_follow(&mut self, now: Time, leg: &mut LegState, bindings: &[Binding]) {
        let (Reach::Here(phone) | Reach::Lost(phone)) = &leg.reach else {
            return;
        };
        let phone = phone.clone();
        let mine = || bindings.iter().rev().filter(|binding| phone.is(binding));
        let binding = mine().find(|binding| phone.is_same_life(binding)).or_else(|| mine().next());
        let Some(binding) = binding else {
            return;
        };
        let flow = Flow { transport: binding.transport, remote: binding.source, ..leg.dialog.flow };
        if !flow.transport.is_websocket() {
            return;
        }
        if flow.leads_to(&leg.dialog.flow) && matches!(leg.reach, Reach::Here(_)) {
            return;
        }
        // The new connection may be there before the end of the old one is noticed.
        self.leg_flow_lost(leg);
        let resumed = phone.is_same_life(binding);
        leg.reach = if resumed { Reach::Here(phone) } else { Reach::Left };
        self.tell(leg, LegEvent::FlowBack { resumed });
        if resumed {
            self.leg_move(now, leg, flow);
        }
    }

    /// What is under way goes out again over the new connection.
    fn leg_move(&mut self, now: Time, leg: &mut LegState, flow: Flow) {
        leg.dialog.flow = flow;
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
