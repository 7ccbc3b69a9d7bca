//! Transfers that a phone asks for (RFC 3515, RFC 3891).

/// Names a REFER of one leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReferId(pub u32);

/// Whom the peer of a leg wants to be connected with. Comes from the peer: not trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferTo {
    /// User part of the URI, percent-decoded, or the number of a `tel:` URI.
    pub user: String,
    /// Host of the URI, lower case; empty for a `tel:` URI.
    pub host: String,
    /// The call of the peer that the new one shall take the place of: an attended transfer. When
    /// it is one with us, `Sip::leg_of` says which leg.
    pub replaces: Option<Replaces>,
}

/// A dialog as a Replaces header names it (RFC 3891 section 6.1), seen from the one who is asked
/// to replace it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaces {
    /// Call-ID.
    pub call_id: String,
    /// The tag of who is asked.
    pub to_tag: String,
    /// The tag of its peer.
    pub from_tag: String,
    /// Whether a call that was answered meanwhile shall be left alone.
    pub early_only: bool,
}
