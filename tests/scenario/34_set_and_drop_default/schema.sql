CREATE TABLE settings (
    id bigint PRIMARY KEY,
    theme text DEFAULT 'light',
    size integer NOT NULL DEFAULT 10,
    lang text
);
INSERT INTO settings SELECT i, 'dark', i, 'en' FROM generate_series(1, 300) i;
