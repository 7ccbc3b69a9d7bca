//! Where a registered phone can be reached.

use std::net::SocketAddr;

use super::config::Transport;

/// One contact of a user (RFC 3261 section 10), as plain fields that are easy to store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The URI of the Contact header, as the phone wrote it.
    pub contact_uri: String,
    /// Where the REGISTER came from: requests to the phone go there, through its NAT.
    pub source: SocketAddr,
    /// Our own address that the REGISTER came to; `None` in a binding kept without it.
    pub local: Option<SocketAddr>,
    /// How the REGISTER came.
    pub transport: Transport,
    /// Call-ID of the registration.
    pub call_id: String,
    /// CSeq of the latest REGISTER of that Call-ID.
    pub cseq: u32,
    /// Path headers (RFC 3327), first hop first.
    pub path: Vec<String>,
    /// `+sip.instance` (RFC 5626 section 4.1), such as `<urn:uuid:…>`: the phone's name for
    /// itself, the same after a restart.
    pub instance_id: Option<String>,
    /// `reg-id` (RFC 5626 section 4.2): which of several ways to the same phone.
    pub reg_id: Option<u32>,
    /// How much the phone wants to be preferred, in thousandths (`q`, RFC 3261 section 20.10);
    /// 1000 when it does not say.
    pub q_permille: u16,
    /// User-Agent of the REGISTER, bounded. Unproven.
    pub user_agent: Option<String>,
    /// When the binding ends, milliseconds since 1970 UTC.
    pub expires_at_unix_ms: i64,
}
