//! The house itself: who did what, and what is set.

crate::dialect::step!(
    r"
CREATE TABLE audit_log (
    id {uuid} PRIMARY KEY NOT NULL,
    at {time} NOT NULL,
    user_id {uuid} REFERENCES users(id),
    action TEXT NOT NULL,
    subject_kind TEXT,
    subject_id {uuid},
    ip TEXT,
    details {json} NOT NULL
);
CREATE INDEX audit_log_at ON audit_log (at, id);

CREATE TABLE settings (
    key TEXT PRIMARY KEY NOT NULL,
    value {json} NOT NULL,
    updated_at {time} NOT NULL
);
"
);
