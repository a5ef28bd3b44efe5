CREATE TABLE badges (
    id bigint PRIMARY KEY,
    code text NOT NULL DEFAULT '0',
    holder text
);
COMMENT ON COLUMN badges.code IS 'digits';
INSERT INTO badges SELECT i, i::text, 'h' || i FROM generate_series(1, 500) i;
