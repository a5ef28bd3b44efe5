-- The keys of that progress: a row a key column, the last key done and the key at which the walk ends.
SELECT k.last, k.finish
FROM segue.walks w, unnest(w.last, w.finish) AS k (last, finish)
WHERE w.migration = $1::bigint AND w.step = $2::text
