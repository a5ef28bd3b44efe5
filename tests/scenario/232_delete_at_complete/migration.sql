-- segue: phase contract
DELETE FROM sessions WHERE seen < date '2021-01-01';
ALTER TABLE sessions ADD COLUMN agent text;
