ALTER TABLE ratings ADD CONSTRAINT stars_in_range CHECK (stars BETWEEN 1 AND 5);
ALTER TABLE ratings ADD CHECK (low <= high);
ALTER TABLE ratings ADD CHECK (low > 0);
