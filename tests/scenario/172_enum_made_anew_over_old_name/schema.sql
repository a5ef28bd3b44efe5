CREATE TYPE level AS ENUM ('low', 'mid', 'high', 'unknown');
CREATE TABLE alerts (
    id integer PRIMARY KEY,
    level level NOT NULL,
    history level[] NOT NULL DEFAULT '{}'::level[],
    CONSTRAINT known CHECK (level <> 'unknown'::level)
);
CREATE TABLE rules (
    name text PRIMARY KEY,
    least level DEFAULT 'low'::level
);
INSERT INTO alerts SELECT i, (ARRAY['low', 'mid', 'high'])[1 + i % 3]::level, ARRAY['low', 'high']::level[] FROM generate_series(1, 700) i;
INSERT INTO rules SELECT 'rule ' || i, (ARRAY['low', 'mid'])[1 + i % 2]::level FROM generate_series(1, 90) i;
