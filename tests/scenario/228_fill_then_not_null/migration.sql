-- segue: phase expand
UPDATE invoices AS i SET (state, total) = ('unknown', coalesce(i.total, 0)) WHERE i.state IS NULL;
ALTER TABLE invoices ALTER COLUMN state SET NOT NULL, ALTER COLUMN state SET DEFAULT 'open';
