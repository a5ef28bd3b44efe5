-- The migrations that the baseline of schema $1 has adopted.
SELECT name, digest FROM segue.adopted WHERE schema = $1::text ORDER BY name COLLATE "C"
