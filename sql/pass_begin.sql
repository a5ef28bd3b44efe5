-- A pass of migration $1 begins, of kind $2, with keepers $3. Of earlier ones the last 20 are kept.
WITH pruned AS (
    DELETE FROM segue.passes
    WHERE migration = $1::bigint
      AND id < (SELECT min(id) FROM (SELECT id FROM segue.passes WHERE migration = $1::bigint ORDER BY id DESC LIMIT 20) AS latest)
)
INSERT INTO segue.passes (migration, kind, keepers) VALUES ($1::bigint, $2::text, $3::text) RETURNING id
