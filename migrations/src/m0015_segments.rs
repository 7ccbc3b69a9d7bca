//! What each stretch of a recording is: a conversation, music, a consultation.

crate::dialect::step!(
    r"
CREATE TABLE recording_segments (
    recording_id {uuid} NOT NULL REFERENCES recordings(id),
    -- From 0. A segment lasts until the next begins, the last until the recording ends.
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    -- Within the recording's sound.
    from_ms BIGINT NOT NULL,
    -- Who had the customer.
    user_id {uuid} REFERENCES users(id),
    PRIMARY KEY (recording_id, position)
);
"
);
