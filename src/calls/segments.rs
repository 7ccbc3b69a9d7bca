//! Where in its files a call's recording turns from one thing to another: a pure machine.
//!
//! What goes on is said as it happens; where in the file that was, the media session says a little
//! later. Each place is asked for by a number, so that the answer finds what it was asked for.

use std::collections::VecDeque;

use crm::segments::Turn;
use crm::words::SegmentKind;
use uuid::Uuid;

/// Segments of one file. Who turns a call more often than this has its rest as one.
pub const SEGMENTS_LIMIT: u32 = 500;
/// Places that are asked for and not told yet; the session tells within milliseconds.
const ASKED_LIMIT: usize = 64;

/// What goes on, and who has the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub kind: SegmentKind,
    pub user: Option<Uuid>,
}

/// A segment to be kept, of this recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marked {
    pub recording: Uuid,
    pub turn: Turn,
}

#[derive(Clone, Copy, Debug)]
struct Asked {
    label: u64,
    recording: Uuid,
    stretch: Stretch,
}

/// The file that the session marks at the moment.
#[derive(Clone, Copy, Debug)]
struct File {
    recording: Uuid,
    last: Option<Turn>,
    paused: bool,
}

/// The segments of one call's recordings.
#[derive(Debug, Default)]
pub struct Segments {
    /// What goes on.
    now: Option<Stretch>,
    /// Where it is written to, as far as it was asked for.
    writes: Option<Uuid>,
    labels: u64,
    asked: VecDeque<Asked>,
    file: Option<File>,
}

impl Segments {
    /// A file begins: what goes on is its first segment. The place to ask for.
    pub fn begun(&mut self, recording: Uuid, stretch: Stretch) -> u64 {
        self.writes = Some(recording);
        self.now = Some(stretch);
        self.ask(recording, stretch)
    }

    /// Nothing is written any more.
    pub fn ended(&mut self) {
        self.writes = None;
    }

    /// This goes on now. The place to ask for, if it is another than before and is written.
    pub fn turned(&mut self, stretch: Stretch) -> Option<u64> {
        if self.now == Some(stretch) {
            return None;
        }
        self.now = Some(stretch);
        let recording = self.writes?;
        Some(self.ask(recording, stretch))
    }

    fn ask(&mut self, recording: Uuid, stretch: Stretch) -> u64 {
        self.labels += 1;
        if self.asked.len() == ASKED_LIMIT {
            self.asked.pop_front();
        }
        self.asked.push_back(Asked { label: self.labels, recording, stretch });
        self.labels
    }

    /// The session says where the place with this number is.
    pub fn placed(&mut self, label: u64, offset_ms: u64) -> Option<Marked> {
        let place = self.asked.iter().position(|asked| asked.label == label)?;
        let asked = self.asked.drain(..=place).next_back()?;
        if self.file.is_none_or(|file| file.recording != asked.recording) {
            // A pause goes on in the next file.
            let paused = self.file.is_some_and(|file| file.paused);
            self.file = Some(File { recording: asked.recording, last: None, paused });
        }
        let is_paused = self.file.is_some_and(|file| file.paused);
        let kind = if is_paused { SegmentKind::Pause } else { asked.stretch.kind };
        self.mark(Stretch { kind, ..asked.stretch }, offset_ms)
    }

    /// From here on there is silence.
    pub fn paused(&mut self, offset_ms: u64) -> Option<Marked> {
        self.file.as_mut()?.paused = true;
        let user = self.now?.user;
        self.mark(Stretch { kind: SegmentKind::Pause, user }, offset_ms)
    }

    /// From here on there is sound again.
    pub fn resumed(&mut self, offset_ms: u64) -> Option<Marked> {
        self.file.as_mut()?.paused = false;
        self.mark(self.now?, offset_ms)
    }

    fn mark(&mut self, stretch: Stretch, offset_ms: u64) -> Option<Marked> {
        let file = self.file.as_mut()?;
        let position = match file.last {
            None => 0,
            Some(last) if last.kind == stretch.kind && last.user_id == stretch.user => return None,
            // What lasted no time was nothing.
            Some(last) if last.from_ms >= offset_ms => last.position,
            Some(last) => last.position + 1,
        };
        if position >= SEGMENTS_LIMIT {
            return None;
        }
        let from_ms = if position == 0 { 0 } else { offset_ms };
        let turn = Turn { position, kind: stretch.kind, from_ms, user_id: stretch.user };
        file.last = Some(turn);
        Some(Marked { recording: file.recording, turn })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use SegmentKind::{Consult, Hold, Pause, Talk};

    fn of(kind: SegmentKind) -> Stretch {
        Stretch { kind, user: None }
    }

    fn turn(marked: Option<Marked>) -> (u32, SegmentKind, u64) {
        let turn = marked.expect("a segment").turn;
        (turn.position, turn.kind, turn.from_ms)
    }

    /// A recording that has begun with a conversation.
    fn recorded() -> (Segments, Uuid) {
        let (mut segments, recording) = (Segments::default(), Uuid::from_u128(1));
        let label = segments.begun(recording, of(Talk));
        assert_eq!(turn(segments.placed(label, 4)), (0, Talk, 0), "the first begins with the file");
        (segments, recording)
    }

    #[test]
    fn what_changes_is_a_segment_and_what_does_not_is_none() {
        let (mut segments, recording) = recorded();
        assert_eq!(segments.turned(of(Talk)), None);
        let label = segments.turned(of(Hold)).expect("asked");
        assert_eq!(turn(segments.placed(label, 1_000)), (1, Hold, 1_000));
        let label = segments.turned(of(Talk)).expect("asked");
        let marked = segments.placed(label, 3_000).expect("a segment");
        assert_eq!((marked.recording, marked.turn.position), (recording, 2));
        assert_eq!(segments.placed(label, 3_000), None, "it is told once");
        assert_eq!(segments.placed(99, 3_000), None, "nobody asked");
    }

    #[test]
    fn another_agent_is_another_segment() {
        let (mut segments, _) = recorded();
        let ben = Stretch { kind: Talk, user: Some(Uuid::from_u128(7)) };
        let label = segments.turned(ben).expect("asked");
        let marked = segments.placed(label, 500).expect("a segment");
        assert_eq!((marked.turn.position, marked.turn.user_id), (1, ben.user));
    }

    #[test]
    fn what_lasted_no_time_was_nothing() {
        let (mut segments, _) = recorded();
        let hold = segments.turned(of(Hold)).expect("asked");
        let consult = segments.turned(of(Consult)).expect("asked");
        assert_eq!(turn(segments.placed(hold, 800)), (1, Hold, 800));
        assert_eq!(turn(segments.placed(consult, 800)), (1, Consult, 800));
    }

    #[test]
    fn a_pause_covers_what_goes_on_in_it() {
        let (mut segments, _) = recorded();
        assert_eq!(turn(segments.paused(1_000)), (1, Pause, 1_000));
        let label = segments.turned(of(Hold)).expect("asked");
        assert_eq!(segments.placed(label, 1_500), None, "still nothing is kept");
        assert_eq!(turn(segments.resumed(2_000)), (2, Hold, 2_000));
    }

    #[test]
    fn a_second_file_begins_anew_and_an_end_is_no_turn() {
        let (mut segments, _) = recorded();
        segments.ended();
        assert_eq!(segments.turned(of(Hold)), None, "nothing is written");
        let second = Uuid::from_u128(2);
        let label = segments.begun(second, of(Talk));
        let marked = segments.placed(label, 0).expect("a segment");
        assert_eq!((marked.recording, marked.turn.position), (second, 0));
    }

    #[test]
    fn a_place_of_the_first_file_that_is_never_told_harms_nothing() {
        let (mut segments, _) = recorded();
        let _lost = segments.turned(of(Hold)).expect("asked");
        segments.ended();
        let second = Uuid::from_u128(2);
        let label = segments.begun(second, of(Talk));
        assert_eq!(segments.placed(label, 0).expect("a segment").recording, second);
    }

    #[test]
    fn there_are_only_so_many() {
        let (mut segments, _) = recorded();
        let mut kept = 1;
        for at in 1..2_000u64 {
            let kind = if at % 2 == 0 { Talk } else { Hold };
            let label = segments.turned(of(kind)).expect("asked");
            kept += u32::from(segments.placed(label, at * 10).is_some());
        }
        assert_eq!(kept, SEGMENTS_LIMIT);
    }
}
