-- Adds what comparisons of answers have come to: of statements with fingerprints $1, roles $2, new versions $3, texts without values $4: how many were compared $5, differed $6, or
-- differed by themselves $7; and what the last difference was: kind $8, in words $9 (NULL: there was none); and how the new version
-- was asked it, where that has other names $10.
INSERT INTO segue.compared AS was (fingerprint, role, version, text, compared, differed, by_itself, kind, what, translated)
SELECT fingerprint, role, version, text, compared, differed, by_itself, kind, what, translated
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::text[], $9::text[], $10::text[])
     AS c (fingerprint, role, version, text, compared, differed, by_itself, kind, what, translated)
ORDER BY fingerprint, role, version
ON CONFLICT (fingerprint, role, version) DO UPDATE
SET compared = was.compared + excluded.compared, differed = was.differed + excluded.differed, by_itself = was.by_itself + excluded.by_itself,
    kind = coalesce(excluded.kind, was.kind), what = coalesce(excluded.what, was.what), translated = excluded.translated, seen_at = clock_timestamp()
