//! A phone that sends its call elsewhere (302), for those who may (RFC 3261 section 21.3).
//!
//! The first address that it names is tried, once: who is rung there sends the call no further.
//! Nothing but the user part is taken from it, so that calls stay with our phones and our trunk.

use callcenter::{AgentId, CallId, Input, Refusal};
use crm::rights::{Right, may};
use tracing::{error, info};
use uuid::Uuid;

use super::CallTask;
use crate::calls::floor::Answer;
use crate::calls::flow::{Event, Side};

/// Where a redirected call may go.
enum Elsewhere {
    /// Another phone of the same user.
    OwnPhone(String),
    Colleague(AgentId, String),
    Outside(String),
}

impl CallTask {
    /// Rings where the phone of `user` sends its call. False: it is missed as if nobody had answered.
    pub(super) async fn follow(&mut self, side: Side, user: Uuid, from: &str, contact: &str) -> bool {
        let Some(elsewhere) = self.elsewhere(user, from, contact).await else {
            info!(%user, "redirection not followed");
            return false;
        };
        let ways = match &elsewhere {
            Elsewhere::OwnPhone(phone) => self.ways_to(user, phone.clone(), false).await,
            Elsewhere::Colleague(colleague, phone) => {
                if !self.hand_to(side, *colleague).await {
                    return false;
                }
                self.ways_to(colleague.0, phone.clone(), false).await
            }
            Elsewhere::Outside(number) => self.way_out(number).map(|way| vec![way]),
        };
        let mut rings = false;
        for way in ways.unwrap_or_default() {
            rings |= self.ring_by(side, way.named_by(user)).await.is_ok();
        }
        info!(%user, rings, outside = matches!(elsewhere, Elsewhere::Outside(_)), "redirection followed");
        rings
    }

    async fn elsewhere(&self, user: Uuid, from: &str, contact: &str) -> Option<Elsewhere> {
        let owner = crm::users::by_id(&self.shared.db, user).await;
        let owner = owner.map_err(|failure| error!(%failure, "user not read")).ok()?;
        if !owner.redirect_allowed {
            return None;
        }
        let name = user_part(contact)?;
        if let Some(phone) = self.shared.phones.owner_of(name) {
            return match phone.agent.0 == user {
                true if phone.username == from => None,
                true => Some(Elsewhere::OwnPhone(phone.username)),
                false => Some(Elsewhere::Colleague(phone.agent, phone.username)),
            };
        }
        if !may(owner.role, Right::PlaceCalls) {
            return None;
        }
        let number = self.shared.dialable(name)?;
        match crm::routes::resolve(&self.shared.db, &number).await {
            Ok(None) => Some(Elsewhere::Outside(number)),
            // A number of ours would come back to us, for ever.
            Ok(Some(_)) => None,
            Err(failure) => {
                error!(%failure, "route not looked up");
                None
            }
        }
    }

    /// Another has the call from now on. A queue's call stays with who was chosen for it.
    async fn hand_to(&mut self, side: Side, colleague: AgentId) -> bool {
        if !self.flow.may_hand_to(side) {
            return false;
        }
        let call = CallId(self.facts.id);
        let agent = match self.shared.floor.ask(Input::Invited { agent: colleague, call }).await {
            Answer::Done => Some(colleague),
            Answer::Refused(Refusal::AgentBusy) => return false,
            // Not at work: the phone rings all the same.
            Answer::Refused(_) | Answer::Gone => None,
        };
        self.own_events.push_back(Event::HandedTo { side, agent });
        true
    }
}

/// Of `sip:name@host;…`, `sips:` or `tel:`; nothing that would have to be decoded.
fn user_part(uri: &str) -> Option<&str> {
    let (scheme, rest) = uri.split_once(':')?;
    let user = match scheme.to_ascii_lowercase().as_str() {
        "sip" | "sips" => rest.split_once('@')?.0,
        "tel" => rest,
        _ => return None,
    };
    let user = user.split([';', ':']).next()?;
    (!user.is_empty() && !user.contains('%')).then_some(user)
}

#[cfg(test)]
mod tests {
    use super::user_part;

    #[test]
    fn only_the_user_part_of_an_address_counts() {
        assert_eq!(user_part("sip:ana-desk@elsewhere.example;transport=tcp"), Some("ana-desk"));
        assert_eq!(user_part("SIPS:+34600111222;phone-context=x@h"), Some("+34600111222"));
        assert_eq!(user_part("sip:ana:secret@h"), Some("ana"));
        assert_eq!(user_part("tel:+34600111222;ext=5"), Some("+34600111222"));
        for bad in ["sip:h", "sip:@h", "http://x@y", "mailto:a@b", "ana", "sip:a%40b@h", ""] {
            assert_eq!(user_part(bad), None, "{bad}");
        }
    }
}
