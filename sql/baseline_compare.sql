-- What the objects $2 have beside those that the baseline of schema $1 has: those that are gone (-) and those that are new (+).
WITH recorded AS (SELECT unnest(objects) AS line FROM segue.baselines WHERE schema = $1::text),
     present AS (SELECT unnest($2::text[]) AS line),
     differences AS (SELECT '-' AS sign, line FROM (TABLE recorded EXCEPT TABLE present) gone
                     UNION ALL SELECT '+', line FROM (TABLE present EXCEPT TABLE recorded) come)
SELECT sign || ' ' || line FROM differences ORDER BY line COLLATE "C", sign DESC
