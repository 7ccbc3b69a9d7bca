//! Which phones of ours are in the call, for those who watch them.

use super::{CallTask, LegSlot};
use crate::calls::flow::Side;
use crate::calls::lamps::{Light, Lit, place};

impl CallTask {
    pub(super) async fn light_lamps(&self) {
        let mut lit: Vec<Lit> = self.legs.everybody().filter_map(|(_, slot)| lit(slot)).collect();
        lit.extend(self.parking_place());
        self.shared.lamps.tell(self.facts.id, lit).await;
    }

    /// The place that the customer is parked in, which is watched like a colleague.
    fn parking_place(&self) -> Option<Lit> {
        let user = place(self.live.parked_slot?);
        let leg = self.legs.get(Side::Customer)?.signalling.id;
        Some(Lit { user, row: self.facts.id, leg, light: Light::Talking, dialled: false })
    }
}

fn lit(slot: &LegSlot) -> Option<Lit> {
    let light = match slot {
        _ if slot.answered => Light::Talking,
        _ if slot.ringing_at.is_some() => Light::Ringing,
        _ => Light::Trying,
    };
    Some(Lit { user: slot.user?, row: slot.row, leg: slot.signalling.id, light, dialled: slot.dialled })
}
