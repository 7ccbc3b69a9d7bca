//! A call's record, written as the call goes.
//!
//! What happened is noted in order and written together at the next [`Journal::flush`], in one
//! transaction: a call that rings, is answered and bridged costs one flush, not three. Notes that
//! could not be written stay for the next flush, which is tried again with all of them.

use std::path::Path;

use chrono::{DateTime, Utc};
use crm::Lane;
use crm::calls::{self, FinishCall, NewCall};
use crm::recordings::{self, NewRecording};
use crm::segments;
use crm::words::{CallState, LegEndedBy, LegRole, RecordingConsent, RecordingDecider, RecordingStatus};
use futures_util::FutureExt;
use tracing::error;
use uuid::Uuid;

use super::end::End;
use super::lease;
use super::segments::Marked;
use super::task::CallFacts;

/// Notes kept while the database refuses. A call makes a dozen; one that makes more than this
/// while nothing can be written loses the oldest.
const NOTES_LIMIT: usize = 256;
/// What a recording is until it says otherwise: wide voices are recorded at twice the rate.
const RECORDING_SAMPLE_RATE_HZ: i32 = 8000;
const RECORDING_CHANNELS: i32 = 2;

pub struct NewCallRow {
    pub node: String,
    pub facts: CallFacts,
    pub at: DateTime<Utc>,
}

pub struct NewLeg {
    pub id: Uuid,
    pub role: LegRole,
    pub user: Option<Uuid>,
    /// The number or device at the other end.
    pub peer: String,
    pub sip_call_id: String,
    pub at: DateTime<Utc>,
}

pub struct LegEnd {
    pub at: DateTime<Utc>,
    pub by: LegEndedBy,
    /// SIP final code; 200 for an ordinary hang-up.
    pub code: u16,
    pub reason: Option<String>,
}

impl LegEnd {
    pub fn local(at: DateTime<Utc>, code: u16) -> LegEnd {
        LegEnd { at, by: LegEndedBy::Local, code, reason: None }
    }

    pub fn of(at: DateTime<Utc>, ended: &sip::Ended) -> LegEnd {
        LegEnd {
            at,
            by: match ended.by {
                sip::EndedBy::Local => LegEndedBy::Local,
                sip::EndedBy::Remote => LegEndedBy::Remote,
                sip::EndedBy::Timeout => LegEndedBy::Timeout,
                sip::EndedBy::Transport => LegEndedBy::Transport,
            },
            code: ended.code,
            reason: (!ended.reason.is_empty()).then(|| ended.reason.clone()),
        }
    }
}

pub struct RecordingEnd {
    pub row: Uuid,
    pub duration_ms: u64,
    pub bytes: u64,
    pub sample_rate_hz: u32,
}

pub struct FinishRow {
    pub end: End,
    pub at: DateTime<Utc>,
}

#[derive(Clone)]
enum Note {
    Begin(Box<NewCall>),
    LegAdded(calls::NewLeg),
    LegRinging(Uuid, DateTime<Utc>),
    LegAnswered(Uuid, DateTime<Utc>),
    LegEnded(calls::LegEnd),
    Queued(Uuid, DateTime<Utc>),
    State(CallState, Option<Uuid>, DateTime<Utc>),
    Answered(Option<Uuid>, DateTime<Utc>),
    Quality(Box<calls::LegQuality>),
    Recording(NewRecording),
    RecordingClosed(recordings::RecordingEnd),
    Segment(Marked),
    RecordingDecided(RecordingDecider),
    RecordingConsent(RecordingConsent, DateTime<Utc>),
    Finish(FinishCall),
}

/// One call's record.
pub struct Journal {
    db: crm::Db,
    call: Uuid,
    notes: Vec<Note>,
}

impl Journal {
    pub fn new(db: crm::Db, call: Uuid) -> Journal {
        Journal { db, call, notes: Vec::new() }
    }

    pub fn begin(&mut self, new: NewCallRow) {
        let facts = new.facts;
        self.note(Note::Begin(Box::new(NewCall {
            id: facts.id,
            node: new.node,
            lease_until: lease::until(new.at),
            direction: facts.direction,
            trunk: facts.trunk,
            caller: facts.caller,
            called: facts.called,
            queue_id: facts.queue,
            user_id: facts.agent,
            contact_id: facts.contact.map(|contact| contact.id),
            match_kind: facts.match_kind,
            state: match facts.direction {
                crm::words::Direction::Inbound => CallState::Greeting,
                crm::words::Direction::Outbound => CallState::Dialling,
            },
            started_at: new.at,
            test: facts.test,
        })));
    }

    pub fn leg_added(&mut self, leg: NewLeg) {
        self.note(Note::LegAdded(calls::NewLeg {
            id: leg.id,
            call_id: self.call,
            role: leg.role,
            user_id: leg.user,
            peer: leg.peer,
            sip_call_id: leg.sip_call_id,
            started_at: leg.at,
        }));
    }

    pub fn leg_ringing(&mut self, leg: Uuid, at: DateTime<Utc>) {
        self.note(Note::LegRinging(leg, at));
    }

    pub fn leg_answered(&mut self, leg: Uuid, at: DateTime<Utc>) {
        self.note(Note::LegAnswered(leg, at));
    }

    pub fn leg_ended(&mut self, leg: Uuid, end: LegEnd) {
        self.note(Note::LegEnded(calls::LegEnd {
            id: leg,
            at: end.at,
            by: end.by,
            code: Some(i32::from(end.code)),
            reason: end.reason,
        }));
    }

    pub fn queued(&mut self, queue: Uuid, at: DateTime<Utc>) {
        self.note(Note::Queued(queue, at));
    }

    pub fn state(&mut self, state: CallState, agent: Option<Uuid>, at: DateTime<Utc>) {
        self.note(Note::State(state, agent, at));
    }

    pub fn answered(&mut self, agent: Option<Uuid>, at: DateTime<Utc>) {
        self.note(Note::Answered(agent, at));
    }

    pub fn leg_quality(&mut self, quality: calls::LegQuality) {
        self.note(Note::Quality(Box::new(quality)));
    }

    pub fn recording_started(&mut self, row: Uuid, relative: &Path, at: DateTime<Utc>) {
        self.note(Note::Recording(NewRecording {
            id: row,
            call_id: self.call,
            path: relative.to_string_lossy().into_owned(),
            started_at: at,
            sample_rate: RECORDING_SAMPLE_RATE_HZ,
            channels: RECORDING_CHANNELS,
        }));
    }

    pub fn recording_closed(&mut self, end: RecordingEnd) {
        self.note(Note::RecordingClosed(recordings::RecordingEnd {
            id: end.row,
            status: RecordingStatus::Ready,
            duration_ms: i64::try_from(end.duration_ms).unwrap_or(i64::MAX),
            bytes: i64::try_from(end.bytes).unwrap_or(i64::MAX),
            sample_rate: i32::try_from(end.sample_rate_hz).ok(),
        }));
    }

    pub fn recording_decided(&mut self, by: RecordingDecider) {
        self.note(Note::RecordingDecided(by));
    }

    pub fn recording_consent(&mut self, answer: RecordingConsent, at: DateTime<Utc>) {
        self.note(Note::RecordingConsent(answer, at));
    }

    pub fn segment(&mut self, marked: Marked) {
        self.note(Note::Segment(marked));
    }

    /// The last note: the call, its legs and the timeline entry.
    pub fn finish(&mut self, row: FinishRow) {
        self.note(Note::Finish(FinishCall {
            call_id: self.call,
            at: row.at,
            by: row.end.by,
            cause: row.end.cause,
            legs: Vec::new(),
            recordings: Vec::new(),
        }));
    }

    fn note(&mut self, note: Note) {
        if self.notes.len() == NOTES_LIMIT {
            error!("the database has refused for too long: an old note is lost");
            self.notes.remove(0);
        }
        self.notes.push(note);
    }

    /// Writes what has been noted. Afterwards it is on disk, or still noted here.
    pub async fn flush(&mut self) {
        if self.notes.is_empty() {
            return;
        }
        let notes = self.notes.clone();
        let call = self.call;
        let written = self
            .db
            .write(Lane::Calls, move |tx| {
                async move {
                    for note in &notes {
                        write(tx, call, note).await?;
                    }
                    Ok(())
                }
                .boxed()
            })
            .await;
        match written {
            Ok(()) => self.notes.clear(),
            Err(failure) => error!(%failure, "call record not written yet"),
        }
    }
}

async fn write(tx: &crm::Tx, call: Uuid, note: &Note) -> crm::Result<()> {
    match note {
        Note::Begin(new) => calls::begin(tx, new).await,
        Note::LegAdded(new) => calls::add_leg(tx, new).await,
        Note::LegRinging(leg, at) => calls::leg_ringing(tx, *leg, *at).await,
        Note::LegAnswered(leg, at) => calls::leg_answered(tx, *leg, *at).await,
        Note::LegEnded(end) => calls::leg_ended(tx, end).await,
        Note::Queued(queue, at) => calls::queued(tx, call, *queue, *at).await,
        Note::State(CallState::Ringing, Some(agent), at) => calls::offered(tx, call, *agent, *at).await,
        Note::State(state, _, at) => calls::set_state(tx, call, *state, *at).await,
        Note::Answered(agent, at) => calls::answered(tx, call, *agent, *at).await,
        Note::Quality(quality) => calls::add_leg_quality(tx, quality).await,
        Note::Recording(new) => recordings::begin(tx, new).await,
        Note::RecordingClosed(end) => recordings::close(tx, end).await,
        Note::RecordingDecided(by) => calls::recording_decided(tx, call, *by).await,
        Note::RecordingConsent(answer, at) => calls::recording_consent(tx, call, *answer, *at).await,
        Note::Segment(Marked { recording, turn }) => segments::put(tx, *recording, turn).await,
        Note::Finish(end) => calls::finish(tx, end).await.map(drop),
    }
}
