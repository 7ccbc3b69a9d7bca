//! Those who work here: users, how they sign in, the phones they answer with.

crate::dialect::step!(
    r"
CREATE TABLE users (
    id {uuid} PRIMARY KEY NOT NULL,
    email TEXT NOT NULL CONSTRAINT users_email_key UNIQUE,
    display_name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL,
    locale TEXT,
    theme TEXT NOT NULL,
    density TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL
);

-- Only the SHA-256 of a token is kept: reading the database opens no session.
CREATE TABLE user_sessions (
    id {uuid} PRIMARY KEY NOT NULL,
    token_sha256 {bytes} NOT NULL UNIQUE,
    user_id {uuid} NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    csrf TEXT NOT NULL,
    ip TEXT,
    created_at {time} NOT NULL,
    last_seen_at {time} NOT NULL,
    expires_at {time} NOT NULL
);
CREATE INDEX user_sessions_user ON user_sessions (user_id);
CREATE INDEX user_sessions_expires ON user_sessions (expires_at);

CREATE TABLE api_tokens (
    id {uuid} PRIMARY KEY NOT NULL,
    token_sha256 {bytes} NOT NULL UNIQUE,
    name TEXT NOT NULL,
    user_id {uuid} NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    created_at {time} NOT NULL,
    last_used_at {time}
);
CREATE INDEX api_tokens_user ON api_tokens (user_id);

-- The digest secrets are sealed with a key that lies outside the database.
CREATE TABLE devices (
    id {uuid} PRIMARY KEY NOT NULL,
    user_id {uuid} NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    username TEXT NOT NULL CONSTRAINT devices_username_key UNIQUE,
    kind TEXT NOT NULL,
    label TEXT NOT NULL,
    realm TEXT NOT NULL,
    ha1_md5 {bytes} NOT NULL,
    ha1_sha256 {bytes} NOT NULL,
    created_at {time} NOT NULL
);
CREATE INDEX devices_user ON devices (user_id);

-- What the registrar knows (RFC 3261 section 10), kept across a restart.
CREATE TABLE bindings (
    username TEXT NOT NULL,
    position INTEGER NOT NULL,
    contact_uri TEXT NOT NULL,
    expires_at {time} NOT NULL,
    detail {json} NOT NULL,
    PRIMARY KEY (username, position)
);
"
);
