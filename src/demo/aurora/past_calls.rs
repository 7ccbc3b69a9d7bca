//! Calls that Aurora had before the demo began, so that timelines and lists are not empty.

use chrono::{DateTime, TimeDelta, Utc};
use crm::Tx;
use crm::calls::{CallNotes, FinishCall, NewCall};
use crm::words::{CallEndedBy, CallState, Direction, EndCause, MatchKind};
use uuid::Uuid;

use super::book::Book;
use super::history::Known;
use super::house::DISPOSITIONS;
use super::stories::Call;

/// The node of rows that no running hub may take for its own.
const NODE: &str = "before-the-demo";
/// How long the greeting runs before the queue.
const GREETING: TimeDelta = TimeDelta::seconds(6);

/// Writes one past call from its first row to its last, in its own times. It has no legs and no recording.
pub(super) async fn write(tx: &Tx, known: &Known, book: &Book, story: &Call) -> Result<(), crm::Error> {
    let started_at = known.ago(story.minutes_ago);
    let queued_at = started_at + GREETING;
    let waited_until = queued_at + TimeDelta::milliseconds(story.wait_ms);
    let Some(queue) = known.queues.get(story.queue.name).copied() else {
        return Ok(());
    };
    let caller = &book.contacts[story.contact].phones[0].0;
    let only_one = book.by_number(caller).count() == 1;
    let call = NewCall {
        id: id_at(started_at),
        node: NODE.to_owned(),
        lease_until: started_at,
        direction: Direction::Inbound,
        trunk: None,
        caller: caller.clone(),
        called: story.queue.number.to_owned(),
        queue_id: Some(queue),
        user_id: None,
        contact_id: Some(known.contacts[story.contact]),
        match_kind: if only_one { MatchKind::Known } else { MatchKind::Maybe },
        state: CallState::Greeting,
        started_at,
        test: false,
    };
    crm::calls::begin(tx, &call).await?;
    crm::calls::queued(tx, call.id, queue, queued_at).await?;
    let agent = story.answer.as_ref().and_then(|answer| Some((answer, *known.staff.get(answer.agent)?)));
    let (at, cause) = match agent {
        None => (waited_until, EndCause::Abandoned),
        Some((answer, agent)) => {
            crm::calls::answered(tx, call.id, Some(agent), waited_until).await?;
            (waited_until + TimeDelta::milliseconds(answer.talk_ms), EndCause::Completed)
        }
    };
    let by = CallEndedBy::Customer;
    let end = FinishCall { call_id: call.id, at, by, cause, legs: Vec::new(), recordings: Vec::new() };
    crm::calls::finish(tx, &end).await?;
    if let Some((answer, _)) = agent {
        let (code, _, _) = DISPOSITIONS[answer.disposition];
        let disposition_id = Some(known.dispositions.get(code).copied());
        crm::calls::set_disposition(tx, call.id, &CallNotes { disposition_id, ..CallNotes::default() })
            .await?;
        crm::calls::wrap_up_ended(tx, call.id, at + TimeDelta::seconds(20)).await?;
    }
    Ok(())
}

/// A version 7 id of that moment, so that old calls sort before new ones.
fn id_at(at: DateTime<Utc>) -> Uuid {
    let seconds = u64::try_from(at.timestamp()).unwrap_or(0);
    Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, at.timestamp_subsec_nanos()))
}
