CREATE TABLE translations (
    key text PRIMARY KEY,
    phrase text NOT NULL
);
INSERT INTO translations SELECT 'it''s.key "' || i || E'"\t\\' || chr(228 + i % 20), 'phrase ' || i FROM generate_series(1, 1500) i;
INSERT INTO translations VALUES ('', 'the empty key');
