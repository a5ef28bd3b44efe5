--: bad
UPDATE orders SET note = upper(note);
--: good
-- in batches, until no row is left
UPDATE orders SET note = upper(note) WHERE id BETWEEN 1 AND 100;
