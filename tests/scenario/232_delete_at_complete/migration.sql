-- segue: phase contract
DELETE FROM sessions WHERE seen < date '2023-01-01';
ALTER TABLE sessions ADD COLUMN agent text;
