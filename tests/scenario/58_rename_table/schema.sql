CREATE TABLE clients (
    id bigserial PRIMARY KEY,
    name text NOT NULL,
    city text
);
CREATE INDEX clients_city ON clients (city);
COMMENT ON TABLE clients IS 'who pays';
GRANT SELECT ON clients TO app_reader;
INSERT INTO clients (name, city) SELECT 'name ' || i, 'city ' || i % 30 FROM generate_series(1, 500) i;
