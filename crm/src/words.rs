//! The closed lists of words that several subjects share.

use crate::text_enum::text_enum;

text_enum! {
    pub enum Role { Admin = "admin", Supervisor = "supervisor", Agent = "agent", Marketer = "marketer" }
}
text_enum! {
    pub enum Theme { Light = "light", Dark = "dark", Auto = "auto" }
}
text_enum! {
    pub enum Density { Comfortable = "comfortable", Compact = "compact" }
}
text_enum! {
    /// `Desk`: a telephone or a program that stands for one. `Browser`: the console itself. `Demo`: a
    /// SIP user agent inside the hub.
    pub enum DeviceKind { Desk = "desk", Browser = "browser", Demo = "demo" }
}
text_enum! {
    /// How a phone's sound is kept from others. `Optional`: encrypted where phone and signalling can.
    /// `Sdes`: always, with keys by encrypted signalling (RFC 4568). `Dtls`: always, with keys by a
    /// handshake of its own (RFC 5763). `None`: never.
    pub enum MediaSecurity { None = "none", Optional = "optional", Sdes = "sdes", Dtls = "dtls" }
}
text_enum! {
    pub enum PhoneKind { Work = "work", Mobile = "mobile", Home = "home", Other = "other" }
}
text_enum! {
    pub enum EmailKind { Work = "work", Home = "home", Other = "other" }
}
text_enum! {
    pub enum LeadStatus {
        New = "new", Contacted = "contacted", Qualified = "qualified", Lost = "lost", Won = "won",
    }
}
text_enum! {
    pub enum TicketStatus { Open = "open", Pending = "pending", Solved = "solved", Closed = "closed" }
}
text_enum! {
    pub enum TicketPriority { Low = "low", Normal = "normal", High = "high", Urgent = "urgent" }
}
text_enum! {
    pub enum Direction { Inbound = "inbound", Outbound = "outbound" }
}
text_enum! {
    /// How sure we are of who is at the other end. `Maybe`: several contacts have the number.
    /// `None`: there is no number to go by.
    pub enum MatchKind { Known = "known", Maybe = "maybe", Unknown = "unknown", None = "none" }
}
text_enum! {
    pub enum CallState {
        Greeting = "greeting", Waiting = "waiting", Ringing = "ringing", Talking = "talking",
        Held = "held", Parked = "parked", Overflow = "overflow", Dialling = "dialling", Ended = "ended",
    }
}
text_enum! {
    /// How a leg, or the worst leg of a call, sounded.
    pub enum Quality { Good = "good", Fair = "fair", Poor = "poor" }
}
text_enum! {
    pub enum CallEndedBy { Customer = "customer", Agent = "agent", System = "system" }
}
text_enum! {
    /// How a call came to its end.
    pub enum EndCause {
        /// Both talked, one hung up.
        Completed = "completed",
        /// The caller hung up before an agent answered.
        Abandoned = "abandoned",
        /// Waited longer than the queue allows; heard the message.
        Overflow = "overflow",
        /// The called party did not answer in time.
        NoAnswer = "no_answer",
        Busy = "busy",
        /// The called party, or its phone, refused.
        Rejected = "rejected",
        /// The one who dialled gave up before an answer.
        Cancelled = "cancelled",
        /// No route, no right, no number: refused by us.
        Refused = "refused",
        /// Signalling or the far end failed.
        Failed = "failed",
        /// No sound came any more.
        MediaTimeout = "media_timeout",
        /// Ended by our own graceful stop.
        Shutdown = "shutdown",
        /// Found open after the process had died.
        ServerRestart = "server_restart",
    }
}
text_enum! {
    pub enum LegRole { Customer = "customer", Agent = "agent" }
}
text_enum! {
    /// Who ended a leg, in the words of signalling. `Restart`: nobody knows, the process died.
    pub enum LegEndedBy {
        Local = "local", Remote = "remote", Timeout = "timeout", Transport = "transport", Restart = "restart",
    }
}
text_enum! {
    /// `Recording`: being written. `Ready`: whole and playable. `Lost`: there is no file. `Expired`: a
    /// rule of retention let go of it; its row stays.
    pub enum RecordingStatus { Recording = "recording", Ready = "ready", Lost = "lost", Expired = "expired" }
}
text_enum! {
    /// What a stretch of a recording is. `Hold`: the customer hears music, and nobody speaks to anybody.
    /// `Consult`: the others speak while the customer hears music. `Conference`: three or more. `Transfer`:
    /// the next party's phone rings. `Pause`: nothing was kept, there is silence.
    pub enum SegmentKind {
        Talk = "talk", Hold = "hold", Consult = "consult", Conference = "conference", Transfer = "transfer",
        Park = "park", Queue = "queue", Pause = "pause",
    }
}
text_enum! {
    /// Whether calls are recorded. `OnDemand`: when somebody in the call asks for it.
    pub enum RecordingPolicy { Always = "always", Never = "never", OnDemand = "on_demand" }
}
text_enum! {
    /// Whose wish it is that a call is recorded or not. `Direction`: `calls.record_inbound`, `record_outbound` or
    /// `record_internal`. `House`: `calls.record`. `User`: that of the agent who has the customer. `Customer`: who was
    /// asked and refused.
    pub enum RecordingDecider {
        Queue = "queue", User = "user", Direction = "direction", House = "house", Customer = "customer",
    }
}
text_enum! {
    /// What a customer is told before a recording begins. `Silent`: nothing. `Announce`: that the call is recorded.
    /// `Consent`: the question whether it may be, answered by key.
    pub enum RecordingNotice { Silent = "silent", Announce = "announce", Consent = "consent" }
}
text_enum! {
    /// What became of it. `Announced`: the customer has heard it to its end. `Unanswered`: no key was pressed.
    pub enum RecordingConsent {
        Announced = "announced", Given = "given", Refused = "refused", Unanswered = "unanswered",
    }
}
text_enum! {
    pub enum DispositionKind { Success = "success", Neutral = "neutral", Failure = "failure", Callback = "callback" }
}
text_enum! {
    pub enum RouteTargetKind { Queue = "queue", User = "user", External = "external" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back_and_match_their_json() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse::<Role>().expect("own word"), *role);
            let json = serde_json::to_string(role).expect("a word");
            assert_eq!(json, format!("\"{role}\""));
        }
        assert!("root".parse::<Role>().is_err());
    }
}
