//! Which phones of ours are in the call, for those who watch them.

use super::{CallTask, LegSlot};
use crate::calls::lamps::{Light, Lit};

impl CallTask {
    pub(super) async fn light_lamps(&self) {
        let lit = self.legs.everybody().filter_map(|(_, slot)| lit(slot)).collect();
        self.shared.lamps.tell(self.facts.id, lit).await;
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
