//! What the floor and the console say to a call.

use callcenter::{AgentId, CallId, Input};
use tracing::info;

use super::CallTask;
use crate::calls::floor::{Answer, CallMessage, WishRefusal};
use crate::calls::flow::{Callee, Event, Side, Wish};

impl CallTask {
    pub(super) async fn said(&mut self, message: CallMessage) -> Option<Event> {
        Some(match message {
            CallMessage::Offered { offer, agent } => Event::Offered { offer, agent },
            CallMessage::Withdrawn { offer } => Event::Withdrawn { offer },
            CallMessage::Accepted { offer, agent } => Event::Accepted { offer, agent },
            CallMessage::Stale { offer } => Event::Stale { offer },
            CallMessage::Overflowed => Event::Overflowed,
            CallMessage::DiallingExpired { agent: by }
            | CallMessage::HangUp { by }
            | CallMessage::Reject { by }
                if self.takers.contains(&by) =>
            {
                self.stop_taking(by);
                return None;
            }
            CallMessage::DiallingExpired { agent } => Event::DiallingExpired { agent },
            CallMessage::HangUp { by } => Event::HangUpAsked { by },
            CallMessage::Reject { by } => Event::RejectAsked { by },
            CallMessage::Shutdown => Event::Shutdown,
            CallMessage::Wish { by, wish, reply } => match self.prepare(by, &wish).await {
                Ok(()) => {
                    info!(wish = wish.name(), "asked for");
                    self.asker = Some(reply);
                    Event::Asked(wish)
                }
                Err(refusal) => {
                    info!(wish = wish.name(), ?refusal, "asked for in vain");
                    // Who asked may have gone.
                    let _ = reply.send(Err(refusal));
                    return None;
                }
            },
            CallMessage::Take { by, reply } => {
                let taken = self.ring_taker(by).await;
                info!(?taken, "to be picked up from the console");
                let _ = reply.send(taken);
                return None;
            }
            CallMessage::PickUp(asked) => return self.pick_up(*asked).await,
            CallMessage::GiveUp(asked) => return self.give_up(*asked).await,
            CallMessage::Fetch(asked) => return self.fetch(*asked).await,
            CallMessage::Record { command, reply } => {
                self.steer_recording(command, reply).await;
                return None;
            }
            CallMessage::Digits { by, digits, reply } => {
                let allowed = self.flow.agent() == Some(by);
                let sent = if allowed { self.send_digits(&digits) } else { Err(WishRefusal::NotNow) };
                let _ = reply.send(sent);
                return None;
            }
        })
    }

    /// Whether it can be done; reserves the agent who is asked for. The call is steered by the agent
    /// whose it is: a guest and one who handed it on are not.
    pub(super) async fn prepare(&mut self, by: AgentId, wish: &Wish) -> Result<(), WishRefusal> {
        let steers = self.flow.agent() == Some(by) || matches!(wish, Wish::PickUp(_));
        if !steers || !self.flow.may(wish) {
            return Err(WishRefusal::NotNow);
        }
        match wish {
            Wish::Transfer(callee) | Wish::Consult(callee) | Wish::Add(callee) => match callee {
                Callee::Agent(agent) | Callee::Own(agent) | Callee::Back(agent) => self.reserve(*agent).await,
                Callee::Number(_) if self.shared.outbound_trunk().is_none() => {
                    Err(WishRefusal::OutboundRefused)
                }
                Callee::Number(_) | Callee::Planned => Ok(()),
            },
            Wish::PickUp(agent) => self.reserve(*agent).await,
            Wish::Hold
            | Wish::Together
            | Wish::TransferToQueue(_)
            | Wish::CompleteTransfer
            | Wish::CancelConsult => Ok(()),
            Wish::Park => {
                let slot = self.shared.floor.take_slot(CallId(self.facts.id)).await;
                self.live.parked_slot = Some(slot.ok_or(WishRefusal::NotNow)?);
                self.live.parked_by = Some(by.0);
                Ok(())
            }
        }
    }

    pub(super) async fn reserve(&self, agent: AgentId) -> Result<(), WishRefusal> {
        if !self.shared.phones.reachable(agent) {
            return Err(WishRefusal::PhoneNotReachable);
        }
        let call = CallId(self.facts.id);
        match self.shared.floor.ask(Input::Invited { agent, call }).await {
            Answer::Done => Ok(()),
            Answer::Refused(_) | Answer::Gone => Err(WishRefusal::AgentBusy),
        }
    }

    fn send_digits(&self, digits: &str) -> Result<(), WishRefusal> {
        let customer = self.legs.get(Side::Customer).filter(|slot| slot.answered);
        let customer = customer.ok_or(WishRefusal::NotNow)?;
        self.session.send_digits(customer.media, digits).map_err(|_| WishRefusal::NoDigits)
    }
}
