--: bad
CREATE TABLE visits (id bigint PRIMARY KEY, at timestamp NOT NULL);
INSERT INTO visits (id, at) VALUES (1, '2026-11-22 12:00+01');
SELECT 1 / (CASE WHEN at = timestamptz '2026-11-22 12:00+01' THEN 1 ELSE 0 END) AS "the zone was kept" FROM visits;
--: good
CREATE TABLE visits (id bigint PRIMARY KEY, at timestamptz NOT NULL);
INSERT INTO visits (id, at) VALUES (1, '2026-11-22 12:00+01');
SELECT 1 / (CASE WHEN at = timestamptz '2026-11-22 12:00+01' THEN 1 ELSE 0 END) AS "the zone was kept" FROM visits;
