CREATE TABLE items (
    id bigint PRIMARY KEY,
    label text NOT NULL,
    price integer NOT NULL
);
CREATE TABLE settings (key text, value text);
CREATE FUNCTION bump() RETURNS void LANGUAGE sql AS $$ UPDATE settings SET value = value || '!' $$;
CREATE PROCEDURE tidy() LANGUAGE sql AS $$ DELETE FROM settings WHERE key = 'old' $$;
INSERT INTO items SELECT i, 'Item ' || i, i FROM generate_series(1, 300) i;
INSERT INTO settings VALUES ('mode', 'a'), ('old', 'b');
