--: before
CREATE INDEX orders_note ON orders (note);
--: script
CREATE INDEX ON orders (lower(code)) WHERE amount > 3;
CREATE UNIQUE INDEX IF NOT EXISTS codes ON orders USING btree (code DESC NULLS LAST) INCLUDE (note) WITH (fillfactor = 70);
DROP INDEX IF EXISTS orders_amount;
DROP INDEX orders_note;
REINDEX TABLE orders;
