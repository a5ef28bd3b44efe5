CREATE TABLE clients (
    id bigint PRIMARY KEY,
    nm text NOT NULL,
    city text
);
CREATE TABLE client_notes (id bigint PRIMARY KEY, client_id bigint NOT NULL REFERENCES clients, note text);
INSERT INTO clients SELECT i, 'name ' || i, 'city ' || i % 30 FROM generate_series(1, 500) i;
INSERT INTO client_notes SELECT i, i, 'note ' || i FROM generate_series(1, 500) i;
