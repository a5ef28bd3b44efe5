ALTER TABLE buffer SET LOGGED;
-- segue: down cache.value = left(value, 50)
-- segue: up cache.value = value || '!'
ALTER TABLE cache ALTER COLUMN value TYPE varchar(60);
ALTER TABLE cache SET UNLOGGED;
ALTER TABLE cache CLUSTER ON cache_value;
ALTER TABLE buffer RENAME TO lines;
ALTER TABLE lines SET (fillfactor = 60), ALTER COLUMN line SET COMPRESSION pglz;
