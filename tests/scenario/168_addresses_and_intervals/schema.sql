CREATE TABLE leases (
    id bigint PRIMARY KEY,
    net cidr NOT NULL,
    lasts interval NOT NULL DEFAULT '1 hour',
    seconds integer
);
CREATE INDEX leases_net ON leases USING gist (net inet_ops);
INSERT INTO leases SELECT i, ('10.0.' || i % 250 || '.0/24')::cidr, i * interval '1 second', i * 60 FROM generate_series(1, 600) i;
