//! What customers are told before a recording, and what they answered.

crate::dialect::step!(
    r"
-- silent, announce, consent; null: as the house has it.
ALTER TABLE queues ADD COLUMN recording_notice TEXT;
-- announced, given, refused, unanswered; null: nothing was to be said.
ALTER TABLE calls ADD COLUMN recording_consent TEXT;
ALTER TABLE calls ADD COLUMN recording_consent_at {time};
"
);
