//! How long recordings are kept, what holds them, and whether they are whole.

crate::dialect::step!(
    r"
-- Of the file as it lies on the disk, hex; null: not known yet.
ALTER TABLE recordings ADD COLUMN sha256 TEXT;
-- What the last look found, and when it was; null: nobody has looked.
ALTER TABLE recordings ADD COLUMN intact BOOLEAN;
ALTER TABLE recordings ADD COLUMN verified_at {time};
-- When a rule let go of it, and of how many days the rule was; the file goes after that.
ALTER TABLE recordings ADD COLUMN expired_at {time};
ALTER TABLE recordings ADD COLUMN expired_days INTEGER;
ALTER TABLE recordings ADD COLUMN removed_at {time};
CREATE INDEX recordings_unsummed ON recordings (id) WHERE status = 'ready' AND sha256 IS NULL;
CREATE INDEX recordings_kept ON recordings (started_at, id) WHERE status = 'ready';
CREATE INDEX recordings_unremoved ON recordings (id) WHERE status = 'expired' AND removed_at IS NULL;

-- Days; 0: for ever; null: as the house has it.
ALTER TABLE queues ADD COLUMN recording_days INTEGER;

-- Either a recording, or a contact and so every recording of theirs.
CREATE TABLE holds (
    id {uuid} PRIMARY KEY NOT NULL,
    recording_id {uuid} REFERENCES recordings(id),
    contact_id {uuid} REFERENCES contacts(id),
    reason TEXT NOT NULL,
    placed_by {uuid} NOT NULL REFERENCES users(id),
    placed_at {time} NOT NULL,
    lifted_by {uuid} REFERENCES users(id),
    lifted_at {time},
    lift_reason TEXT,
    CHECK ((recording_id IS NULL) <> (contact_id IS NULL))
);
CREATE UNIQUE INDEX holds_of_recording ON holds (recording_id) WHERE lifted_at IS NULL;
CREATE UNIQUE INDEX holds_of_contact ON holds (contact_id) WHERE lifted_at IS NULL;

-- One row that whoever holds and whoever lets go writes first, so that they go one after the other.
CREATE TABLE recordings_gate (id INTEGER PRIMARY KEY NOT NULL, turn BIGINT NOT NULL);
INSERT INTO recordings_gate (id, turn) VALUES (1, 0);
"
);
