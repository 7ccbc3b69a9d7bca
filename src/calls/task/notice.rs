//! The customer is told, or asked, before the call is recorded: before the queue, so that no agent waits for it, or else
//! in the conversation, where everybody hears it.

use std::time::Duration;

use crm::words::{RecordingConsent, RecordingNotice};
use media::Repeat;
use tokio::time::Instant;
use tracing::info;

use super::CallTask;
use crate::calls::flow::{Event, Phase, Side, Sound, Wait};
use crate::calls::notice::{Standing, Step};
use crate::calls_port::RecordCommand;

/// How long a key is waited for after the question.
pub(super) const KEY_WAIT: Duration = Duration::from_secs(5);

impl CallTask {
    /// What was played once is over; what the flow is told of it.
    pub(super) async fn sound_over(&mut self, sound: Sound) -> Option<Event> {
        if sound == Sound::Greeting && self.flow.phase() == Phase::Greeting && self.is_told_first().await {
            // The flow hears of the greeting's end when the notice is over too.
            return None;
        }
        Some(Event::SoundOver(sound))
    }

    /// A caller whose call will be recorded is told so before the queue.
    async fn is_told_first(&mut self) -> bool {
        let (rule, wanted) = self.recording_rule().await;
        rule.begins && self.recorder.notice.standing(wanted) == Standing::First && self.begin_notice(wanted)
    }

    /// Whether there is something to be said.
    pub(super) fn begin_notice(&mut self, wanted: RecordingNotice) -> bool {
        match self.recorder.notice.begin(wanted) {
            Some(Step::Say(sound)) => {
                self.say(sound);
                true
            }
            Some(Step::AwaitKey | Step::Settled(_)) | None => false,
        }
    }

    pub(super) fn notice_is(&self, play: media::PlayId) -> bool {
        self.recorder.saying == Some(play)
    }

    pub(super) async fn notice_said(&mut self) -> Option<Event> {
        self.recorder.saying = None;
        let step = self.recorder.notice.said();
        self.go_on_with_notice(step).await
    }

    pub(super) async fn key_pressed(&mut self, leg: media::LegId, key: char) -> Option<Event> {
        if self.side_of(leg) != Some(Side::Customer) {
            return None;
        }
        let step = self.recorder.notice.key(key);
        self.go_on_with_notice(step).await
    }

    pub(super) async fn key_late(&mut self) -> Option<Event> {
        let step = self.recorder.notice.key_late();
        self.go_on_with_notice(step).await
    }

    async fn go_on_with_notice(&mut self, step: Option<Step>) -> Option<Event> {
        match step? {
            Step::Say(sound) => self.say(sound),
            Step::AwaitKey => {
                self.waits.insert(Wait::Key, Instant::now() + self.patience(Wait::Key));
            }
            Step::Settled(answer) => return self.notice_settled(answer).await,
        }
        None
    }

    /// The answer is on disk before anything is recorded.
    async fn notice_settled(&mut self, answer: RecordingConsent) -> Option<Event> {
        info!(?answer, "the customer knows of the recording");
        self.hush();
        self.journal.recording_consent(answer, self.shared.clock.now_utc());
        self.journal.flush().await;
        if self.flow.phase() == Phase::Greeting {
            return Some(Event::SoundOver(Sound::Greeting));
        }
        if std::mem::take(&mut self.recorder.asked_by_hand) && answer_allows(answer) {
            self.wish_recording(RecordCommand::Start);
        }
        self.record_as_the_house_wants().await;
        self.show_recording().await;
        None
    }

    /// To everybody who is there; what they said to one another is not heard meanwhile.
    fn say(&mut self, sound: Sound) {
        let prompt = self.shared.sounds.get(sound, &self.facts.sounds, self.facts.language);
        let legs: Vec<_> = self.hearers();
        for (side, leg) in legs {
            let play = self.session.play(leg, prompt.clone(), Repeat::Once);
            if side == Side::Customer {
                self.recorder.saying = Some(play);
            }
        }
    }

    fn hush(&mut self) {
        self.waits.remove(&Wait::Key);
        if self.recorder.saying.take().is_some() {
            for (_, leg) in self.hearers() {
                self.session.stop_playing(leg);
            }
        }
    }

    fn hearers(&self) -> Vec<(Side, media::LegId)> {
        let answered = self.legs.seated().filter(|(side, slot)| *side == Side::Customer || slot.answered);
        answered.map(|(side, slot)| (side, slot.media)).collect()
    }

    /// The customer hears something else from now on. What the house wants is said anew after it; who asked by hand
    /// asks again.
    pub(super) fn interrupt_notice(&mut self) {
        if self.end_notice() {
            self.recorder.tell_again = !std::mem::take(&mut self.recorder.asked_by_hand);
        }
    }

    /// Nobody wants the recording any more. Whether something was being said.
    pub(super) fn end_notice(&mut self) -> bool {
        let was_under_way = self.recorder.notice.broken_off();
        if was_under_way {
            self.hush();
            self.note_recording();
        }
        was_under_way
    }

    /// What was broken off is said as soon as the customer is in a conversation again.
    pub(super) fn is_to_be_told_again(&mut self) -> bool {
        self.flow.phase() == Phase::Talking && std::mem::take(&mut self.recorder.tell_again)
    }
}

fn answer_allows(answer: RecordingConsent) -> bool {
    matches!(answer, RecordingConsent::Announced | RecordingConsent::Given)
}
