//! What happened in a run: a simulation in which nothing happens proves nothing.

use std::hash::{DefaultHasher, Hash, Hasher};

use callcenter::{Output, Refusal, Withdrawal};

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub steps: u64,
    pub queued: u64,
    pub offers: u64,
    pub connected: u64,
    /// Callers whom a colleague took while another's phone rang.
    pub picked_up: u64,
    pub overflowed: u64,
    /// Waiting or ringing callers who hung up.
    pub abandoned: u64,
    pub talks_ended: u64,
    pub caller_gone_while_ringing: u64,
    pub missed: u64,
    pub left_offer: u64,
    pub stale: u64,
    pub refused: u64,
    pub dialled: u64,
    pub dialling_expired: u64,
    pub after_changed: u64,
    /// Of every output of the run, in order.
    pub fingerprint: u64,
}

impl Tally {
    pub fn count(&mut self, outputs: &[Output]) {
        self.steps += 1;
        let mut hasher = DefaultHasher::new();
        self.fingerprint.hash(&mut hasher);
        for output in outputs {
            format!("{output:?}").hash(&mut hasher);
            match output {
                Output::Offer { .. } => self.offers += 1,
                Output::Connect { .. } => self.connected += 1,
                Output::CallQueued { .. } => self.queued += 1,
                Output::CallOverflowed { .. } => self.overflowed += 1,
                Output::DiallingExpired { .. } => self.dialling_expired += 1,
                Output::AfterChanged { .. } => self.after_changed += 1,
                Output::WithdrawOffer { why, .. } => match why {
                    Withdrawal::CallerGone => self.caller_gone_while_ringing += 1,
                    Withdrawal::RingTimeout => self.missed += 1,
                    Withdrawal::AgentNotReady | Withdrawal::AgentLoggedOut => self.left_offer += 1,
                },
                Output::Refused { reason, .. } => {
                    self.refused += 1;
                    self.stale += u64::from(*reason == Refusal::StaleOffer);
                }
                Output::AgentChanged { to, .. } => {
                    self.dialled += u64::from(to.word() == "dialling");
                }
            }
        }
        self.fingerprint = hasher.finish();
    }

    /// Every caller's end is accounted for, and every kind of trouble was met.
    pub fn assert_everything_happened(&self, seed: u64, arrivals: u64) {
        assert_eq!(self.queued, arrivals, "seed {seed}");
        assert_eq!(
            self.connected + self.picked_up + self.overflowed + self.abandoned,
            arrivals,
            "seed {seed}: each caller is connected, picked up, overflows or leaves, and only once"
        );
        for (what, count) in [
            ("offers", self.offers),
            ("connected", self.connected),
            ("picked up", self.picked_up),
            ("overflowed", self.overflowed),
            ("abandoned", self.abandoned),
            ("ended talks", self.talks_ended),
            ("callers gone while ringing", self.caller_gone_while_ringing),
            ("missed offers", self.missed),
            ("offers left by the agent", self.left_offer),
            ("stale answers", self.stale),
            ("dialled calls", self.dialled),
            ("expired dialling", self.dialling_expired),
            ("wishes during a call", self.after_changed),
        ] {
            assert!(count > 0, "seed {seed}: no {what} in {self:?}");
        }
    }
}
