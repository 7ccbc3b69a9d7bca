//! The bounds of the engine's tables and times.

/// Queues at a time. Far above what one company's hub serves; a wrong import must not fill memory.
pub const MAX_QUEUES: usize = 1_000;

/// Agents known at a time, logged out ones included: ten times the largest site planned for.
pub const MAX_AGENTS: usize = 10_000;

/// Calls waiting, ringing or talking at a time: two for each agent that there can be.
pub const MAX_CALLS: usize = 20_000;

/// The longest code of a chosen not-ready reason. Codes are short words from a table.
pub const MAX_REASON_BYTES: usize = 64;

/// The longest ring time of a queue. RFC 3261 section 16.6 lets proxies give up after three
/// minutes; nobody is helped by a phone that rings longer.
pub const MAX_RING_MS: u64 = 180_000;

/// The longest wrap-up of a queue: one hour, so that an agent forgotten in it comes back.
pub const MAX_WRAP_UP_MS: u64 = 3_600_000;

/// The wrap-up after a call that belongs to no queue (dialled by the agent), or to one that was
/// deleted meanwhile.
pub const DEFAULT_WRAP_UP_MS: u64 = 30_000;

/// From the agent's wish to dial until somebody answered: two rings of [`MAX_RING_MS`], the
/// agent's own phone and the customer's, and no more.
pub const MAX_DIALLING_MS: u64 = 2 * MAX_RING_MS;
