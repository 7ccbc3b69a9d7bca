//! Aurora's queues, members, numbers, and the words that agents choose from, in the database.

use std::collections::HashMap;

use crm::dispositions::{Label, NewDisposition};
use crm::not_ready_reasons::NotReadyReason;
use crm::queues::NewQueue;
use crm::routes::{NewRoute, RouteTarget};
use crm::{Db, Lane, Tx};
use uuid::Uuid;

use super::house::{DISPOSITIONS, NOT_READY_REASONS, QUEUES, Queue, STAFF, Words};

/// In one transaction. For a database with the logins of [`STAFF`].
pub async fn create(db: &Db) -> Result<(), crm::Error> {
    let users: HashMap<String, Uuid> =
        crm::users::list(db).await?.into_iter().map(|user| (user.email, user.id)).collect();
    db.write(Lane::Bulk, move |tx| {
        Box::pin(async move {
            for (position, queue) in (0..).zip(QUEUES) {
                create_queue(tx, position, queue, &users).await?;
            }
            for (position, (code, words, kind)) in (0..).zip(DISPOSITIONS) {
                let new =
                    NewDisposition { code: (*code).to_owned(), label: label(words), kind: *kind, position };
                crm::dispositions::upsert(tx, &new).await?;
            }
            for (position, (code, words, paid)) in (0..).zip(NOT_READY_REASONS) {
                let reason =
                    NotReadyReason { code: (*code).to_owned(), label: label(words), paid: *paid, position };
                crm::not_ready_reasons::upsert(tx, &reason).await?;
            }
            Ok(())
        })
    })
    .await
}

async fn create_queue(
    tx: &Tx,
    position: i32,
    queue: &Queue,
    users: &HashMap<String, Uuid>,
) -> Result<(), crm::Error> {
    let new = NewQueue {
        position,
        weight: queue.weight,
        ring_timeout_ms: queue.ring_timeout_ms,
        wrap_up_ms: queue.wrap_up_ms,
        max_wait_ms: Some(queue.max_wait_ms),
        greeting: Some("greeting".to_owned()),
        music: Some("hold-music".to_owned()),
        overflow: Some("overflow".to_owned()),
        ..NewQueue::named(queue.name)
    };
    let queue_id = crm::queues::upsert(tx, &new).await?.id;
    let serves = STAFF.iter().filter(|person| person.queues.contains(&queue.key));
    // Somebody who is not there any more serves nothing.
    let members: Vec<Uuid> = serves.filter_map(|person| users.get(&person.email()).copied()).collect();
    crm::queues::set_members(tx, queue_id, &members).await?;
    let route = NewRoute {
        position,
        pattern: queue.number.to_owned(),
        label: queue.name.to_owned(),
        target: RouteTarget::Queue { queue_id },
    };
    crm::routes::create(tx, &route).await?;
    Ok(())
}

fn label(words: &Words) -> Label {
    Label::new(words.en, words.es, words.zh)
}
