-- segue: up feeds.host = split_part(url, '/', 3)
ALTER TABLE feeds ADD COLUMN host text NOT NULL;
-- segue: down feeds.hits = least(hits, 2147483647)
ALTER TABLE feeds ALTER COLUMN hits TYPE bigint;
