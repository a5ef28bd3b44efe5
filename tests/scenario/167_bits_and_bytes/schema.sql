CREATE TABLE flags (
    id bigint PRIMARY KEY,
    bits bit(8) NOT NULL DEFAULT B'00000001',
    mask bit varying(16),
    raw bytea NOT NULL DEFAULT '\x00'
);
INSERT INTO flags SELECT i, i::bit(8), B'1010', decode(md5(i::text), 'hex') FROM generate_series(1, 600) i;
