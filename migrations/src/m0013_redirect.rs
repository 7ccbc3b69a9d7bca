//! Whether a user's phone may send its calls elsewhere (302).

crate::dialect::step!(
    r"
ALTER TABLE users ADD COLUMN redirect_allowed BOOLEAN NOT NULL DEFAULT FALSE;
"
);
