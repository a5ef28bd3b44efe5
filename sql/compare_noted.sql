-- What comparisons of answers with version $1 have come to, those that differ most often first.
SELECT fingerprint, role, version, text, compared, differed, by_itself, kind, what, translated
FROM segue.compared
WHERE version = $1::text
ORDER BY differed DESC, compared DESC, fingerprint, role
