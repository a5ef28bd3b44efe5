-- What the objects $2 have beside those that the baseline of schema $1 has: those that are gone (-) and those that are new (+).
WITH then AS (SELECT unnest(objects) AS line FROM segue.baselines WHERE schema = $1::text),
     now AS (SELECT unnest($2::text[]) AS line),
     differences AS (SELECT '-' AS sign, line FROM (TABLE then EXCEPT TABLE now) gone
                     UNION ALL SELECT '+', line FROM (TABLE now EXCEPT TABLE then) come)
SELECT sign || ' ' || line FROM differences ORDER BY line COLLATE "C", sign DESC
