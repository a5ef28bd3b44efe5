CREATE TABLE contacts (
    id bigint PRIMARY KEY,
    place text NOT NULL,
    phone text
);
INSERT INTO contacts SELECT i, (10000 + i) || ' Town' || i, '+1' || i FROM generate_series(1, 1500) i;
