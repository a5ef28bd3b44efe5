-- A plain table becomes the first partition of a partitioned one.
ALTER TABLE events RENAME TO events_old;
CREATE TABLE events (LIKE events_old INCLUDING DEFAULTS INCLUDING CONSTRAINTS) PARTITION BY RANGE (at);
ALTER TABLE events ADD PRIMARY KEY (id, at);
CREATE INDEX ON events (kind, at);
CREATE INDEX ON events (body);
ALTER TABLE events ATTACH PARTITION events_old FOR VALUES FROM (MINVALUE) TO ('2027-01-01 00:00+00');
CREATE TABLE events_2027 PARTITION OF events FOR VALUES FROM ('2027-01-01 00:00+00') TO ('2028-01-01 00:00+00');
CREATE TABLE events_rest PARTITION OF events DEFAULT;
COMMENT ON TABLE events IS 'by time';
