//! Time passes.

use super::{
    Alarm, Core, Owner,
    flow::Flow,
    time::Time,
    transaction::{ClientKey, ServerKey},
};

/// Alarms that ring in one go: packets get their turn in between, whatever is due.
const ALARMS_PER_TICK_MAX: usize = 4096;

impl Core {
    /// Does what is due at `now`; what is left of a crowd comes with the next call.
    pub fn tick(&mut self, now: Time) {
        self.record_time(now);
        for _ in 0..ALARMS_PER_TICK_MAX {
            let Some(alarm) = self.alarms.take_due(now) else {
                break;
            };
            match alarm {
                Alarm::Client(key) => self.tick_client(now, key),
                Alarm::Server(key) => self.tick_server(now, key),
                Alarm::Leg(id) => self.with_leg(now, id, |core, leg| core.leg_tick(now, leg)),
                Alarm::Registering(id) => self.tick_registering(now, id),
                Alarm::Subscription(id) => self.tick_subscription(now, id),
                Alarm::User(username) => self.tick_user(now, username),
            }
        }
        self.give_back_room();
    }

    fn tick_client(&mut self, now: Time, key: ClientKey) {
        let Some(client) = self.clients.get_mut(&key) else {
            return;
        };
        let tick = client.transaction.tick(now, &self.config.timers);
        let (flow, owner) = (client.transaction.flow, client.owner);
        let deadline = client.transaction.deadline();
        if let Some(bytes) = tick.send {
            self.send(flow, bytes);
        }
        if tick.done {
            self.clients.remove(&key);
        } else {
            self.alarms.set(Alarm::Client(key.clone()), deadline);
        }
        if tick.timed_out {
            self.request_failed(now, owner, &key, Failure::Timeout);
        }
    }

    fn tick_server(&mut self, now: Time, key: ServerKey) {
        let Some(server) = self.servers.get_mut(&key) else {
            return;
        };
        let tick = server.transaction.tick(now, &self.config.timers);
        let flow = server.transaction.reply;
        let deadline = server.transaction.deadline();
        if let Some(bytes) = tick.send {
            self.send(flow, bytes);
        }
        if tick.done {
            self.forget_server(&key);
        } else {
            self.alarms.set(Alarm::Server(key), deadline);
        }
    }

    pub(super) fn forget_server(&mut self, key: &ServerKey) {
        if let Some(server) = self.servers.remove(key) {
            let merge_key = super::inbound::merge_key(&server.transaction.request);
            if self.merged.get(&merge_key) == Some(key) {
                self.merged.remove(&merge_key);
            }
        }
    }

    /// The network refused to carry what was sent over `flow`.
    pub fn transport_failed(&mut self, now: Time, flow: &Flow) {
        self.record_time(now);
        let failed: Vec<ClientKey> = self
            .clients
            .iter()
            .filter(|(_, client)| client.transaction.flow.leads_to(flow) && client.transaction.is_waiting())
            .filter(|(key, _)| !self.outlives_its_flow(key))
            .map(|(key, _)| key.clone())
            .collect();
        for key in failed {
            if let Some(client) = self.clients.remove(&key) {
                self.alarms.set(Alarm::Client(key.clone()), None);
                self.request_failed(now, client.owner, &key, Failure::Transport);
            }
        }
    }

    /// A request of ours got no answer.
    pub(super) fn request_failed(&mut self, now: Time, owner: Owner, key: &ClientKey, failure: Failure) {
        match owner {
            Owner::Leg(id) => {
                self.with_leg(now, id, |core, leg| core.leg_failed(now, leg, key, failure));
            }
            Owner::Registering(id) => self.registering_failed(now, id),
            Owner::Subscription(id) => self.notify_failed(now, id),
            Owner::Nobody => {}
        }
    }
}

/// Why a request got no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Timer B or F.
    Timeout,
    /// The network refused to carry it.
    Transport,
}
