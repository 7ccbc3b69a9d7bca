//! Whether a queue's calls are recorded.

crate::dialect::step!(
    r"
-- always, never, on_demand; null: as the house has it.
ALTER TABLE queues ADD COLUMN recording TEXT;
"
);
