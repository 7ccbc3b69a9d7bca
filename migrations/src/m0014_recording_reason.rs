//! What a user wants of the recording of their calls, and whose wish it was for each call.

crate::dialect::step!(
    r"
-- Null: as direction and house have it.
ALTER TABLE users ADD COLUMN recording TEXT;
-- Null: there was no conversation, or it was before this was kept.
ALTER TABLE calls ADD COLUMN recording_decided_by TEXT;
"
);
