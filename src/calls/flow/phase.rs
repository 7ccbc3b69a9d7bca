//! Where a call is, in the word that the console shows.

/// The word that the console shows for where a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Greeting,
    Waiting,
    Ringing,
    Dialling,
    Talking,
    Overflow,
    Ended,
}

impl Phase {
    pub fn word(self) -> &'static str {
        match self {
            Phase::Greeting => "greeting",
            Phase::Waiting => "waiting",
            Phase::Ringing => "ringing",
            Phase::Dialling => "dialling",
            Phase::Talking => "talking",
            Phase::Overflow => "overflow",
            Phase::Ended => "ended",
        }
    }
}
