//! A prompt on its way to one leg, a packet a tick.

use std::sync::Arc;

use crate::codec::{FRAME_SAMPLES_LIMIT, Law};
use crate::prompt::Prompt;
use crate::session::{PlayId, Repeat};

/// Samples in a packet: 20 ms.
pub(super) const FRAME_SAMPLES: usize = 160;

/// A prompt and where it stands.
pub(super) struct Player {
    play: PlayId,
    prompt: Arc<Prompt>,
    repeat: Repeat,
    at: usize,
    /// The next packet begins a talkspurt.
    pub begins: bool,
}

impl Player {
    pub(super) fn new(play: PlayId, prompt: Arc<Prompt>, repeat: Repeat) -> Player {
        Player { play, prompt, repeat, at: 0, begins: true }
    }

    /// Fills the next packet. The end of a prompt that plays once is padded with silence; says
    /// which play that was.
    pub(super) fn fill(&mut self, law: Law, frame: &mut [u8; FRAME_SAMPLES]) -> Option<PlayId> {
        let prompt = self.prompt.clone();
        self.fill_from(prompt.encoded(law), 1, law.silence(), frame)
    }

    /// The same as linear sound at 16000 Hz.
    pub(super) fn fill_wide(&mut self, frame: &mut [i16; FRAME_SAMPLES_LIMIT]) -> Option<PlayId> {
        let prompt = self.prompt.clone();
        self.fill_from(prompt.wide(), 2, 0, frame)
    }

    /// `sound` has `per_code` samples where the law has one.
    fn fill_from<T: Copy>(
        &mut self,
        sound: &[T],
        per_code: usize,
        silence: T,
        frame: &mut [T],
    ) -> Option<PlayId> {
        let mut filled = 0;
        while filled < frame.len() {
            let left = &sound[self.at * per_code..];
            let count = left.len().min(frame.len() - filled);
            frame[filled..filled + count].copy_from_slice(&left[..count]);
            filled += count;
            self.at += count / per_code;
            if self.at * per_code < sound.len() {
                continue;
            }
            match self.repeat {
                Repeat::Forever => self.at = 0,
                Repeat::Once => {
                    frame[filled..].fill(silence);
                    return Some(self.play);
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn once_ends_with_silence_and_forever_has_no_seam() {
        let prompt = Arc::new(Prompt::tone(440.0, 50));
        let sound = prompt.encoded(Law::A).to_vec();
        let mut frame = [0; FRAME_SAMPLES];

        let mut once = Player::new(PlayId(7), prompt.clone(), Repeat::Once);
        assert_eq!(once.fill(Law::A, &mut frame), None);
        assert_eq!(once.fill(Law::A, &mut frame), None);
        assert_eq!(once.fill(Law::A, &mut frame), Some(PlayId(7)));
        assert_eq!(frame[..80], sound[320..]);
        assert_eq!(frame[80..], [Law::A.silence(); 80]);

        let mut forever = Player::new(PlayId(8), prompt, Repeat::Forever);
        let mut heard = Vec::new();
        for _ in 0..10 {
            assert_eq!(forever.fill(Law::A, &mut frame), None);
            heard.extend(frame);
        }
        assert_eq!(heard, sound.repeat(4));
    }
}
