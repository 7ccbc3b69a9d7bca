//! Whether what is said in a call is kept: a pure machine. The media session is told what comes out
//! of it, and says when a pause has begun and when it is really over.

use crate::calls_port::RecordCommand;
use crate::views::RecordingState;

/// Files of one call. Whoever stops and starts more often than this means a pause.
pub const FILES_LIMIT: u16 = 20;

/// What the session is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Begin,
    End,
    Pause,
    Resume,
}

/// What becomes of a wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is so already.
    Done,
    Do(Order),
    /// To be answered when the session has said that the pause has begun; `order` if it has not been
    /// asked yet.
    UntilPaused {
        order: Option<Order>,
    },
    NotNow,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Privacy {
    #[default]
    Open,
    /// Asked to pause.
    Closing,
    Paused,
    /// Asked to go on; voice of the pause may still come.
    Opening,
}

/// One call's recording.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keeping {
    recorded: bool,
    privacy: Privacy,
    /// Files begun.
    files: u16,
}

impl Keeping {
    pub fn word(self) -> RecordingState {
        match (self.privacy, self.recorded) {
            (Privacy::Closing | Privacy::Paused | Privacy::Opening, _) => RecordingState::Paused,
            (Privacy::Open, true) => RecordingState::On,
            (Privacy::Open, false) => RecordingState::Off,
        }
    }

    pub fn has_begun(self) -> bool {
        self.files > 0
    }

    /// The number of the file that is begun next, from 1.
    pub fn next_file(self) -> u16 {
        self.files + 1
    }

    /// `talking`: there is a conversation that could be kept.
    pub fn wish(&mut self, command: RecordCommand, talking: bool) -> Outcome {
        match command {
            // There is no secret yet, and nothing to record.
            _ if !talking => Outcome::NotNow,
            RecordCommand::Start if self.recorded => Outcome::Done,
            RecordCommand::Start if self.files == FILES_LIMIT => Outcome::NotNow,
            RecordCommand::Start => {
                self.recorded = true;
                self.files += 1;
                Outcome::Do(Order::Begin)
            }
            RecordCommand::Stop if !self.recorded => Outcome::Done,
            RecordCommand::Stop => {
                self.closed();
                Outcome::Do(Order::End)
            }
            RecordCommand::Pause => self.pause(),
            RecordCommand::Resume => match self.privacy {
                Privacy::Open | Privacy::Opening => Outcome::Done,
                Privacy::Closing | Privacy::Paused => {
                    // Without a file the session does not say when the pause is over.
                    self.privacy = if self.recorded { Privacy::Opening } else { Privacy::Open };
                    Outcome::Do(Order::Resume)
                }
            },
        }
    }

    fn pause(&mut self) -> Outcome {
        match (self.privacy, self.recorded) {
            (Privacy::Paused, _) => Outcome::Done,
            (Privacy::Closing, _) => Outcome::UntilPaused { order: None },
            // Without a file there is nothing that could still be written.
            (Privacy::Open | Privacy::Opening, false) => {
                self.privacy = Privacy::Paused;
                Outcome::Do(Order::Pause)
            }
            (Privacy::Open | Privacy::Opening, true) => {
                self.privacy = Privacy::Closing;
                Outcome::UntilPaused { order: Some(Order::Pause) }
            }
        }
    }

    /// The session says that nothing is kept any more.
    pub fn paused(&mut self) {
        if self.privacy == Privacy::Closing {
            self.privacy = Privacy::Paused;
        }
    }

    /// The session says that the pause is over. True when it is: a new one may have been asked for.
    pub fn resumed(&mut self) -> bool {
        let is_over = matches!(self.privacy, Privacy::Open | Privacy::Opening);
        if is_over {
            self.privacy = Privacy::Open;
        }
        is_over
    }

    /// There is no file any more: asked for, or the disk was full.
    pub fn closed(&mut self) {
        self.recorded = false;
        self.privacy = match self.privacy {
            Privacy::Open | Privacy::Opening => Privacy::Open,
            Privacy::Closing | Privacy::Paused => Privacy::Paused,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use RecordCommand::{Pause, Resume, Start, Stop};

    fn recorded() -> Keeping {
        let mut keeping = Keeping::default();
        assert_eq!(keeping.wish(Start, true), Outcome::Do(Order::Begin));
        keeping
    }

    #[test]
    fn a_pause_is_one_until_the_session_says_that_it_is_over() {
        let mut keeping = recorded();
        assert_eq!(keeping.word(), RecordingState::On);
        assert_eq!(keeping.wish(Pause, true), Outcome::UntilPaused { order: Some(Order::Pause) });
        assert_eq!(keeping.wish(Pause, true), Outcome::UntilPaused { order: None });
        assert_eq!(keeping.word(), RecordingState::Paused);
        keeping.paused();
        assert_eq!(keeping.wish(Pause, true), Outcome::Done);
        assert_eq!(keeping.wish(Resume, true), Outcome::Do(Order::Resume));
        assert_eq!(keeping.word(), RecordingState::Paused, "what was said may still come");
        assert!(keeping.resumed());
        assert_eq!(keeping.word(), RecordingState::On);
    }

    #[test]
    fn a_pause_that_is_asked_for_while_another_ends_goes_on() {
        let mut keeping = recorded();
        keeping.wish(Pause, true);
        keeping.paused();
        keeping.wish(Resume, true);
        assert_eq!(keeping.wish(Pause, true), Outcome::UntilPaused { order: Some(Order::Pause) });
        assert!(!keeping.resumed(), "said before the session heard of the second");
        keeping.paused();
        assert_eq!(keeping.word(), RecordingState::Paused);
    }

    #[test]
    fn a_call_that_is_not_recorded_can_hide_its_keys() {
        let mut keeping = Keeping::default();
        assert_eq!(keeping.wish(Pause, true), Outcome::Do(Order::Pause));
        assert_eq!(keeping.word(), RecordingState::Paused);
        assert_eq!(keeping.wish(Start, true), Outcome::Do(Order::Begin));
        assert_eq!(keeping.word(), RecordingState::Paused, "what begins in a pause begins silent");
        assert_eq!(keeping.wish(Resume, true), Outcome::Do(Order::Resume));
        assert!(keeping.resumed());
        assert_eq!(keeping.word(), RecordingState::On);
    }

    #[test]
    fn a_stop_ends_the_file_but_not_the_pause() {
        let mut keeping = recorded();
        keeping.wish(Pause, true);
        keeping.paused();
        assert_eq!(keeping.wish(Stop, true), Outcome::Do(Order::End));
        assert_eq!(keeping.word(), RecordingState::Paused);
        assert_eq!(keeping.wish(Resume, true), Outcome::Do(Order::Resume));
        assert_eq!(keeping.word(), RecordingState::Off);
        assert_eq!(keeping.wish(Stop, true), Outcome::Done);
    }

    #[test]
    fn files_are_numbered_and_bounded() {
        let mut keeping = Keeping::default();
        assert_eq!(keeping.wish(Start, false), Outcome::NotNow);
        assert!(!keeping.has_begun());
        for number in 1..=FILES_LIMIT {
            assert_eq!(keeping.next_file(), number);
            assert_eq!(keeping.wish(Start, true), Outcome::Do(Order::Begin));
            keeping.wish(Stop, true);
        }
        assert_eq!(keeping.wish(Start, true), Outcome::NotNow);
    }
}
