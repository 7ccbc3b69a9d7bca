//! Where a call is, in the word that the console shows.

/// The word that the console shows for where a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Greeting,
    Waiting,
    Ringing,
    Dialling,
    Talking,
    Held,
    Parked,
    Overflow,
    Ended,
}
