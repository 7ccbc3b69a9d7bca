//! Which call a Replaces header means (RFC 3891 section 3).

use super::{
    Core,
    leg::{LegState, Phase},
};
use crate::{LegId, Replaces, wire};

impl Core {
    /// The running leg that somebody wants replaced.
    pub fn leg_of(&mut self, replaces: &Replaces) -> Option<LegId> {
        self.replaced_leg(replaces).filter(|leg| !leg.is_ending()).map(|leg| leg.id)
    }

    fn replaced_leg(&mut self, replaces: &Replaces) -> Option<&LegState> {
        let dialog = (replaces.call_id.clone(), replaces.to_tag.clone());
        let id = *self.dialogs.get(&dialog)?;
        let leg = self.legs.get_mut(&id)?;
        leg.dialog_with(&replaces.from_tag)?;
        Some(leg)
    }

    /// The leg that an INVITE of a proven caller replaces, or the code of its refusal.
    pub(super) fn leg_to_replace(&mut self, request: &wire::Request) -> Result<Option<LegId>, u16> {
        let mut values = request.headers.all("Replaces");
        let Some(value) = values.next() else {
            return Ok(None);
        };
        if values.next().is_some() {
            return Err(400);
        }
        let replaces = wire::replaces(value).ok_or(400_u16)?;
        let leg = self.replaced_leg(&replaces).ok_or(481_u16)?;
        match leg.phase {
            _ if leg.is_ending() => Err(603),
            // An early dialog that we did not begin: nobody may pick it up this way.
            Phase::Offered { .. } => Err(481),
            Phase::Answered { .. } | Phase::Up if replaces.early_only => Err(486),
            _ => Ok(Some(leg.id)),
        }
    }
}
