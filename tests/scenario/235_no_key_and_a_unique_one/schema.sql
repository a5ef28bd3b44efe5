CREATE TABLE log (at integer, line text);
INSERT INTO log SELECT i, NULLIF('line ' || i, 'line 7') FROM generate_series(1, 400) AS i;
CREATE TABLE tags (id integer PRIMARY KEY, slug text NOT NULL);
INSERT INTO tags SELECT i, 'Tag ' || i FROM generate_series(1, 900) AS i;
CREATE UNIQUE INDEX tags_by_slug ON tags (slug);
