CREATE TABLE remarks (id bigint PRIMARY KEY, text text, at timestamptz);
CREATE FUNCTION remarked() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
INSERT INTO remarks SELECT i, repeat('x', i % 9), timestamptz '2024-01-01 00:00+00' + i * interval '1 hour' FROM generate_series(1, 200) i;
