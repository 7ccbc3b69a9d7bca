//! The agents' phones: which there are, which are registered, which one rings.
//!
//! One task owns the book and publishes each new edition; readers never wait. A phone that comes
//! or goes is told to the floor at once, so that nobody is offered a call whose phone cannot ring.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use callcenter::{AgentId, Input};
use crm::Lane;
use futures_util::FutureExt;
use tokio::sync::{mpsc, oneshot, watch};
use tracing::{error, info};
use uuid::Uuid;

use super::board::{Board, News};
use super::floor::Floor;
use crate::views::PhoneKind;

/// Orders that wait; people choose phones one at a time.
const ORDERS_LIMIT: usize = 64;

/// A phone that can be rung for an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone {
    pub id: Uuid,
    pub agent: AgentId,
    pub kind: PhoneKind,
    pub label: String,
    /// The name under which it registers.
    pub username: String,
}

#[derive(Clone, Debug, Default)]
struct Book {
    phones: BTreeMap<AgentId, Vec<Phone>>,
    chosen: BTreeMap<AgentId, Uuid>,
    registered: BTreeSet<String>,
}

impl Book {
    /// What the agent chose, else a phone that is there, else the first.
    fn chosen(&self, agent: AgentId) -> Option<&Phone> {
        let phones = self.phones.get(&agent)?;
        let wanted = self.chosen.get(&agent);
        phones.iter().find(|phone| Some(&phone.id) == wanted).or_else(|| phones.first())
    }

    fn reachable(&self, agent: AgentId) -> bool {
        self.chosen(agent).is_some_and(|phone| self.registered.contains(&phone.username))
    }
}

enum Order {
    Choose { agent: AgentId, phone: Uuid, reply: oneshot::Sender<bool> },
    Reread,
}

/// The phones' door; cheap to clone.
#[derive(Clone)]
pub struct Phones {
    book: watch::Receiver<Arc<Book>>,
    orders: mpsc::Sender<Order>,
}

/// The other half, to be run once floor and board stand.
pub struct PhonesKeeper {
    db: crm::Db,
    book: watch::Sender<Arc<Book>>,
    orders: mpsc::Receiver<Order>,
}

/// Reads the devices from the database.
///
/// # Errors
/// When the database does not answer.
pub async fn open(db: crm::Db) -> crm::Result<(Phones, PhonesKeeper)> {
    let chosen = crm::devices::chosen(&db).await?;
    let chosen = chosen.into_iter().map(|(user, phone)| (AgentId(user), phone)).collect();
    let book = Book { phones: read(&db).await?, chosen, ..Book::default() };
    let (sender, receiver) = watch::channel(Arc::new(book));
    let (orders, inbox) = mpsc::channel(ORDERS_LIMIT);
    let phones = Phones { book: receiver, orders };
    let keeper = PhonesKeeper { db, book: sender, orders: inbox };
    Ok((phones, keeper))
}

async fn read(db: &crm::Db) -> crm::Result<BTreeMap<AgentId, Vec<Phone>>> {
    let mut phones: BTreeMap<AgentId, Vec<Phone>> = BTreeMap::new();
    for device in crm::devices::list(db).await? {
        let agent = AgentId(device.user_id);
        phones.entry(agent).or_default().push(Phone {
            id: device.id,
            agent,
            kind: device.kind,
            label: device.label,
            username: device.username,
        });
    }
    for list in phones.values_mut() {
        // The demo's own phones first: they are there without anybody setting one up.
        list.sort_by(|a, b| {
            (a.kind != PhoneKind::Demo, &a.username).cmp(&(b.kind != PhoneKind::Demo, &b.username))
        });
    }
    Ok(phones)
}

impl Phones {
    /// The phone that rings for this agent.
    pub fn chosen(&self, agent: AgentId) -> Option<Phone> {
        self.book.borrow().chosen(agent).cloned()
    }

    pub fn owner_of(&self, username: &str) -> Option<Phone> {
        let book = self.book.borrow();
        book.phones.values().flatten().find(|phone| phone.username == username).cloned()
    }

    /// All phones of the agent, each with whether it is registered.
    pub fn of(&self, agent: AgentId) -> Vec<(Phone, bool)> {
        let book = self.book.borrow();
        let phones = book.phones.get(&agent).map_or(&[][..], Vec::as_slice);
        phones.iter().map(|phone| (phone.clone(), book.registered.contains(&phone.username))).collect()
    }

    /// Whether the phone that would ring is registered.
    pub fn reachable(&self, agent: AgentId) -> bool {
        self.book.borrow().reachable(agent)
    }

    /// False when the agent has no such phone.
    pub async fn choose(&self, agent: AgentId, phone: Uuid) -> bool {
        let (reply, answer) = oneshot::channel();
        let order = Order::Choose { agent, phone, reply };
        if self.orders.send(order).await.is_err() {
            return false;
        }
        answer.await.unwrap_or(false)
    }

    /// Devices changed in the database.
    pub async fn reread(&self) {
        // After the keeper only the process's end comes.
        let _ = self.orders.send(Order::Reread).await;
    }
}

impl PhonesKeeper {
    /// Serves until all doors are dropped.
    pub fn start(self, sip: sip::Sip, floor: Floor, board: Board) {
        tokio::spawn(self.run(sip, floor, board));
    }

    async fn run(mut self, sip: sip::Sip, floor: Floor, board: Board) {
        let mut registrations = sip.registrations();
        self.take_stock(&sip, &floor, &board).await;
        loop {
            tokio::select! {
                order = self.orders.recv() => match order {
                    Some(order) => self.obey(order, &floor, &board).await,
                    None => break,
                },
                change = registrations.recv() => match change {
                    Ok(change) => {
                        let (username, registered) = (change.username, change.registered);
                        self.registered(&username, registered, &floor, &board).await;
                    }
                    // Too many at once to be told one by one: look at all of them.
                    Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => {
                        self.take_stock(&sip, &floor, &board).await;
                    }
                    Err(tokio::sync::broadcast::error::RecvError::Closed) => break,
                },
            }
        }
    }

    async fn take_stock(&mut self, sip: &sip::Sip, floor: &Floor, board: &Board) {
        let usernames: Vec<String> = {
            let book = self.book.borrow();
            let phones = book.phones.values().flatten();
            phones.map(|phone| phone.username.clone()).collect()
        };
        for username in usernames {
            let registered = sip.is_registered(&username);
            self.registered(&username, registered, floor, board).await;
        }
    }

    async fn registered(&mut self, username: &str, registered: bool, floor: &Floor, board: &Board) {
        let owner = {
            let book = self.book.borrow();
            let mut phones = book.phones.values().flatten();
            phones.find(|phone| phone.username == username).map(|phone| phone.agent)
        };
        self.change(|book| {
            if registered {
                book.registered.insert(username.to_owned());
            } else {
                book.registered.remove(username);
            }
        });
        if let Some(agent) = owner {
            info!(%agent, username, registered, "phone");
            self.tell(agent, floor, board).await;
        }
    }

    async fn obey(&mut self, order: Order, floor: &Floor, board: &Board) {
        match order {
            Order::Choose { agent, phone, reply } => {
                let known = {
                    let book = self.book.borrow();
                    let phones = book.phones.get(&agent);
                    phones.is_some_and(|phones| phones.iter().any(|known| known.id == phone))
                };
                let kept = known && self.keep(agent, phone).await;
                if kept {
                    self.change(|book| {
                        book.chosen.insert(agent, phone);
                    });
                    self.tell(agent, floor, board).await;
                }
                // Who asked may have gone; the choice stands.
                let _ = reply.send(kept);
            }
            Order::Reread => match read(&self.db).await {
                Ok(phones) => {
                    let agents: Vec<AgentId> = phones.keys().copied().collect();
                    self.change(|book| book.phones = phones);
                    for agent in agents {
                        self.tell(agent, floor, board).await;
                    }
                }
                Err(failure) => error!(%failure, "phones not read"),
            },
        }
    }

    /// Writes the choice down, so that it outlives the hub.
    async fn keep(&self, agent: AgentId, phone: Uuid) -> bool {
        let written = self
            .db
            .write(Lane::Calls, move |tx| {
                async move { crm::devices::choose(tx, agent.0, phone).await }.boxed()
            })
            .await;
        if let Err(failure) = &written {
            error!(%agent, %failure, "choice of a phone not kept");
        }
        written.is_ok()
    }

    fn change(&mut self, edit: impl FnOnce(&mut Book)) {
        self.book.send_modify(|book| edit(Arc::make_mut(book)));
    }

    async fn tell(&self, agent: AgentId, floor: &Floor, board: &Board) {
        let reachable = self.book.borrow().reachable(agent);
        floor.feed(Input::AgentPhone { agent, reachable }).await;
        board.tell(News::Phones(agent)).await;
    }
}
