//! Lengths, checked before the grammar sees a message.

/// A UDP datagram cannot be longer; a message on a stream need not be (RFC 3261 section
/// 18.1.1 asks for 65,535 bytes).
pub(crate) const DATAGRAM_MAX_BYTES: usize = 65_535;

/// Start line and headers together. Real ones stay below 4 KiB.
pub(super) const HEADER_SECTION_MAX_BYTES: usize = 16 * 1024;

/// Header lines of a message. Real ones have 15 to 40.
pub(super) const HEADERS_MAX: usize = 128;

/// One line, before unfolding: long enough for an Authorization or an Identity header.
pub(super) const LINE_MAX_BYTES: usize = 8 * 1024;
