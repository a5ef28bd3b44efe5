--: before
CREATE TABLE stays (id bigint PRIMARY KEY, nights int4range NOT NULL);
INSERT INTO stays SELECT n, int4range(n, n + 1) FROM generate_series(1, 1000) n;
--: bad
ALTER TABLE stays ADD CONSTRAINT one_at_a_time EXCLUDE USING gist (nights WITH &&);
--: good
SET lock_timeout = '100ms';
CREATE TABLE stays_new (id bigint PRIMARY KEY, nights int4range NOT NULL,
    CONSTRAINT one_at_a_time EXCLUDE USING gist (nights WITH &&));
-- in batches, with a trigger on the old table for what is written meanwhile; then the tables change their names
INSERT INTO stays_new (id, nights) SELECT id, nights FROM stays WHERE id BETWEEN 1 AND 100;
