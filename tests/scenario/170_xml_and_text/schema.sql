CREATE TABLE letters (
    id bigint PRIMARY KEY,
    body xml NOT NULL,
    head text
);
INSERT INTO letters SELECT i, ('<a n="' || i || '">text</a>')::xml, '<h>' || i || '</h>' FROM generate_series(1, 500) i;
