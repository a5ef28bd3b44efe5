--: script
ALTER TABLE orders ADD COLUMN a integer NOT NULL DEFAULT 5 CONSTRAINT a_small CHECK (a < 10) REFERENCES customers (id) ON DELETE CASCADE;
ALTER TABLE orders ADD b text COLLATE "C" UNIQUE CHECK (b <> 'x, y');
ALTER TABLE orders ADD COLUMN c double precision DEFAULT random() NOT NULL, ADD COLUMN d timestamptz DEFAULT clock_timestamp();
ALTER TABLE orders ADD COLUMN e smallserial, ADD COLUMN f serial;
ALTER TABLE orders ADD COLUMN g bigint CONSTRAINT g_of REFERENCES customers DEFERRABLE;
