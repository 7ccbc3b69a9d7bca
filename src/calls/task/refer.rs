//! A phone that hands its customer on by itself (RFC 3515): the transfer key of a desk phone.

use callcenter::{AgentId, QueueId};
use crm::routes::RouteTarget;
use sip::{ReferId, ReferTo};
use tracing::{error, info};

use super::CallTask;
use super::legs::Place;
use crate::calls::floor::WishRefusal;
use crate::calls::flow::{Callee, Event, Side, Wish};

impl CallTask {
    /// The hub takes the transfer over: the phone is told that it is done and may go, and what
    /// becomes of the customer is the flow's to decide.
    pub(super) async fn referred(&mut self, place: Place, id: ReferId, to: ReferTo) -> Option<Event> {
        let leg = self.legs.at(place)?;
        let (commands, user) = (leg.signalling.commands(), leg.user);
        // Nobody but a phone of ours hands a call on: a stranger is not let loose on our trunks,
        // whichever side of the call the stranger is on.
        let ours = user.filter(|_| place == Place::Seat(Side::Party)).map(AgentId);
        if let (Some(agent), Some(replaces)) = (ours, &to.replaces) {
            return self.joined_by_phone(agent, id, replaces).await;
        }
        let refusal = match (ours, self.meant_by(&to).await) {
            (None, _) => 403,
            (Some(_), Err(code)) => code,
            (Some(agent), Ok(wish)) => match self.prepare(agent, &wish).await {
                Ok(()) => {
                    info!(wish = wish.name(), "asked for by the phone");
                    // A leg that is gone says so through its own event.
                    let _ = commands.accept_refer(id);
                    let _ = commands.notify_refer(id, 200, "OK", true);
                    return Some(Event::Asked(wish));
                }
                Err(refusal) => code_of(refusal),
            },
        };
        info!(code = refusal, "transfer by the phone refused");
        let _ = commands.refuse_refer(id, refusal);
        None
    }

    /// Whom the phone means: a colleague's phone, a number of ours, a number outside.
    async fn meant_by(&self, to: &ReferTo) -> Result<Wish, u16> {
        if let Some(phone) = self.shared.phones.owner_of(&to.user) {
            return Ok(Wish::Transfer(Callee::Agent(phone.agent)));
        }
        let number = self.shared.dialable(&to.user).ok_or(404_u16)?;
        let route = crm::routes::resolve(&self.shared.db, &number).await.map_err(|failure| {
            error!(%failure, "route not looked up");
            503_u16
        })?;
        Ok(match route.map(|route| route.target) {
            Some(RouteTarget::Queue { queue_id }) => Wish::TransferToQueue(QueueId(queue_id)),
            Some(RouteTarget::User { user_id }) => Wish::Transfer(Callee::Agent(AgentId(user_id))),
            Some(RouteTarget::External { number }) => Wish::Transfer(Callee::Number(number)),
            None => Wish::Transfer(Callee::Number(number)),
        })
    }
}

pub(super) fn code_of(refusal: WishRefusal) -> u16 {
    match refusal {
        WishRefusal::NotNow | WishRefusal::RecordingPolicy | WishRefusal::RecordingRefused => 491,
        WishRefusal::AgentBusy => 486,
        WishRefusal::PhoneNotReachable => 480,
        WishRefusal::OutboundRefused | WishRefusal::NotInQueue => 403,
        WishRefusal::NoDigits => 400,
    }
}
