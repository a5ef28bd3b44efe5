-- segue: up ledger.label = coalesce(text, '') || '!'
ALTER TABLE ledger ADD COLUMN label text NOT NULL;
