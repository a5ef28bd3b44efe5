CREATE TABLE lanes (id bigint PRIMARY KEY, course int4range, meters integer,
    CONSTRAINT old_lanes EXCLUDE USING gist (course WITH &&));
INSERT INTO lanes SELECT i, int4range(i * 4, i * 4 + 2), i * 10 FROM generate_series(1, 200) i;
