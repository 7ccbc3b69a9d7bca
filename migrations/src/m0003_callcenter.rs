//! How callers are led to agents: queues, routes, reasons, dispositions, agents' days.

crate::dialect::step!(
    r"
-- One entity for calls, mails and whatever channel comes next; channel is an open list.
CREATE TABLE queues (
    id {uuid} PRIMARY KEY NOT NULL,
    name TEXT NOT NULL CONSTRAINT queues_name_key UNIQUE,
    channel TEXT NOT NULL,
    position INTEGER NOT NULL,
    weight INTEGER NOT NULL,
    ring_timeout_ms BIGINT NOT NULL,
    wrap_up_ms BIGINT NOT NULL,
    max_wait_ms BIGINT,
    greeting TEXT,
    music TEXT,
    overflow TEXT,
    active BOOLEAN NOT NULL
);

CREATE TABLE queue_members (
    queue_id {uuid} NOT NULL REFERENCES queues(id) ON DELETE CASCADE,
    user_id {uuid} NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    PRIMARY KEY (queue_id, user_id)
);
CREATE INDEX queue_members_user ON queue_members (user_id);

-- The first route by position whose pattern fits the called number is taken.
CREATE TABLE inbound_routes (
    id {uuid} PRIMARY KEY NOT NULL,
    position INTEGER NOT NULL,
    pattern TEXT NOT NULL,
    label TEXT NOT NULL,
    target_kind TEXT NOT NULL,
    queue_id {uuid} REFERENCES queues(id) ON DELETE CASCADE,
    user_id {uuid} REFERENCES users(id) ON DELETE CASCADE,
    number TEXT
);

CREATE TABLE not_ready_reasons (
    code TEXT PRIMARY KEY NOT NULL,
    label {json} NOT NULL,
    paid BOOLEAN NOT NULL,
    position INTEGER NOT NULL
);

CREATE TABLE dispositions (
    id {uuid} PRIMARY KEY NOT NULL,
    code TEXT NOT NULL CONSTRAINT dispositions_code_key UNIQUE,
    label {json} NOT NULL,
    kind TEXT NOT NULL,
    position INTEGER NOT NULL,
    active BOOLEAN NOT NULL
);
"
);
