//! One call of a demo party: carries out on the wire what its [`Party`] decides.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use media::{Channel, Direction, Event, LegStats, Prompt, Repeat};
use sip::{LegControl, LegEvent};
use tokio::sync::{mpsc, watch};

use super::behaviour::{Act, Input, Manner, Order, Party};
use super::endpoint;

/// Orders that wait for one call; a person presses one button at a time.
pub const ORDERS_LIMIT: usize = 4;
/// How long the sockets' last counts are waited for.
const COUNTS_LIMIT: Duration = Duration::from_secs(1);

/// Why a call could not even begin.
#[derive(Debug, thiserror::Error)]
pub enum TalkError {
    #[error(transparent)]
    Media(#[from] media::MediaError),
    #[error(transparent)]
    Sdp(#[from] media::sdp::SdpError),
}

/// How a call went, for the log and for tests.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Heard {
    pub answered: bool,
    pub sound: LegStats,
}

/// The sound of one party: a media session with a single leg.
pub struct Voice {
    session: media::Session,
    events: mpsc::Receiver<Event>,
    leg: media::LegId,
    sdp: media::sdp::LocalSdp,
    speech: Arc<Prompt>,
}

impl Voice {
    pub fn open(media: &media::Media, speech: Arc<Prompt>) -> Result<Self, TalkError> {
        let (session, events) = media.open()?;
        let leg = session.add_leg(Channel::Left)?;
        Ok(Self { session, events, leg: leg.id, sdp: leg.sdp(), speech })
    }

    pub fn offer(&mut self) -> Bytes {
        self.sdp.offer(&[], Direction::SendRecv)
    }

    /// Answers the hub's offer and sends where it says.
    fn take_offer(&mut self, body: &[u8]) -> Result<Bytes, TalkError> {
        let offer = media::sdp::parse(body)?;
        let (answer, remote) = self.sdp.answer(&offer, None, Direction::SendRecv)?;
        self.session.connect(self.leg, remote);
        Ok(answer)
    }

    fn take_answer(&mut self, body: &[u8]) -> Result<(), TalkError> {
        let remote = self.sdp.accept(&media::sdp::parse(body)?)?;
        self.session.connect(self.leg, remote);
        Ok(())
    }

    fn speak(&self) {
        self.session.play(self.leg, Arc::clone(&self.speech), Repeat::Forever);
    }

    /// Closes the sockets and answers what went through them.
    async fn close(mut self) -> LegStats {
        self.session.remove_leg(self.leg);
        let counts = async {
            while let Some(event) = self.events.recv().await {
                if let Event::LegClosed { stats, .. } = event {
                    return stats;
                }
            }
            LegStats::default()
        };
        tokio::time::timeout(COUNTS_LIMIT, counts).await.unwrap_or_default()
    }
}

/// One running call.
pub struct Talk {
    party: Party,
    leg: sip::Leg,
    sip_call_id: String,
    control: LegControl,
    voice: Voice,
    /// The hub's offer, until it is answered.
    offer: Bytes,
    answered: bool,
    left: bool,
}

impl Talk {
    /// A call that came in. A call whose offer nobody can take is refused by the caller of this.
    pub fn called(incoming: sip::Incoming, voice: Voice, manner: Manner) -> Self {
        let (party, act) = Party::called(Instant::now(), manner);
        let mut talk = Self::new(party, incoming.leg, voice);
        talk.offer = incoming.body;
        talk.perform(act);
        talk
    }

    /// A call that was placed with [`Voice::offer`].
    pub fn calling(leg: sip::Leg, voice: Voice, manner: Manner) -> Self {
        Self::new(Party::calling(Instant::now(), manner), leg, voice)
    }

    fn new(party: Party, leg: sip::Leg, voice: Voice) -> Self {
        let control = leg.commands();
        let sip_call_id = leg.sip_call_id.clone();
        Self { party, leg, sip_call_id, control, voice, offer: Bytes::new(), answered: false, left: false }
    }

    /// Lives through the call; ends when it is over, or soon after `stop` becomes true.
    pub async fn run(mut self, mut orders: mpsc::Receiver<Order>, mut stop: watch::Receiver<bool>) -> Heard {
        let mut stopping = false;
        while let (false, Some(deadline)) = (self.left, self.party.next_deadline()) {
            let input = tokio::select! {
                event = self.leg.event() => self.signalled(event),
                Some(order) = orders.recv() => Some(Input::Ordered(order)),
                // A sender that is gone means the same: the demo has ended.
                () = endpoint::told(&mut stop), if !stopping => {
                    stopping = true;
                    Some(Input::Ordered(Order::HangUp))
                }
                Some(event) = self.voice.events.recv() => {
                    self.heard(&event);
                    None
                }
                () = tokio::time::sleep_until(deadline.into()) => Some(Input::Tick),
            };
            if let Some(act) = input.and_then(|input| self.party.handle(Instant::now(), input)) {
                self.perform(act);
            }
        }
        // From here on the phone is free for a next call.
        drop(orders);
        let sound = self.voice.close().await;
        tracing::debug!(
            sip_call_id = self.sip_call_id,
            answered = self.answered,
            packets_in = sound.packets_in,
            packets_out = sound.packets_out,
            lost = sound.lost,
            "demo party left its call"
        );
        Heard { answered: self.answered, sound }
    }

    fn signalled(&mut self, event: Option<LegEvent>) -> Option<Input> {
        match event {
            None | Some(LegEvent::Ended(_)) => Some(Input::Ended),
            Some(LegEvent::Answered { body }) => match self.voice.take_answer(&body) {
                Ok(()) => Some(Input::FarAnswered),
                Err(err) => {
                    tracing::warn!(sip_call_id = self.sip_call_id, %err, "demo party cannot use the hub's answer");
                    Some(Input::Ordered(Order::HangUp))
                }
            },
            Some(LegEvent::Reoffer { body }) => {
                self.take_reoffer(body.as_deref());
                None
            }
            Some(_) => None,
        }
    }

    /// Hold, or a change of address. A re-INVITE without an offer gets none of ours (RFC 3261 §14.2).
    fn take_reoffer(&mut self, body: Option<&[u8]>) {
        let answer = body.and_then(|body| self.voice.take_offer(body).ok());
        let done = match answer {
            Some(answer) => self.control.accept_reoffer(answer),
            None => self.control.refuse_reoffer(488),
        };
        self.note_gone(done);
    }

    fn heard(&self, event: &Event) {
        match event {
            Event::Latched { .. } => {
                tracing::debug!(sip_call_id = self.sip_call_id, "demo party hears the hub")
            }
            Event::Digit { .. } => {
                // Not which: it may be a card's.
                tracing::debug!(sip_call_id = self.sip_call_id, "demo party heard a digit");
            }
            _ => {}
        }
    }

    fn perform(&mut self, act: Act) {
        let done = match act {
            Act::Ring => self.control.ring(),
            Act::Answer => self.pick_up(),
            Act::Speak => {
                self.answered = true;
                self.voice.speak();
                Ok(())
            }
            Act::Refuse(code) => self.control.reject(code, reason_of(code)),
            Act::HangUp => self.control.end(None),
            Act::Leave => {
                self.left = true;
                Ok(())
            }
        };
        self.note_gone(done);
    }

    fn pick_up(&mut self) -> Result<(), sip::LegGone> {
        let offer = std::mem::take(&mut self.offer);
        match self.voice.take_offer(&offer) {
            Ok(answer) => {
                self.answered = true;
                self.voice.speak();
                self.control.answer(answer)
            }
            Err(err) => {
                tracing::warn!(sip_call_id = self.sip_call_id, %err, "demo party cannot use the hub's offer");
                // The leg ends with it, and with that the party.
                self.control.reject(488, reason_of(488))
            }
        }
    }

    fn note_gone(&self, done: Result<(), sip::LegGone>) {
        if done.is_err() {
            // Its Ended event is on the way.
            tracing::debug!(sip_call_id = self.sip_call_id, "demo party spoke to a call that is over");
        }
    }
}

/// RFC 3261 §21.
fn reason_of(code: u16) -> &'static str {
    match code {
        480 => "Temporarily Unavailable",
        486 => "Busy Here",
        488 => "Not Acceptable Here",
        _ => "Decline",
    }
}
