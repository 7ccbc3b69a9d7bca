//! How a phone's sound has to be encrypted.

crate::dialect::step!(
    r"
-- none, optional, sdes, dtls.
ALTER TABLE devices ADD COLUMN media_security TEXT NOT NULL DEFAULT 'optional';
"
);
