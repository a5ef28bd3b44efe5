-- segue: phase expand
UPDATE counters SET n = n + 1 WHERE region LIKE 'r%';
ALTER TABLE counters ADD COLUMN note text DEFAULT 'none';
