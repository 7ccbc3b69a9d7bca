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

    /// What a Replaces has to say to mean this leg.
    pub fn name_of(&self, id: LegId) -> Option<Replaces> {
        let leg = self.legs.get(&id).filter(|leg| !leg.is_ending())?;
        Some(Replaces {
            call_id: leg.dialog.call_id.clone(),
            to_tag: leg.dialog.local_tag.clone(),
            from_tag: leg.newest_remote_tag()?.to_owned(),
            early_only: false,
        })
    }

    fn replaced_leg(&mut self, replaces: &Replaces) -> Option<&LegState> {
        let Replaces { call_id, to_tag, from_tag, .. } = replaces;
        // RFC 4235 section 4.1.6: a lamp tells of a dialog as the watched phone sees it. Its watcher
        // asks us for it, but names the tags the phone's way round.
        for (own, theirs) in [(to_tag, from_tag), (from_tag, to_tag)] {
            let Some(id) = self.dialogs.get(&(call_id.clone(), own.clone())).copied() else { continue };
            if self.legs.get_mut(&id).is_some_and(|leg| leg.dialog_with(theirs).is_some()) {
                return self.legs.get(&id);
            }
        }
        None
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
