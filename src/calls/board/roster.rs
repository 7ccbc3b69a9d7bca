//! Who works here and which queues there are, as read from the database.

use std::collections::BTreeMap;

use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterQueue {
    pub id: Uuid,
    pub name: String,
    pub ring_timeout_ms: u64,
    pub wrap_up_ms: u64,
    pub max_wait_ms: Option<u64>,
}

/// One edition of names and settings.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    names: BTreeMap<Uuid, String>,
    queues: Vec<RosterQueue>,
}

impl Roster {
    /// # Errors
    /// When the database does not answer.
    pub async fn read(db: &crm::Db) -> crm::Result<Roster> {
        let users = crm::users::list(db).await?;
        let queues = crm::queues::list(db).await?;
        Ok(Roster {
            names: users.into_iter().map(|user| (user.id, user.display_name)).collect(),
            queues: queues
                .into_iter()
                .map(|queue| RosterQueue {
                    id: queue.id,
                    name: queue.name,
                    ring_timeout_ms: ms(queue.ring_timeout_ms),
                    wrap_up_ms: ms(queue.wrap_up_ms),
                    max_wait_ms: queue.max_wait_ms.map(ms),
                })
                .collect(),
        })
    }

    pub fn name_of(&self, user: Uuid) -> Option<&str> {
        self.names.get(&user).map(String::as_str)
    }

    pub fn queues(&self) -> impl Iterator<Item = &RosterQueue> {
        self.queues.iter()
    }

    pub fn queue(&self, id: Uuid) -> Option<&RosterQueue> {
        self.queues.iter().find(|queue| queue.id == id)
    }
}

/// The database has no unsigned numbers; none of these can be negative there.
pub fn ms(stored: i64) -> u64 {
    u64::try_from(stored).unwrap_or(0)
}
