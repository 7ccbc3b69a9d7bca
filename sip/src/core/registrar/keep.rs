//! Bindings on their way to the directory: one change of a user at a time, in order.

use std::collections::{HashMap, VecDeque};

use crate::{
    Binding, DirectoryError,
    core::{Core, Output, Ticket, flow::Flow, inbound::RETRY_AFTER_S, time::Time, transaction::ServerKey},
};

/// REGISTERs of a user that wait for the one before: several phones that come back at once.
const WAITING_MAX: usize = super::update::BINDINGS_MAX;

/// Changes that wait for the directory to keep them.
#[derive(Debug, Default)]
pub(super) struct Keeping {
    users: HashMap<String, Save>,
    tickets: HashMap<Ticket, String>,
}

/// The change of one user that is being kept.
#[derive(Debug)]
struct Save {
    /// The REGISTER that wants it; none for a connection that was lost.
    key: Option<ServerKey>,
    bindings: Vec<Binding>,
    /// Whether a connection was lost meanwhile, so that less is to be kept.
    again: bool,
    /// REGISTERs that came meanwhile; each has an open server transaction.
    waiting: VecDeque<(ServerKey, Flow)>,
}

impl Keeping {
    pub fn is_busy(&self, username: &str) -> bool {
        self.users.contains_key(username)
    }

    /// Bindings that were lost before they were kept.
    pub fn unbind(&mut self, lost: impl Fn(&Binding) -> bool) {
        for save in self.users.values_mut() {
            let before = save.bindings.len();
            save.bindings.retain(|binding| !lost(binding));
            save.again |= save.bindings.len() < before;
        }
    }
}

impl Core {
    /// Has the directory keep the bindings of a user; `key` is confirmed after that.
    pub(super) fn keep_bindings(&mut self, username: String, key: Option<ServerKey>, bindings: Vec<Binding>) {
        if let Some(save) = self.registrar.keeping.users.get_mut(&username) {
            // Only the loss of a connection comes in between, and the save knows of it.
            save.again = true;
            return;
        }
        let save = Save { key, bindings, again: false, waiting: VecDeque::new() };
        self.start_keeping(username, save);
    }

    fn start_keeping(&mut self, username: String, save: Save) {
        let ticket = self.new_ticket();
        let bindings = save.bindings.clone();
        self.registrar.keeping.tickets.insert(ticket, username.clone());
        self.registrar.keeping.users.insert(username.clone(), save);
        self.out.push_back(Output::Save { ticket, username, bindings });
    }

    /// A REGISTER comes while another change of its user is being kept.
    pub(super) fn register_later(&mut self, now: Time, key: &ServerKey, flow: Flow, username: &str) {
        match self.registrar.keeping.users.get_mut(username) {
            Some(save) if save.waiting.len() < WAITING_MAX => save.waiting.push_back((key.clone(), flow)),
            _ => self.refuse(now, key, 503, &[("Retry-After", "1")]),
        }
    }

    /// The directory's answer to [`Output::Save`].
    pub fn saved(&mut self, now: Time, ticket: Ticket, kept: Result<(), DirectoryError>) {
        let keeping = &mut self.registrar.keeping;
        let Some((username, save)) =
            keeping.tickets.remove(&ticket).and_then(|username| keeping.users.remove_entry(&username))
        else {
            return;
        };
        let Save { key, bindings, again, mut waiting } = save;
        if let Some(key) = key {
            if kept.is_ok() {
                self.apply(now, username.clone(), bindings.clone());
                if let Some(request) = self.request_of(&key) {
                    self.confirm_registration(now, &key, &bindings, &request);
                }
            } else {
                // RFC 3261 section 10.3 step 7: all or nothing.
                self.refuse(now, &key, 500, &[("Retry-After", RETRY_AFTER_S)]);
            }
        }
        if again {
            let left = self.registrar.fresh(now, &username);
            self.start_keeping(username, Save { key: None, bindings: left, again: false, waiting });
            return;
        }
        while let Some((key, flow)) = waiting.pop_front() {
            if let Some(request) = self.request_of(&key) {
                self.register(now, &key, flow, &request, &username);
            }
            if let Some(save) = self.registrar.keeping.users.get_mut(&username) {
                save.waiting = waiting;
                return;
            }
        }
    }
}
