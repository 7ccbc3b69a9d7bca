//! Which connections may stay: each proves itself within seconds, none stays silent, and there is
//! an end to their number.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::Route;
use crate::net::ConnectionId;
use crate::session::LegId;

/// A browser checks as soon as it is connected; on a slow network that is two round trips.
const PROOF_LIMIT: Duration = Duration::from_secs(5);
/// RFC 7675 section 5.1: a browser that wants to be sent to checks every few seconds.
const SILENCE_LIMIT: Duration = Duration::from_secs(30);
/// Connections that have not proved themselves: the oldest goes for the newest, so that strangers
/// who only connect keep nobody out.
const UNPROVEN_LIMIT: usize = 64;
/// Connections of browsers at a time: half of the file descriptors of a plain login.
const PROVEN_LIMIT: usize = 512;
/// Silence after which a connection goes for a newcomer where there is no room: voice comes fifty
/// times a second, and checks at least every few seconds by a way that is used.
const SPARE_SILENCE: Duration = Duration::from_secs(5);
/// Connections of one leg: a browser comes from each of its networks to each of our addresses, and
/// anew after a restart.
const A_LEG_LIMIT: usize = 8;
/// Checks that name nobody: a restart may be known to the browser a moment before it is to us.
const NAMELESS_CHECKS_LIMIT: u32 = 8;

/// Which connections may stay.
#[derive(Default)]
pub(super) struct Roster {
    entries: HashMap<ConnectionId, Entry>,
}

struct Entry {
    standing: Standing,
    /// When a whole datagram last came, at first when it connected.
    heard: Instant,
}

enum Standing {
    /// It has shown nothing yet but so many checks that named nobody.
    Unproven { nameless: u32 },
    /// A valid check came by it: it is a leg's.
    Proven(Route),
}

impl Entry {
    fn route(&self) -> Option<Route> {
        match self.standing {
            Standing::Proven(route) => Some(route),
            Standing::Unproven { .. } => None,
        }
    }

    fn is_of(&self, session: u64, leg: LegId) -> bool {
        self.route().is_some_and(|route| (route.session, route.leg) == (session, leg))
    }
}

impl Roster {
    /// One more has connected. Says which must go for it.
    pub(super) fn admit(&mut self, now: Instant, id: ConnectionId) -> Option<ConnectionId> {
        let unproven = || self.entries.iter().filter(|(_, entry)| entry.route().is_none());
        let goes = match unproven().count() {
            ..UNPROVEN_LIMIT => None,
            _ => unproven().map(|(id, _)| *id).min(),
        };
        let standing = Standing::Unproven { nameless: 0 };
        self.entries.insert(id, Entry { standing, heard: now });
        goes
    }

    /// A valid check came by it. Says which must go for it; it may be the very one.
    pub(super) fn prove(&mut self, now: Instant, id: ConnectionId, route: Route) -> Option<ConnectionId> {
        let entry = self.entries.get(&id)?;
        if entry.route().is_some() {
            return None;
        }
        let goes = match self.longest_silent(|entry| entry.is_of(route.session, route.leg)) {
            (A_LEG_LIMIT.., Some((goes, _))) => Some(goes),
            _ => match self.longest_silent(|entry| entry.route().is_some()) {
                (..PROVEN_LIMIT, _) => None,
                (_, Some((goes, heard))) if now.duration_since(heard) >= SPARE_SILENCE => Some(goes),
                _ => return Some(id),
            },
        };
        self.entries.insert(id, Entry { standing: Standing::Proven(route), heard: now });
        goes
    }

    /// How many there are of a kind, and which of them was not heard for longest.
    fn longest_silent(&self, is_one: impl Fn(&Entry) -> bool) -> (usize, Option<(ConnectionId, Instant)>) {
        let those = || self.entries.iter().filter(|(_, entry)| is_one(entry));
        let longest = those().min_by_key(|(id, entry)| (entry.heard, **id));
        (those().count(), longest.map(|(id, entry)| (*id, entry.heard)))
    }

    /// A whole datagram came by it. Says whose it is, if it has proved itself.
    pub(super) fn heard(&mut self, now: Instant, id: ConnectionId) -> Option<Route> {
        let entry = self.entries.get_mut(&id)?;
        let route = entry.route()?;
        entry.heard = now;
        Some(route)
    }

    /// A check of its named nobody. Says whether it may try again.
    pub(super) fn named_nobody(&mut self, id: ConnectionId) -> bool {
        let Some(Entry { standing: Standing::Unproven { nameless }, .. }) = self.entries.get_mut(&id) else {
            return true;
        };
        *nameless += 1;
        *nameless < NAMELESS_CHECKS_LIMIT
    }

    /// A leg lives elsewhere.
    pub(super) fn moved(&mut self, from: Route, to: Route) {
        for entry in self.entries.values_mut() {
            if entry.route() == Some(from) {
                entry.standing = Standing::Proven(to);
            }
        }
    }

    /// The connections of a leg.
    pub(super) fn of(&self, session: u64, leg: LegId) -> Vec<ConnectionId> {
        self.entries.iter().filter(|(_, entry)| entry.is_of(session, leg)).map(|(id, _)| *id).collect()
    }

    /// Those whose time is over.
    pub(super) fn overdue(&self, now: Instant) -> Vec<ConnectionId> {
        let is_overdue = |entry: &Entry| {
            let limit = if entry.route().is_some() { SILENCE_LIMIT } else { PROOF_LIMIT };
            now.duration_since(entry.heard) >= limit
        };
        self.entries.iter().filter(|(_, entry)| is_overdue(entry)).map(|(id, _)| *id).collect()
    }

    /// It is closed. Says whose it was.
    pub(super) fn remove(&mut self, id: ConnectionId) -> Option<Route> {
        self.entries.remove(&id)?.route()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(session: u64) -> Route {
        Route { worker: 0, session, leg: LegId(1) }
    }

    fn later(start: Instant, seconds: u64) -> Instant {
        start + Duration::from_secs(seconds)
    }

    #[test]
    fn who_proves_nothing_goes_after_five_seconds_and_who_is_silent_after_thirty() {
        let start = Instant::now();
        let mut roster = Roster::default();
        let [browser, stranger] = [ConnectionId(1), ConnectionId(2)];
        for id in [browser, stranger] {
            assert_eq!(roster.admit(start, id), None);
            assert_eq!(roster.heard(later(start, 1), id), None, "nobody's yet, and that buys no time");
        }
        assert_eq!(roster.prove(later(start, 2), browser, route(7)), None);
        assert!(roster.overdue(later(start, 4)).is_empty());
        assert_eq!(roster.overdue(later(start, 5)), [stranger]);
        assert_eq!(roster.remove(stranger), None);
        assert_eq!(roster.heard(later(start, 20), browser), Some(route(7)));
        assert!(roster.overdue(later(start, 49)).is_empty());
        assert_eq!(roster.overdue(later(start, 50)), [browser]);
        assert_eq!(roster.remove(browser), Some(route(7)));
        assert_eq!(roster.entries.len(), 0);
    }

    #[test]
    fn strangers_who_connect_push_each_other_out() {
        let start = Instant::now();
        let mut roster = Roster::default();
        roster.admit(start, ConnectionId(0));
        roster.prove(start, ConnectionId(0), route(1));
        for number in 1..10_000 {
            let goes = roster.admit(start, ConnectionId(number));
            assert_ne!(goes, Some(ConnectionId(0)), "not the browser");
            assert_eq!(goes.is_some(), number > UNPROVEN_LIMIT);
            goes.map(|id| roster.remove(id));
        }
        assert_eq!(roster.entries.len(), UNPROVEN_LIMIT + 1);
    }

    #[test]
    fn a_leg_has_a_few_and_all_together_have_an_end() {
        let start = Instant::now();
        let mut roster = Roster::default();
        let prove = |roster: &mut Roster, number: usize, session: u64| {
            roster.admit(later(start, number as u64), ConnectionId(number));
            roster.prove(later(start, number as u64), ConnectionId(number), route(session))
        };
        for number in 0..A_LEG_LIMIT {
            assert_eq!(prove(&mut roster, number, 1), None);
        }
        roster.heard(later(start, 100), ConnectionId(0));
        let goes = prove(&mut roster, A_LEG_LIMIT, 1);
        assert_eq!(goes, Some(ConnectionId(1)), "the one not heard for longest");
        roster.remove(ConnectionId(1));
        assert_eq!(roster.of(1, LegId(1)).len(), A_LEG_LIMIT);
    }

    #[test]
    fn where_there_is_no_room_the_silent_go_and_those_who_speak_stay() {
        let start = Instant::now();
        let mut roster = Roster::default();
        for number in 0..PROVEN_LIMIT {
            roster.admit(start, ConnectionId(number));
            assert_eq!(roster.prove(start, ConnectionId(number), route(number as u64)), None);
        }
        let late = ConnectionId(PROVEN_LIMIT);
        for number in (0..PROVEN_LIMIT).filter(|number| *number != 7) {
            roster.heard(later(start, 4), ConnectionId(number));
        }
        roster.admit(later(start, 4), late);
        assert_eq!(roster.prove(later(start, 4), late, route(9_999)), Some(late), "there is no room");
        assert_eq!(roster.heard(later(start, 4), late), None, "it is nobody's");
        assert_eq!(roster.prove(later(start, 5), late, route(9_999)), Some(ConnectionId(7)));
        assert_eq!(roster.heard(later(start, 5), late), Some(route(9_999)));
    }

    #[test]
    fn a_leg_that_moves_takes_its_connections_along() {
        let now = Instant::now();
        let mut roster = Roster::default();
        roster.admit(now, ConnectionId(1));
        roster.prove(now, ConnectionId(1), route(1));
        roster.moved(route(1), route(2));
        assert_eq!(roster.heard(now, ConnectionId(1)), Some(route(2)));
        assert!(roster.of(1, LegId(1)).is_empty());
        assert_eq!(roster.of(2, LegId(1)), [ConnectionId(1)]);
    }

    #[test]
    fn a_stranger_guesses_a_few_times() {
        let mut roster = Roster::default();
        roster.admit(Instant::now(), ConnectionId(1));
        let tries = (0..100).take_while(|_| roster.named_nobody(ConnectionId(1))).count();
        assert_eq!(tries as u32, NAMELESS_CHECKS_LIMIT - 1);
    }
}
