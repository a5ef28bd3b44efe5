-- A virtual generated column, constraints that are not enforced, keys over spans of time.
CREATE TABLE sums (id integer PRIMARY KEY, a integer, twice integer GENERATED ALWAYS AS (a * 2) VIRTUAL, label text, thrice integer GENERATED ALWAYS AS (a * 3));
INSERT INTO sums (id, a, label) SELECT g, g, 'sum ' || g FROM generate_series(1, 300) g;
CREATE TABLE loose (id integer PRIMARY KEY, a integer CHECK (a > 0) NOT ENFORCED, sum integer, size integer);
ALTER TABLE loose ADD CONSTRAINT of_a_sum FOREIGN KEY (sum) REFERENCES sums (id) NOT ENFORCED;
ALTER TABLE loose ADD CONSTRAINT small CHECK (size < 1000000000) NOT ENFORCED;
INSERT INTO loose SELECT g, g, g, g FROM generate_series(1, 300) g;
CREATE TABLE stays (room int4range, at daterange, note text, PRIMARY KEY (room, at WITHOUT OVERLAPS));
CREATE TABLE meals (id integer PRIMARY KEY, room int4range, at daterange, note text);
ALTER TABLE meals ADD CONSTRAINT during_a_stay FOREIGN KEY (room, PERIOD at) REFERENCES stays (room, PERIOD at);
INSERT INTO stays SELECT int4range(g, g + 1), '[2025-01-01,2026-01-01)', 'stay ' || g FROM generate_series(1, 100) g;
INSERT INTO meals SELECT g, int4range(g, g + 1), '[2025-02-01,2025-02-02)', 'meal ' || g FROM generate_series(1, 100) g;
