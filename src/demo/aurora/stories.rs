//! What happened between Aurora and its customers before the demo began: tickets, leads, notes, calls.
//! Made from a seed, without a database; times are minutes before the first start.

use crm::words::{LeadStatus, Role, TicketPriority, TicketStatus};

use super::super::chance::Chance;
use super::book::{Book, Contact};
use super::house::{DISPOSITIONS, QUEUES, Queue, STAFF};
use super::texts;

const STORY_SEED: u64 = 0x0570_2135;
const TICKETS: usize = 60;
const LEADS: usize = 30;
const NOTES: usize = 70;
const CALLS: usize = 120;
/// Out of a hundred past calls, how many were given up before an agent answered.
const ABANDONED_PCT: usize = 8;
/// How far back the oldest story goes.
const OLDEST_DAYS: usize = 120;
const MINUTES_A_DAY: i64 = 24 * 60;

#[derive(Clone, Debug)]
pub struct Ticket {
    /// Index into [`Book::contacts`].
    pub contact: usize,
    /// Handle of a person of Aurora.
    pub owner: &'static str,
    pub subject: &'static str,
    pub description: &'static str,
    pub status: TicketStatus,
    pub priority: TicketPriority,
    pub kind: &'static str,
    /// What was written on it since, oldest first.
    pub progress: &'static [&'static str],
    pub minutes_ago: i64,
}

#[derive(Clone, Debug)]
pub struct Lead {
    pub contact: usize,
    pub owner: &'static str,
    pub title: &'static str,
    pub status: LeadStatus,
    pub source: &'static str,
    pub minutes_ago: i64,
}

#[derive(Clone, Debug)]
pub struct Note {
    pub contact: usize,
    pub author: &'static str,
    pub text: &'static str,
    pub minutes_ago: i64,
}

/// A call of the past, without its recording: nobody is deceived by a made one.
#[derive(Clone, Debug)]
pub struct Call {
    pub contact: usize,
    pub queue: &'static Queue,
    pub minutes_ago: i64,
    pub wait_ms: i64,
    /// None for a caller who gave up.
    pub answer: Option<Answer>,
}

/// How a past call went on once an agent had it.
#[derive(Clone, Debug)]
pub struct Answer {
    pub agent: &'static str,
    pub talk_ms: i64,
    /// Index into [`DISPOSITIONS`].
    pub disposition: usize,
}

#[derive(Clone, Debug)]
pub struct Stories {
    pub tickets: Vec<Ticket>,
    pub leads: Vec<Lead>,
    pub notes: Vec<Note>,
    pub calls: Vec<Call>,
}

impl Stories {
    /// The same stories for the same book.
    pub fn of(book: &Book) -> Self {
        let mut teller = Teller { chance: Chance::new(STORY_SEED), contacts: &book.contacts };
        Self {
            // A ticket's number says when it came.
            tickets: oldest_first((0..TICKETS).map(|at| teller.ticket(at)), |ticket| ticket.minutes_ago),
            leads: oldest_first((0..LEADS).map(|at| teller.lead(at)), |lead| lead.minutes_ago),
            notes: (0..NOTES).map(|_| teller.note()).collect(),
            calls: (0..CALLS).map(|_| teller.call()).collect(),
        }
    }
}

fn oldest_first<T>(stories: impl Iterator<Item = T>, minutes_ago: impl Fn(&T) -> i64) -> Vec<T> {
    let mut stories: Vec<T> = stories.collect();
    stories.sort_by_key(|story| std::cmp::Reverse(minutes_ago(story)));
    stories
}

struct Teller<'a> {
    chance: Chance,
    contacts: &'a [Contact],
}

impl Teller<'_> {
    /// Spread over the whole book, so that most test calls meet somebody with a past.
    fn contact(&mut self, at: usize, of: usize) -> usize {
        let stride = (self.contacts.len() / of).max(1);
        (at * stride + self.chance.below(stride)) % self.contacts.len()
    }

    fn agent(&mut self) -> &'static str {
        let agents: Vec<&'static str> =
            STAFF.iter().filter(|person| person.role == Role::Agent).map(|person| person.handle).collect();
        self.chance.one_of(&agents)
    }

    /// In office hours' distance, more of them lately than long ago.
    fn minutes_ago(&mut self) -> i64 {
        let days = self.chance.between(1, OLDEST_DAYS).min(self.chance.between(1, OLDEST_DAYS));
        i64::try_from(days).unwrap_or(1) * MINUTES_A_DAY - i64::try_from(self.chance.below(600)).unwrap_or(0)
    }

    fn ticket(&mut self, at: usize) -> Ticket {
        let contact = self.contact(at, TICKETS);
        let language = self.contacts[contact].language;
        let &(subject, description) = self.chance.pick(texts::cases(language));
        // A third of them is settled.
        let status = self.chance.one_of(&{
            use TicketStatus::{Closed, Open, Pending, Solved};
            [Open, Open, Open, Pending, Solved, Closed]
        });
        let priority = self.chance.one_of(&{
            use TicketPriority::{High, Low, Normal, Urgent};
            [Normal, Normal, Normal, Low, High, Urgent]
        });
        let kind = self.chance.one_of(&["problem", "question", "complaint", "request"]);
        let steps = texts::progress(language);
        let written = match status {
            TicketStatus::Solved | TicketStatus::Closed => steps.len(),
            TicketStatus::Pending => 2,
            TicketStatus::Open => self.chance.below(2),
        };
        Ticket {
            contact,
            owner: self.agent(),
            subject,
            description,
            status,
            priority,
            kind,
            progress: &steps[..written],
            minutes_ago: self.minutes_ago(),
        }
    }

    fn lead(&mut self, at: usize) -> Lead {
        let contact = self.contact(at, LEADS);
        Lead {
            contact,
            owner: self.agent(),
            title: self.chance.one_of(texts::lead_titles(self.contacts[contact].language)),
            status: self.chance.one_of(&{
                use LeadStatus::{Contacted, Lost, New, Qualified, Won};
                [New, New, Contacted, Contacted, Qualified, Lost, Won]
            }),
            source: self.chance.one_of(&["website", "phone", "fair", "recommendation"]),
            minutes_ago: self.minutes_ago(),
        }
    }

    fn note(&mut self) -> Note {
        let contact = self.chance.below(self.contacts.len());
        Note {
            contact,
            author: self.agent(),
            text: self.chance.one_of(texts::notes(self.contacts[contact].language)),
            minutes_ago: self.minutes_ago(),
        }
    }

    fn call(&mut self) -> Call {
        let queue = self.chance.pick(QUEUES);
        let members: Vec<&'static str> = STAFF
            .iter()
            .filter(|person| person.queues.contains(&queue.key))
            .map(|person| person.handle)
            .collect();
        let answer = if self.chance.percent(ABANDONED_PCT) {
            None
        } else {
            Some(Answer {
                agent: self.chance.one_of(&members),
                talk_ms: self.milliseconds(25_000, 420_000),
                disposition: self.chance.below(DISPOSITIONS.len()),
            })
        };
        Call {
            contact: self.chance.below(self.contacts.len()),
            queue,
            minutes_ago: self.minutes_ago(),
            wait_ms: self.milliseconds(2_000, 70_000),
            answer,
        }
    }

    fn milliseconds(&mut self, low: usize, high: usize) -> i64 {
        i64::try_from(self.chance.between(low, high)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_promised_amount_the_same_every_time_and_all_in_the_past() {
        let book = Book::of_aurora();
        let stories = Stories::of(&book);
        assert_eq!((stories.tickets.len(), stories.leads.len()), (TICKETS, LEADS));
        let longest_ms = |call: &Call| call.wait_ms + call.answer.as_ref().map_or(0, |answer| answer.talk_ms);
        assert!(
            stories.calls.iter().all(|call| call.minutes_ago * 60_000 > longest_ms(call)),
            "all calls are over"
        );
        assert_eq!(format!("{stories:?}"), format!("{:?}", Stories::of(&book)));
        let settled = |ticket: &&Ticket| matches!(ticket.status, TicketStatus::Solved | TicketStatus::Closed);
        assert!(stories.tickets.iter().filter(settled).all(|ticket| ticket.progress.len() == 3));
    }

    #[test]
    fn stories_are_spread_over_many_contacts() {
        let stories = Stories::of(&Book::of_aurora());
        let contacts: HashSet<usize> = stories.tickets.iter().map(|ticket| ticket.contact).collect();
        assert!(contacts.len() > TICKETS * 3 / 4);
    }
}
