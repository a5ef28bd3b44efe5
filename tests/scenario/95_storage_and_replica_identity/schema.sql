CREATE TABLE feeds (
    id bigint PRIMARY KEY,
    url text NOT NULL,
    body text,
    hits integer NOT NULL DEFAULT 0
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.01);
ALTER TABLE feeds ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX feeds_url ON feeds (url);
ALTER TABLE feeds REPLICA IDENTITY USING INDEX feeds_url;
ALTER TABLE feeds CLUSTER ON feeds_url;
CREATE STATISTICS feeds_stats (dependencies) ON url, id FROM feeds;
INSERT INTO feeds SELECT i, 'http://x/' || i, 'body', i FROM generate_series(1, 500) i;
