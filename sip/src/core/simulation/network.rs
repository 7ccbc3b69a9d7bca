//! The future: packets under way and what users will do.

use std::{cmp::Reverse, collections::BTreeMap, time::Duration};

use bytes::Bytes;

use super::{Dice, LegId, Time, user::Action};
use crate::core::Ticket;

/// Of 100 packets on a rough network.
const LOST_PCT: u64 = 12;
const DOUBLED_PCT: u64 = 6;

/// Delays are drawn anew for each packet, so later ones overtake.
const DELAY_MAX_MS: u64 = 400;

/// On a connection, order is kept: every packet takes the same time.
const CONNECTION_DELAY_MS: u64 = 20;

#[derive(Debug)]
pub(super) enum What {
    Place { side: usize },
    Arrive { side: usize, bytes: Bytes },
    Known { side: usize, ticket: Ticket, username: String },
    Act { side: usize, leg: LegId, action: Action },
}

#[derive(Debug, Default)]
pub(super) struct Network {
    /// By time, then in the order of their making.
    future: BTreeMap<(Time, u64), What>,
    made: u64,
}

impl Network {
    pub fn push(&mut self, at: Time, what: What) {
        self.made += 1;
        self.future.insert((at, self.made), what);
    }

    pub fn carry(&mut self, now: Time, dice: &mut Dice, rough: bool, side: usize, bytes: &Bytes) {
        if !rough {
            let at = now + Duration::from_millis(CONNECTION_DELAY_MS);
            self.push(at, What::Arrive { side, bytes: bytes.clone() });
            return;
        }
        if dice.below(100) < LOST_PCT {
            return;
        }
        let copies = if dice.below(100) < DOUBLED_PCT { 2 } else { 1 };
        for _ in 0..copies {
            let at = now + Duration::from_millis(1 + dice.below(DELAY_MAX_MS));
            self.push(at, What::Arrive { side, bytes: bytes.clone() });
        }
    }

    pub fn next(&self) -> Option<Time> {
        self.future.first_key_value().map(|((at, _), _)| *at)
    }

    pub fn take_due(&mut self, now: Time) -> Option<What> {
        let next = Reverse(self.next()?);
        (next >= Reverse(now)).then(|| self.future.pop_first())?.map(|(_, what)| what)
    }
}
