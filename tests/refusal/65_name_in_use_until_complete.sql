ALTER TABLE moods RENAME TO moods_2025;
CREATE TABLE moods (id bigint);
-- line: 2
-- expect: moods
-- expect: complete
