//! A prompt on its way to one leg, a packet a tick.

use std::sync::Arc;

use crate::codec::CodecKind;
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
    pub(super) fn fill(&mut self, kind: CodecKind, frame: &mut [u8; FRAME_SAMPLES]) -> Option<PlayId> {
        let sound = self.prompt.encoded(kind);
        let mut filled = 0;
        while filled < FRAME_SAMPLES {
            let left = &sound[self.at..];
            let count = left.len().min(FRAME_SAMPLES - filled);
            frame[filled..filled + count].copy_from_slice(&left[..count]);
            filled += count;
            self.at += count;
            if self.at < sound.len() {
                continue;
            }
            match self.repeat {
                Repeat::Forever => self.at = 0,
                Repeat::Once => {
                    frame[filled..].fill(kind.silence());
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
        let sound = prompt.encoded(CodecKind::Pcma).to_vec();
        let mut frame = [0; FRAME_SAMPLES];

        let mut once = Player::new(PlayId(7), prompt.clone(), Repeat::Once);
        assert_eq!(once.fill(CodecKind::Pcma, &mut frame), None);
        assert_eq!(once.fill(CodecKind::Pcma, &mut frame), None);
        assert_eq!(once.fill(CodecKind::Pcma, &mut frame), Some(PlayId(7)));
        assert_eq!(frame[..80], sound[320..]);
        assert_eq!(frame[80..], [CodecKind::Pcma.silence(); 80]);

        let mut forever = Player::new(PlayId(8), prompt, Repeat::Forever);
        let mut heard = Vec::new();
        for _ in 0..10 {
            assert_eq!(forever.fill(CodecKind::Pcma, &mut frame), None);
            heard.extend(frame);
        }
        assert_eq!(heard, sound.repeat(4));
    }
}
