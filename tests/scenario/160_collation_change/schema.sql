CREATE TABLE names (
    id bigint PRIMARY KEY,
    name text NOT NULL,
    town character varying(40) COLLATE "C" DEFAULT 'Oslo'
);
CREATE INDEX names_name ON names (name);
CREATE INDEX names_town_pattern ON names (town text_pattern_ops, lower(name));
INSERT INTO names SELECT i, CASE i % 3 WHEN 0 THEN 'Ångström ' WHEN 1 THEN 'anne ' ELSE 'Bo ' END || i, 'town ' || i % 7
FROM generate_series(1, 700) i;
