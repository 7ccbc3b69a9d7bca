//! When a recording counts as listened to again: a player asks for one sound in many parts. Pure.

use std::collections::HashMap;
use std::time::Duration;

use uuid::Uuid;

/// Requests closer together than this are one listening.
const PAUSE: Duration = Duration::from_secs(600);
/// Listenings under way; beyond it old ones are forgotten, which at worst logs one twice.
const UNDER_WAY: usize = 4096;

/// What the sound is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    Play,
    Download,
}

impl Purpose {
    /// Its word in the audit log.
    pub const fn action(self) -> &'static str {
        match self {
            Self::Play => "recording.listened",
            Self::Download => "recording.downloaded",
        }
    }
}

/// Who is listening to what, and since when they last asked for a part.
#[derive(Debug, Default)]
pub struct Listenings(HashMap<(Uuid, Uuid, Purpose), Duration>);

impl Listenings {
    /// Whether this request begins a listening, to be written into the audit log.
    pub fn begins(&mut self, user: Uuid, recording: Uuid, purpose: Purpose, now: Duration) -> bool {
        let begins =
            self.0.get(&(user, recording, purpose)).is_none_or(|last| now.saturating_sub(*last) >= PAUSE);
        if self.0.len() >= UNDER_WAY {
            self.0.retain(|_, last| now.saturating_sub(*last) < PAUSE);
            if self.0.len() >= UNDER_WAY {
                self.0.clear();
            }
        }
        self.0.insert((user, recording, purpose), now);
        begins
    }

    /// The listening did not come about.
    pub fn forget(&mut self, user: Uuid, recording: Uuid, purpose: Purpose) {
        self.0.remove(&(user, recording, purpose));
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
        assert!(listenings.begins(user, sound, Purpose::Play, at(0)));
        assert!(!listenings.begins(user, sound, Purpose::Play, at(500)));
        assert!(!listenings.begins(user, sound, Purpose::Play, at(1000)), "each part prolongs it");
        assert!(listenings.begins(other, sound, Purpose::Play, at(1000)));
        assert!(listenings.begins(user, sound, Purpose::Download, at(1000)), "not the same as playing");
        assert!(listenings.begins(user, sound, Purpose::Play, at(1600)));
    }

    #[test]
    fn the_table_stays_bounded() {
        let mut listenings = Listenings::default();
        for sound in 0..10_000 {
            listenings.begins(Uuid::from_u128(1), Uuid::from_u128(sound), Purpose::Play, Duration::ZERO);
        }
        assert!(listenings.0.len() <= UNDER_WAY);
    }
}
