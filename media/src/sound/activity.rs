//! Whether somebody speaks, by energy: a conference need not carry the rustling of all who listen.

/// Louder than this is speech wherever it comes from.
const LOUD_DBOV: u8 = 35;
/// So much above the background is speech.
const ABOVE_FLOOR_DB: u8 = 9;
/// Nothing below this is.
const QUIET_DBOV: u8 = 65;
/// The background rises this slowly towards what is heard (a step each second), and falls at once.
const RISE_TURNS: u8 = 50;
/// Speech goes on this long after the last loud frame, so that no word loses its end: 400 ms.
const HANG_TURNS: u8 = 20;

/// The activity of one voice.
#[derive(Debug)]
pub(crate) struct Activity {
    floor_dbov: u8,
    rising: u8,
    hanging: u8,
}

impl Activity {
    pub(crate) fn new() -> Activity {
        Activity { floor_dbov: QUIET_DBOV, rising: 0, hanging: 0 }
    }

    /// A frame of that level (0 the loudest, 127 silence). Whether it is speech.
    pub(crate) fn frame(&mut self, level_dbov: u8) -> bool {
        if level_dbov >= self.floor_dbov {
            (self.floor_dbov, self.rising) = (level_dbov, 0);
        } else {
            self.rising += 1;
            if self.rising >= RISE_TURNS {
                (self.floor_dbov, self.rising) = (self.floor_dbov - 1, 0);
            }
        }
        let audible = level_dbov < QUIET_DBOV;
        let stands_out = level_dbov.saturating_add(ABOVE_FLOOR_DB) <= self.floor_dbov;
        if level_dbov <= LOUD_DBOV || (audible && stands_out) {
            self.hanging = HANG_TURNS;
        } else {
            self.hanging = self.hanging.saturating_sub(1);
        }
        self.hanging > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speech_stands_out_of_its_background() {
        let mut activity = Activity::new();
        // A fan at -50 dBov is speech at first, and then is not.
        let until = (0..5_000).position(|_| !activity.frame(50)).expect("it ends");
        assert!(until < 1_000, "{until}");
        assert!(activity.frame(38), "a voice above it");
        let hang = (0..100).position(|_| !activity.frame(50)).expect("it ends");
        assert_eq!(hang, usize::from(HANG_TURNS) - 1);
    }

    #[test]
    fn silence_is_none_and_loudness_always_is() {
        let mut activity = Activity::new();
        assert!(!(0..1_000).any(|_| activity.frame(127)));
        assert!((0..10_000).all(|_| activity.frame(20)));
    }
}
