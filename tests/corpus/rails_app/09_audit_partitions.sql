-- segue: goal "audit events of 2037 have partitions; what was imported is archived"
CREATE TABLE audit_events_2037_01 PARTITION OF audit_events FOR VALUES FROM ('2037-01-01') TO ('2037-02-01');
CREATE TABLE audit_events_2037_02 (
    id bigint NOT NULL,
    account_id integer NOT NULL,
    action text NOT NULL,
    details jsonb DEFAULT '{}' NOT NULL,
    created_at timestamp(6) without time zone NOT NULL,
    request_id uuid
);
ALTER TABLE audit_events ATTACH PARTITION audit_events_2037_02 FOR VALUES FROM ('2037-02-01') TO ('2037-03-01');
ALTER TABLE audit_events DETACH PARTITION audit_events_2025_12;
COMMENT ON TABLE audit_events_2025_12 IS 'imported; not part of the log any more';
