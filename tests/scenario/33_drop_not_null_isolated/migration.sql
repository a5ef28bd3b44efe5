-- segue: down leads.source = coalesce(source, 'none')
ALTER TABLE leads ALTER COLUMN source DROP NOT NULL;
