//! How much is kept.

/// Of one message. A description with every codec and candidate has 4 KB.
pub const MESSAGE_BYTES_LIMIT: usize = 16 * 1024;
/// Of one leg: a call has some fourteen, four hours of session refreshes a hundred. Of more, the
/// first half and the last are kept: how it began, how it ended.
pub const LEG_MESSAGES_LIMIT: usize = 200;
/// Of one leg, copies and floods included; of more, its newest.
pub const LEG_BYTES_LIMIT: usize = 256 * 1024;
/// Of one call, so that a few floods within calls do not take the room of all others.
pub const CALL_BYTES_LIMIT: usize = 1024 * 1024;
/// Calls that one leg is told of in: a transfer key joins two, and the other call ends with that.
pub const LEG_CALLS_LIMIT: usize = 8;
/// Of one call: a queue that rings fifty agents in turn.
pub const CALL_LEGS_LIMIT: usize = 64;
/// Of all calls together: 2000 calls at once with three legs have 60 MB.
pub const ALL_BYTES_LIMIT: usize = 128 * 1024 * 1024;
/// What a message costs beside its text.
pub const MESSAGE_OVERHEAD_BYTES: usize = 256;
