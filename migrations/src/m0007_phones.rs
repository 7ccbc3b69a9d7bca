//! The phone that a user chose stays chosen; a browser's secret lasts for a while only.

crate::dialect::step!(
    r"
-- None: the first phone there is.
ALTER TABLE users ADD COLUMN phone_id {uuid};

-- None: until it is replaced.
ALTER TABLE devices ADD COLUMN secret_expires_at {time};
"
);
