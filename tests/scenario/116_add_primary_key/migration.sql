ALTER TABLE events ADD PRIMARY KEY (stream, number);
ALTER TABLE tags ADD CONSTRAINT tag_names PRIMARY KEY (name) INCLUDE (weight) WITH (fillfactor = 70);
COMMENT ON CONSTRAINT tag_names ON tags IS 'a tag is its name';
