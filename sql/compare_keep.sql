-- Adds what a gateway has seen of statements: their fingerprints $1, roles $2, versions $3, texts without values $4, and how often $5. Beyond five thousand, those
-- longest unseen go.
WITH seen AS (
    SELECT fingerprint, role, version, min(text) AS text, sum(calls) AS calls
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[]) AS s (fingerprint, role, version, text, calls)
    GROUP BY fingerprint, role, version
),
gone AS (
    DELETE FROM segue.statements
    WHERE (SELECT count(*) FROM segue.statements) > 5000
      AND (fingerprint, role, version) IN (SELECT fingerprint, role, version FROM segue.statements ORDER BY seen_at DESC OFFSET 5000)
      AND (fingerprint, role, version) NOT IN (SELECT fingerprint, role, version FROM seen)
)
INSERT INTO segue.statements AS kept (fingerprint, role, version, text, calls)
SELECT fingerprint, role, version, text, calls FROM seen ORDER BY fingerprint, role, version
ON CONFLICT (fingerprint, role, version) DO UPDATE SET calls = kept.calls + excluded.calls, seen_at = clock_timestamp()
