//! The agent's own screen, put together from what the board knows.

use callcenter::AgentId;
use tracing::error;

use super::task::Keeper;
use crate::views::{AgentState, MyAgent, Phone, QueueRef, WrapUp};

/// None for a user who handles no calls.
pub async fn of(keeper: &Keeper, id: AgentId) -> Option<MyAgent> {
    let agent = keeper.agent_view(id)?;
    let call = agent.call_id;
    // A call that was handed on runs without the agent, who writes it up.
    let has_it = agent.state != AgentState::WrapUp;
    let current = call.filter(|_| has_it).and_then(|call| keeper.calls.get(&call).cloned());
    let pop = call.and_then(|call| keeper.pops.get(&call).cloned());
    let wrap_up = match (agent.state, call, agent.until) {
        (AgentState::WrapUp, Some(call), Some(until)) => Some(wrap_up(keeper, call, until).await),
        _ => None,
    };
    let phones = &keeper.parts.phones;
    Some(MyAgent {
        phones: phones
            .of(id)
            .into_iter()
            .map(|(phone, reachable)| Phone { id: phone.id, kind: phone.kind, label: phone.label, reachable })
            .collect(),
        phone_id: phones.chosen(id).map(|phone| phone.id),
        current,
        pop,
        wrap_up,
        queues: agent
            .queues
            .iter()
            .filter_map(|queue| keeper.parts.roster.queue(*queue))
            .map(|queue| QueueRef { id: queue.id, name: queue.name.clone() })
            .collect(),
        agent,
    })
}

/// What has been noted on the call so far; an empty sheet when the record cannot be read.
async fn wrap_up(keeper: &Keeper, call: uuid::Uuid, until: chrono::DateTime<chrono::Utc>) -> WrapUp {
    let mut sheet = WrapUp {
        call_id: call,
        until,
        disposition_id: None,
        note: String::new(),
        ticket_id: None,
        lead_id: None,
    };
    match crm::calls::get(&keeper.parts.db, call).await {
        Ok(crm::calls::CallDetail { call: noted, .. }) => {
            sheet.disposition_id = noted.disposition.map(|disposition| disposition.id);
            sheet.note = noted.note;
            sheet.ticket_id = noted.ticket.map(|ticket| ticket.id);
            sheet.lead_id = noted.lead.map(|lead| lead.id);
        }
        Err(failure) => error!(%call, %failure, "notes of the call not read"),
    }
    sheet
}
