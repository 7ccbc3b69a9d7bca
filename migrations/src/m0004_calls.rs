//! Calls as they go, and what is left of them: legs, recordings, the timeline, agents' days.

crate::dialect::step!(
    r"
-- node and lease_until say who drives a running call, so that one node's start never closes
-- another's calls.
CREATE TABLE calls (
    id {uuid} PRIMARY KEY NOT NULL,
    node TEXT NOT NULL,
    lease_until {time} NOT NULL,
    direction TEXT NOT NULL,
    state TEXT NOT NULL,
    trunk TEXT,
    caller TEXT NOT NULL,
    called TEXT NOT NULL,
    queue_id {uuid} REFERENCES queues(id),
    user_id {uuid} REFERENCES users(id),
    contact_id {uuid} REFERENCES contacts(id),
    match_kind TEXT NOT NULL,
    started_at {time} NOT NULL,
    state_since {time} NOT NULL,
    queued_at {time},
    answered_at {time},
    ended_at {time},
    ended_by TEXT,
    end_cause TEXT,
    wait_ms BIGINT,
    talk_ms BIGINT,
    disposition_id {uuid} REFERENCES dispositions(id),
    note TEXT NOT NULL,
    ticket_id {uuid} REFERENCES tickets(id),
    lead_id {uuid} REFERENCES leads(id),
    wrap_up_ended_at {time},
    test BOOLEAN NOT NULL
);
CREATE INDEX calls_started ON calls (started_at, id);
CREATE INDEX calls_contact ON calls (contact_id, started_at);
CREATE INDEX calls_user ON calls (user_id, started_at);
CREATE INDEX calls_queue ON calls (queue_id, started_at);
CREATE INDEX calls_open ON calls (node) WHERE ended_at IS NULL;

CREATE TABLE legs (
    id {uuid} PRIMARY KEY NOT NULL,
    call_id {uuid} NOT NULL REFERENCES calls(id),
    role TEXT NOT NULL,
    user_id {uuid} REFERENCES users(id),
    peer TEXT NOT NULL,
    sip_call_id TEXT NOT NULL,
    started_at {time} NOT NULL,
    ringing_at {time},
    answered_at {time},
    ended_at {time},
    ended_by TEXT,
    code INTEGER,
    reason TEXT
);
CREATE INDEX legs_call ON legs (call_id);

-- path is relative to the data folder.
CREATE TABLE recordings (
    id {uuid} PRIMARY KEY NOT NULL,
    call_id {uuid} NOT NULL REFERENCES calls(id),
    path TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL,
    started_at {time} NOT NULL,
    duration_ms BIGINT,
    bytes BIGINT,
    sample_rate INTEGER NOT NULL,
    channels INTEGER NOT NULL
);
CREATE INDEX recordings_call ON recordings (call_id);
CREATE INDEX recordings_open ON recordings (id) WHERE status = 'recording';

-- The timeline. channel is an open list: call, note, ticket, lead, mail.
CREATE TABLE interactions (
    id {uuid} PRIMARY KEY NOT NULL,
    channel TEXT NOT NULL,
    direction TEXT,
    contact_id {uuid} REFERENCES contacts(id),
    company_id {uuid} REFERENCES companies(id),
    lead_id {uuid} REFERENCES leads(id),
    ticket_id {uuid} REFERENCES tickets(id),
    call_id {uuid} UNIQUE REFERENCES calls(id),
    user_id {uuid} REFERENCES users(id),
    summary TEXT NOT NULL,
    body TEXT NOT NULL,
    occurred_at {time} NOT NULL
);
CREATE INDEX interactions_contact ON interactions (contact_id, occurred_at, id);

CREATE TABLE agent_state_history (
    id {uuid} PRIMARY KEY NOT NULL,
    node TEXT NOT NULL,
    user_id {uuid} NOT NULL REFERENCES users(id),
    state TEXT NOT NULL,
    reason TEXT,
    call_id {uuid},
    queue_id {uuid},
    since {time} NOT NULL,
    until {time}
);
CREATE INDEX agent_state_history_user ON agent_state_history (user_id, since);
CREATE INDEX agent_state_history_open ON agent_state_history (user_id) WHERE until IS NULL;
"
);
