-- A condition is bound to the types of its columns where it is added; a change of a type takes it as the server prints it then.
-- segue: down orders.note = remark
-- segue: down orders.status = status
-- segue: up orders.status = status
ALTER TABLE orders ADD CONSTRAINT status_known CHECK (status IN ('new', 'paid', 'sent'));
ALTER TABLE orders ADD CHECK (n / 2 < 1000 AND note <> '');
CREATE INDEX orders_open ON orders (n) WHERE status <> 'sent';
CREATE INDEX ON orders ((note || status));
ALTER TABLE orders RENAME COLUMN note TO remark;
ALTER TABLE orders ALTER COLUMN status TYPE varchar(12);
-- segue: down orders.n = n::integer
ALTER TABLE orders ALTER COLUMN n TYPE numeric(12, 1);
ALTER TABLE orders ALTER COLUMN remark TYPE text;
ALTER TABLE orders ADD CHECK (status <> remark);
