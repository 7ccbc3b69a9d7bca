//! The call's recording: begun, ended, paused; each file has its row before it is closed.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Datelike, Utc};
use crm::words::{RecordingNotice, RecordingPolicy, SegmentKind};
use media::Mark;
use tracing::{error, info, warn};
use uuid::Uuid;

use super::CallTask;
use crate::calls::board::News;
use crate::calls::floor::{WishRefusal, WishReply};
use crate::calls::flow::Phase;
use crate::calls::journal::RecordingEnd;
use crate::calls::keeping::{Keeping, Order, Outcome};
use crate::calls::notice::{Notice, Standing};
use crate::calls::record_policy::{Rule, Wishes, direction, notice};
use crate::calls::segments::{Marked, Segments, Stretch};
use crate::calls_port::RecordCommand;
use crate::recordings::SEALED;
use crate::views::RecordingState;

/// Who asks for a pause at the same time; more is a page that loops.
const ASKERS_LIMIT: usize = 16;

/// The recordings of this call.
#[derive(Default)]
pub struct Recorder {
    keeping: Keeping,
    pub(super) notice: Notice,
    /// What the customer hears of it.
    pub(super) saying: Option<media::PlayId>,
    /// Somebody wants the recording that the customer is asked about.
    pub(super) asked_by_hand: bool,
    /// The customer was being told when something else had to be heard.
    pub(super) tell_again: bool,
    segments: Segments,
    /// Files that are not closed yet, by their path on disk.
    open: Vec<(PathBuf, Uuid)>,
    /// Who waits for the pause to begin.
    until_paused: Vec<WishReply>,
}

impl Recorder {
    pub fn has_begun(&self) -> bool {
        self.keeping.has_begun()
    }

    pub fn is_paused(&self) -> bool {
        self.keeping.word() == RecordingState::Paused
    }

    pub fn is_writing(&self) -> bool {
        !self.open.is_empty()
    }

    fn answer_askers(&mut self) {
        for asker in self.until_paused.drain(..) {
            // Who asked may have gone.
            let _ = asker.send(Ok(()));
        }
    }
}

impl CallTask {
    /// When there is somebody to record, and when another agent has the customer. A call that comes to a
    /// queue or a user whose calls are never recorded is recorded no longer.
    pub(super) async fn record_as_the_house_wants(&mut self) {
        let (rule, notice) = self.recording_rule().await;
        if self.live.recording_rule.is_none_or(|known| known.decided_by != rule.decided_by) {
            self.journal.recording_decided(rule.decided_by);
        }
        self.live.recording_rule = Some(rule.view());
        let command = match rule {
            Rule { may_start: false, .. } => RecordCommand::Stop,
            Rule { begins: true, .. } if !self.recorder.has_begun() => RecordCommand::Start,
            _ => return,
        };
        if command == RecordCommand::Stop {
            self.end_notice();
        } else {
            match self.recorder.notice.standing(notice) {
                Standing::May => {}
                // Somebody who hears music is told when that is over.
                Standing::First if self.flow.phase() == Phase::Talking => {
                    self.begin_notice(notice);
                    self.note_recording();
                    return;
                }
                Standing::First | Standing::UnderWay | Standing::Unanswered | Standing::Refused => return,
            }
        }
        self.wish_recording(command);
        self.note_recording();
    }

    pub(super) fn wish_recording(&mut self, command: RecordCommand) {
        if let Outcome::Do(order) = self.recorder.keeping.wish(command, true) {
            self.carry_out(order);
        }
    }

    /// What the house wants of this call, and what the customer is to be told first.
    pub(super) async fn recording_rule(&self) -> (Rule, RecordingNotice) {
        let calls = &self.shared.config.calls;
        let (queue, queue_notice) = match self.facts.queue {
            None => (None, None),
            Some(queue) => match crm::queues::get(&self.shared.db, queue).await {
                Ok(queue) => (queue.recording, queue.recording_notice),
                Err(failure) => {
                    // What was not recorded can still be asked for; what was cannot be taken back.
                    error!(%failure, "the queue's wish not read: recorded on demand, with the customer's consent");
                    (Some(RecordingPolicy::OnDemand), Some(RecordingNotice::Consent))
                }
            },
        };
        let notice = notice(calls.recording_notice, queue_notice, self.facts.is_among_colleagues());
        if self.recorder.notice.is_refused() {
            return (Rule::refused(), notice);
        }
        let direction = direction(calls, self.facts.direction, self.facts.is_among_colleagues());
        let user = match self.flow.agent() {
            None => None,
            Some(agent) => match crm::users::by_id(&self.shared.db, agent.0).await {
                Ok(user) => user.recording,
                Err(failure) => {
                    error!(%failure, "the user's wish not read: recorded on demand");
                    Some(RecordingPolicy::OnDemand)
                }
            },
        };
        (Rule::of(Wishes { house: calls.record, direction, user, queue }), notice)
    }

    /// A far end that comes out of a paused call brings its pause along: the secret is still being told.
    pub(super) async fn bring_pause(&mut self) {
        self.shared.trace.mask(self.facts.id, true).await;
        if let Outcome::Do(order) | Outcome::UntilPaused { order: Some(order) } =
            self.recorder.keeping.wish(RecordCommand::Pause, true)
        {
            self.carry_out(order);
        }
        self.note_recording();
    }

    pub(super) async fn steer_recording(&mut self, command: RecordCommand, reply: WishReply) {
        let (rule, notice) = self.recording_rule().await;
        // The queue may have been changed since the call was connected.
        self.live.recording_rule = Some(rule.view());
        if command == RecordCommand::Start && self.recorder.notice.is_refused() {
            let _ = reply.send(Err(WishRefusal::RecordingRefused));
            return;
        }
        if !rule.allows(command) {
            let _ = reply.send(Err(WishRefusal::RecordingPolicy));
            return;
        }
        if command == RecordCommand::Start && self.recorder.notice.standing(notice) != Standing::May {
            let _ = reply.send(self.ask_before_recording(notice));
            self.show_recording().await;
            return;
        }
        if command == RecordCommand::Stop {
            self.recorder.asked_by_hand = false;
            self.recorder.tell_again = false;
            self.end_notice();
        }
        let talking = matches!(self.flow.phase(), Phase::Talking | Phase::Held | Phase::Parked);
        let outcome = match command {
            RecordCommand::Pause if self.recorder.until_paused.len() == ASKERS_LIMIT => Outcome::NotNow,
            _ => self.recorder.keeping.wish(command, talking),
        };
        info!(?command, ?outcome, "recording");
        if command == RecordCommand::Pause && outcome != Outcome::NotNow {
            // Before the first key: what is keyed must not be traced either.
            self.shared.trace.mask(self.facts.id, true).await;
        }
        let answer = match outcome {
            Outcome::Done => Ok(()),
            Outcome::NotNow => Err(WishRefusal::NotNow),
            Outcome::Do(order) => {
                self.carry_out(order);
                if order == Order::Resume && self.recorder.keeping.word() != RecordingState::Paused {
                    // Without a file the session does not say that the pause is over.
                    self.shared.trace.mask(self.facts.id, false).await;
                }
                Ok(())
            }
            Outcome::UntilPaused { order } => {
                self.recorder.until_paused.push(reply);
                if let Some(order) = order {
                    self.carry_out(order);
                }
                return;
            }
        };
        self.show_recording().await;
        let _ = reply.send(answer);
    }

    /// Somebody in the call wants the recording, and the customer does not know of it yet.
    fn ask_before_recording(&mut self, notice: RecordingNotice) -> Result<(), WishRefusal> {
        match self.recorder.notice.standing(notice) {
            Standing::UnderWay => {}
            Standing::First | Standing::Unanswered if self.flow.phase() == Phase::Talking => {
                self.begin_notice(notice);
            }
            _ => return Err(WishRefusal::NotNow),
        }
        self.recorder.asked_by_hand = true;
        Ok(())
    }

    fn carry_out(&mut self, order: Order) {
        match order {
            Order::Begin => self.begin_file(),
            Order::End => {
                self.session.stop_recording();
                self.recorder.segments.ended();
            }
            Order::Pause => self.session.pause_recording(),
            Order::Resume => self.session.resume_recording(),
        }
    }

    /// The file's name is the call's id, so that a file without its row still finds its call.
    fn begin_file(&mut self) {
        let now = self.shared.clock.now_utc();
        // Counted already.
        let number = self.recorder.keeping.next_file() - 1;
        let key = self.shared.recording_keys.current();
        let ending = if key.is_some() { SEALED } else { "wav" };
        let relative = relative_path(self.facts.id, number, ending, self.live.started_at);
        let row = Uuid::now_v7();
        self.journal.recording_started(row, &relative, now);
        let path = self.shared.config.hub.data_dir.join(&relative);
        self.recorder.open.push((path.clone(), row));
        match key {
            Some(key) => self.session.record_sealed(path, key),
            None => self.session.record(path),
        }
        let label = self.recorder.segments.begun(row, self.stretch());
        self.session.mark_recording(label);
    }

    /// What goes on may be something else now.
    pub(super) fn mark_segment(&mut self) {
        // The end is no turn.
        if self.ended.is_some() {
            return;
        }
        if let Some(label) = self.recorder.segments.turned(self.stretch()) {
            self.session.mark_recording(label);
        }
    }

    fn stretch(&self) -> Stretch {
        let course = self.flow.course();
        let kind = match course.kind {
            // A phone that holds the customer by itself.
            SegmentKind::Talk if self.is_held() => SegmentKind::Hold,
            kind => kind,
        };
        Stretch { kind, user: course.agent.map(|agent| agent.0) }
    }

    /// Kept at once: a segment that a person would miss must not wait for the next change.
    async fn keep_segment(&mut self, marked: Option<Marked>) {
        let Some(marked) = marked else { return };
        self.journal.segment(marked);
        // The first comes with the recording itself, and is written with it.
        if marked.turn.position > 0 {
            self.journal.flush().await;
        }
    }

    /// The session says where the recording stands.
    pub(super) async fn recording_marked(&mut self, mark: Mark, offset_ms: u64) {
        match mark {
            Mark::Paused => {
                let marked = self.recorder.segments.paused(offset_ms);
                self.keep_segment(marked).await;
                self.recorder.keeping.paused();
                self.show_recording().await;
                self.recorder.answer_askers();
            }
            Mark::Resumed => {
                let marked = self.recorder.segments.resumed(offset_ms);
                self.keep_segment(marked).await;
                if self.recorder.keeping.resumed() {
                    self.shared.trace.mask(self.facts.id, false).await;
                }
                self.show_recording().await;
            }
            Mark::Label(label) => {
                let marked = self.recorder.segments.placed(label, offset_ms);
                self.keep_segment(marked).await;
            }
        }
    }

    /// The call has ended, and what was asked before that is answered.
    pub(super) fn recording_marked_late(&mut self, mark: Mark, offset_ms: u64) {
        let segments = &mut self.recorder.segments;
        let marked = match mark {
            Mark::Paused => segments.paused(offset_ms),
            Mark::Resumed => segments.resumed(offset_ms),
            Mark::Label(label) => segments.placed(label, offset_ms),
        };
        if let Some(marked) = marked {
            self.journal.segment(marked);
        }
    }

    /// A file is whole, or as whole as it gets.
    pub(super) async fn recording_closed(&mut self, closed: media::Event) {
        let media::Event::RecordingClosed { path, duration_ms, bytes, sample_rate_hz, error } = closed else {
            return;
        };
        if let Some(failure) = &error {
            warn!(%failure, "recording is not whole");
        }
        let Some(row) = self.recorder.take(&path) else { return };
        self.journal.recording_closed(RecordingEnd { row, duration_ms, bytes, sample_rate_hz });
        if !self.recorder.is_writing() && self.ended.is_none() {
            self.recorder.keeping.closed();
            self.show_recording().await;
            self.recorder.answer_askers();
            self.journal.flush().await;
        }
    }

    pub(super) async fn show_recording(&mut self) {
        if self.note_recording() {
            self.shared.board.tell(News::Call(self.live.clone())).await;
        }
    }

    /// Whether it is another than before.
    pub(super) fn note_recording(&mut self) -> bool {
        let word = match self.recorder.keeping.word() {
            RecordingState::Off if self.recorder.notice.is_under_way() => RecordingState::Asking,
            word => word,
        };
        let is_new = self.live.recording != word;
        if is_new {
            self.live.recording = word;
            self.live.recording_since = self.shared.clock.now_utc();
        }
        is_new
    }
}

impl Recorder {
    fn take(&mut self, path: &Path) -> Option<Uuid> {
        let place = self.open.iter().position(|(open, _)| open == path)?;
        Some(self.open.remove(place).1)
    }
}

/// `recordings/2026/11/22/<call>.wav` below the data folder, by the day the call began; `<call>-2.wav`
/// for the second.
fn relative_path(call: Uuid, number: u16, ending: &str, began: DateTime<Utc>) -> PathBuf {
    let name = match number {
        0 | 1 => format!("{call}.{ending}"),
        further => format!("{call}-{further}.{ending}"),
    };
    PathBuf::from("recordings")
        .join(format!("{:04}", began.year()))
        .join(format!("{:02}", began.month()))
        .join(format!("{:02}", began.day()))
        .join(name)
}
