CREATE TABLE rents (
    id bigint PRIMARY KEY,
    days int4range,
    price integer NOT NULL,
    state varchar(10) NOT NULL,
    CONSTRAINT apart EXCLUDE USING gist (days WITH &&) WITH (fillfactor = 70) WHERE (price > 0 AND state = 'let') DEFERRABLE
);
COMMENT ON CONSTRAINT apart ON rents IS 'one tenant at a time';
INSERT INTO rents SELECT i, int4range(i * 2, i * 2 + 2), i, 'let' FROM generate_series(1, 80) i;
INSERT INTO rents VALUES (81, '[3,50)', 5, 'free'), (82, '[3,50)', 0, 'let'), (83, NULL, 7, 'let');
CREATE TABLE tags (id integer PRIMARY KEY, tag text, CONSTRAINT one_tag EXCLUDE USING btree (lower(tag) WITH =));
INSERT INTO tags SELECT i, 'tag' || i FROM generate_series(1, 50) i;
