-- The expression of a generated column follows the names that its columns get below it, also when they are swapped.
-- segue: allow table-rewrite because "a hundred rows"
ALTER TABLE swaps ADD COLUMN less bigint GENERATED ALWAYS AS (second::bigint - 7) STORED;
ALTER TABLE swaps RENAME COLUMN first TO third;
ALTER TABLE swaps RENAME COLUMN second TO first;
ALTER TABLE swaps RENAME COLUMN third TO second;
