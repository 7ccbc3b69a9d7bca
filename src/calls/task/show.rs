//! What the call's record and the board are told as it goes.

use tracing::{debug, info};

use super::{Beginning, CallTask};
use crate::calls::board::News;
use crate::calls::flow::{Phase, Plan};
use crate::calls::journal::NewCallRow;
use crate::views::LiveCallState;

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
        self.journal.state(state, self.live.agent_id, now);
        self.journal.flush().await;
        debug!(?state, "call shown");
        self.shared.board.tell(News::Call(self.live.clone())).await;
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
