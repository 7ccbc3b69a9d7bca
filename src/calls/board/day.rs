//! The day's counts per queue, and the agents' state history.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use crm::Lane;
use futures_util::FutureExt;
use uuid::Uuid;

use super::news::{AgentNews, Tally};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub answered: u32,
    pub abandoned: u32,
}

/// How many calls each queue has had since midnight UTC.
#[derive(Clone, Debug)]
pub struct Day {
    date: NaiveDate,
    counts: BTreeMap<Uuid, Counts>,
}

impl Day {
    /// Counts what the day has had so far.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn read(db: &crm::Db, now: DateTime<Utc>) -> crm::Result<Day> {
        let date = now.date_naive();
        let midnight = date.and_time(chrono::NaiveTime::MIN).and_utc();
        let mut counts = BTreeMap::new();
        for of_day in crm::calls::queue_counts(db, midnight).await? {
            counts.insert(
                of_day.queue_id,
                Counts {
                    answered: u32::try_from(of_day.answered).unwrap_or(u32::MAX),
                    abandoned: u32::try_from(of_day.abandoned).unwrap_or(u32::MAX),
                },
            );
        }
        Ok(Day { date, counts })
    }

    pub fn of(&self, queue: Uuid) -> Counts {
        self.counts.get(&queue).copied().unwrap_or_default()
    }

    /// One more call has ended; a new day starts from nothing.
    pub fn count(&mut self, queue: Uuid, tally: Tally, now: DateTime<Utc>) {
        if now.date_naive() != self.date {
            self.date = now.date_naive();
            self.counts.clear();
        }
        let counts = self.counts.entry(queue).or_default();
        match tally {
            Tally::Answered => counts.answered += 1,
            Tally::Abandoned => counts.abandoned += 1,
            Tally::Neither => {}
        }
    }
}

/// Writes the states that agents entered, in one transaction and in their order.
pub(super) async fn write(db: &crm::Db, node: &str, entered: Vec<AgentNews>) -> crm::Result<()> {
    let node = node.to_owned();
    db.write(Lane::Calls, move |tx| {
        async move {
            for news in &entered {
                let change = crm::agent_history::AgentChange {
                    node: node.clone(),
                    user_id: news.id.0,
                    state: news.state,
                    reason: news.reason.clone(),
                    call_id: news.call_id,
                    queue_id: news.queue_id,
                    at: news.since,
                };
                crm::agent_history::record(tx, &change).await?;
            }
            Ok(())
        }
        .boxed()
    })
    .await
}
