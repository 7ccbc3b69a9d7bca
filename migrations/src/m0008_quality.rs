//! How each leg of a call sounded.

crate::dialect::step!(
    r"
-- course: the worst score of each stretch of the leg, for a small graph.
CREATE TABLE leg_quality (
    leg_id {uuid} PRIMARY KEY NOT NULL REFERENCES legs(id),
    codec TEXT,
    packets_in BIGINT NOT NULL,
    packets_out BIGINT NOT NULL,
    lost BIGINT NOT NULL,
    lost_at_remote BIGINT NOT NULL,
    late BIGINT NOT NULL,
    concealed_ms BIGINT NOT NULL,
    jitter_ms DOUBLE PRECISION NOT NULL,
    jitter_max_ms DOUBLE PRECISION NOT NULL,
    jitter_at_remote_ms DOUBLE PRECISION NOT NULL,
    rtt_ms DOUBLE PRECISION,
    mos DOUBLE PRECISION,
    mos_lowest DOUBLE PRECISION,
    mos_at_remote DOUBLE PRECISION,
    course {json} NOT NULL
);

-- A word for the worst of the call's legs. None: nothing was heard, or the call is older than this.
ALTER TABLE calls ADD COLUMN quality TEXT;
CREATE INDEX calls_quality ON calls (quality, started_at, id) WHERE quality IS NOT NULL;
"
);
