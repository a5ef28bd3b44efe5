-- segue: phase expand
UPDATE visits SET seconds = 0 WHERE seconds IS NULL;
ALTER TABLE visits ALTER COLUMN seconds SET NOT NULL;
