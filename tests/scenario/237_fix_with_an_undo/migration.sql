-- segue: phase expand
-- segue: undo UPDATE stock SET n = n - 1 WHERE sku LIKE 'sku%'
UPDATE stock SET n = n + 1 WHERE sku LIKE 'sku%';
ALTER TABLE stock ADD CONSTRAINT some_left CHECK (n > 0);
ALTER TABLE stock ADD COLUMN seen date;
