-- A partition that was a table of its own keeps the names of its constraints.
CREATE TABLE days (id integer, at date NOT NULL, n integer NOT NULL, note text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE days_2025 PARTITION OF days FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE alone (id integer, at date NOT NULL, n integer NOT NULL, note text NOT NULL, PRIMARY KEY (id, at));
ALTER TABLE days ATTACH PARTITION alone FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
INSERT INTO days SELECT g, date '2025-01-02' + g, g, 'day ' || g FROM generate_series(1, 700) g;
