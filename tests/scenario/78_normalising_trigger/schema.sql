CREATE TABLE emails (
    id bigint PRIMARY KEY,
    address text NOT NULL
);
CREATE FUNCTION normalise_address() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.address := lower(NEW.address);
    RETURN NEW;
END $$;
CREATE TRIGGER zz_normalise BEFORE INSERT OR UPDATE ON emails FOR EACH ROW EXECUTE FUNCTION normalise_address();
COMMENT ON TRIGGER zz_normalise ON emails IS 'addresses are compared in lower case';
INSERT INTO emails SELECT i, 'User' || i || '@Example.com' FROM generate_series(1, 600) i;
