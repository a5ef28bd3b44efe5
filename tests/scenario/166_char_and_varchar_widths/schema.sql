CREATE TABLE codes (
    id bigint PRIMARY KEY,
    code character(6) NOT NULL,
    label character varying(20) NOT NULL DEFAULT 'none',
    remark character varying(200)
);
CREATE INDEX codes_code ON codes (code);
INSERT INTO codes SELECT i, 'c' || i, 'label ' || i, 'remark ' || i FROM generate_series(1, 700) i;
