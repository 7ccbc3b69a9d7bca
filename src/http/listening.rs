//! When a recording counts as listened to again: a player asks for one sound in many parts. Pure.

use std::collections::HashMap;
use std::time::Duration;

use uuid::Uuid;

/// Requests closer together than this are one listening.
const PAUSE: Duration = Duration::from_secs(600);
/// Listenings under way; beyond it old ones are forgotten, which at worst logs one twice.
const UNDER_WAY: usize = 4096;

/// Who is listening to what, and since when they last asked for a part.
#[derive(Debug, Default)]
pub struct Listenings(HashMap<(Uuid, Uuid), Duration>);

impl Listenings {
    /// Whether this request begins a listening, to be written into the audit log.
    pub fn begins(&mut self, user: Uuid, recording: Uuid, now: Duration) -> bool {
        let begins = self.0.get(&(user, recording)).is_none_or(|last| now.saturating_sub(*last) >= PAUSE);
        if self.0.len() >= UNDER_WAY {
            self.0.retain(|_, last| now.saturating_sub(*last) < PAUSE);
            if self.0.len() >= UNDER_WAY {
                self.0.clear();
            }
        }
        self.0.insert((user, recording), now);
        begins
    }

    /// The listening did not come about.
    pub fn forget(&mut self, user: Uuid, recording: Uuid) {
        self.0.remove(&(user, recording));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_one_sound_are_one_listening() {
        let mut listenings = Listenings::default();
        let (user, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let sound = Uuid::from_u128(3);
        let at = Duration::from_secs;
        assert!(listenings.begins(user, sound, at(0)));
        assert!(!listenings.begins(user, sound, at(500)));
        assert!(!listenings.begins(user, sound, at(1000)), "each part prolongs it");
        assert!(listenings.begins(other, sound, at(1000)));
        assert!(listenings.begins(user, sound, at(1600)));
    }

    #[test]
    fn the_table_stays_bounded() {
        let mut listenings = Listenings::default();
        for sound in 0..10_000 {
            listenings.begins(Uuid::from_u128(1), Uuid::from_u128(sound), Duration::ZERO);
        }
        assert!(listenings.0.len() <= UNDER_WAY);
    }
}
