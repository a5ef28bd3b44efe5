-- What the schema of migration $1 holds at moment $2: objects $3 and rights $4. Those of earlier migrations of the schema that have ended
-- are not needed any more when a later one is complete.
WITH forgotten AS (
    DELETE FROM segue.inventories i
    USING segue.migrations m, segue.migrations this
    WHERE $2::text = 'after' AND this.id = $1::bigint AND m.id = i.migration AND m.schema = this.schema AND m.id < this.id
      AND m.state IN ('completed', 'rolled-back')
)
INSERT INTO segue.inventories (migration, moment, objects, rights) VALUES ($1::bigint, $2::text, $3::text[], $4::text[])
ON CONFLICT (migration, moment) DO UPDATE SET objects = EXCLUDED.objects, rights = EXCLUDED.rights, at = clock_timestamp()
