CREATE TABLE clients (
    id serial PRIMARY KEY,
    name text NOT NULL
);
CREATE TABLE visits (
    id bigserial PRIMARY KEY,
    client integer NOT NULL REFERENCES clients
);
GRANT SELECT, INSERT, UPDATE, DELETE ON clients, visits TO app_writer;
GRANT USAGE ON SEQUENCE clients_id_seq, visits_id_seq TO app_writer;
INSERT INTO clients (name) SELECT 'client ' || i FROM generate_series(1, 500) i;
INSERT INTO visits (client) SELECT 1 + i % 500 FROM generate_series(1, 1500) i;
