//! What was said in SIP about each call.

crate::dialect::step!(
    r"
-- body: the messages, compressed; secrets are not in it.
CREATE TABLE call_traces (
    call_id {uuid} PRIMARY KEY NOT NULL REFERENCES calls(id),
    kept_at {time} NOT NULL,
    messages INTEGER NOT NULL,
    left_out BIGINT NOT NULL,
    body {bytes} NOT NULL
);
CREATE INDEX call_traces_kept ON call_traces (kept_at);
"
);
