-- The baseline of schema $1 with its objects, their fingerprint, and the files that count as applied: their names and digests.
WITH baseline AS (
    INSERT INTO segue.baselines (schema, objects, fingerprint) VALUES ($1::text, $2::text[], $3::text) RETURNING schema
)
INSERT INTO segue.adopted (schema, name, digest)
SELECT baseline.schema, file.name, file.digest
FROM baseline, unnest($4::text[], $5::text[]) AS file (name, digest)
