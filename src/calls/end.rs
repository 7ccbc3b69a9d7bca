//! How a call ended and who ended it, read from the codes of SIP.

pub use crm::words::{CallEndedBy as EndedBy, EndCause as Cause};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    pub cause: Cause,
    pub by: EndedBy,
}

impl End {
    pub fn new(cause: Cause, by: EndedBy) -> End {
        End { cause, by }
    }
}

/// A leg that we rang ended before it was answered (RFC 3261 section 21).
pub fn cause_of_failed_ring(code: u16) -> Cause {
    match code {
        486 | 600 => Cause::Busy,
        408 | 480 | 487 => Cause::NoAnswer,
        603 => Cause::Rejected,
        403 => Cause::Refused,
        _ => Cause::Failed,
    }
}

/// A leg of a running conversation ended; 408 says that its phone did not answer signalling.
pub fn cause_of_ended_talk(code: u16) -> Cause {
    match code {
        408 => Cause::Failed,
        _ => Cause::Completed,
    }
}

/// A caller's leg ended before a conversation began.
pub fn cause_of_lost_caller(code: u16) -> Cause {
    match code {
        408 | 488 | 503 => Cause::Failed,
        _ => Cause::Abandoned,
    }
}
