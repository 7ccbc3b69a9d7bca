//! What the call's record and the board are told as it goes.

use callcenter::CallId;
use tracing::{debug, info};

use super::{Beginning, CallTask, LegSlot};
use crate::calls::board::News;
use crate::calls::flow::{Phase, Plan, Side};
use crate::calls::journal::NewCallRow;
use crate::views::{LiveCallState, Participant, ParticipantKind};

impl CallTask {
    /// The row that says there is a call, before anybody hears of it.
    pub(super) async fn begin_record(&mut self, beginning: &Beginning) {
        info!(
            direction = ?self.facts.direction,
            matched = ?self.facts.match_kind,
            refused = matches!(beginning.plan, Plan::Refuse { .. }),
            "call begins"
        );
        self.journal.begin(NewCallRow {
            node: self.shared.config.hub.node.clone(),
            facts: self.facts.clone(),
            at: self.live.started_at,
        });
        self.journal.flush().await;
        if !matches!(beginning.plan, Plan::Refuse { .. }) {
            self.shared.board.tell(News::Call(self.live.clone())).await;
        }
    }

    /// The call is somewhere else than before: kept, then shown.
    pub(super) async fn show_phase(&mut self) {
        let state = self.state_word();
        let now = self.shared.clock.now_utc();
        if self.live.state != state {
            self.live.state = state;
            self.live.state_since = now;
        }
        self.live.agent_id = self.flow.agent().map(|agent| agent.0);
        self.live.consulting = self.flow.is_consulting();
        self.live.participants = self.participants();
        if state != LiveCallState::Parked && self.live.parked_slot.take().is_some() {
            self.live.parked_by = None;
            self.shared.floor.free_slot(CallId(self.facts.id)).await;
        }
        self.journal.state(state, self.live.agent_id, now);
        self.journal.flush().await;
        debug!(?state, "call shown");
        self.light_lamps().await;
        self.shared.board.tell(News::Call(self.live.clone())).await;
    }

    /// Whether somebody came, left, answered or sounds otherwise than when the call was shown.
    pub(super) fn participants_changed(&self) -> bool {
        self.live.participants != self.participants()
    }

    pub(super) fn participants(&self) -> Vec<Participant> {
        let participant = |(side, slot): (Side, &LegSlot)| Participant {
            leg_id: slot.row,
            kind: match side {
                Side::Customer => ParticipantKind::Customer,
                Side::Party => ParticipantKind::Agent,
                Side::Guest(_) => ParticipantKind::Guest,
            },
            user_id: slot.user,
            peer: slot.peer.clone(),
            answered: slot.answered,
            quality: self.hearing.word(slot.media),
        };
        self.legs.everybody().map(participant).collect()
    }

    fn state_word(&self) -> LiveCallState {
        match self.flow.phase() {
            Phase::Greeting => LiveCallState::Greeting,
            Phase::Waiting => LiveCallState::Waiting,
            Phase::Ringing => LiveCallState::Ringing,
            Phase::Dialling => LiveCallState::Dialling,
            Phase::Talking if self.is_held() => LiveCallState::Held,
            Phase::Talking => LiveCallState::Talking,
            Phase::Held => LiveCallState::Held,
            Phase::Parked => LiveCallState::Parked,
            Phase::Overflow => LiveCallState::Overflow,
            Phase::Ended => LiveCallState::Ended,
        }
    }
}
