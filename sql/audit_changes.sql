-- What became of the schema of migration $1, which now holds objects $2 and rights $3:
--   removed, added   by what happened from its start to its end
--   lost             removed, though neither the files that were under way name it nor anything that it stands on has changed
--   gone, new        since its end
--   right            that somebody had, on an object that is still there, and that no file has taken away
WITH inventory AS (
    SELECT moment, objects, rights, at FROM segue.inventories WHERE migration = $1::bigint
), span AS (
    SELECT min(at) AS began, max(at) AS ended, count(*) = 2 AS whole FROM inventory
), files AS (
    SELECT string_agg(m.sql, E'\n') AS words
    FROM segue.migrations this
    CROSS JOIN span
    JOIN segue.migrations m ON m.schema = this.schema AND m.started_at <= span.ended AND COALESCE(m.finished_at, 'infinity') >= span.began
    WHERE this.id = $1::bigint
), before AS (SELECT unnest(objects) AS line FROM inventory WHERE moment = 'before'
), after AS (SELECT unnest(objects) AS line FROM inventory WHERE moment = 'after'
), present AS (SELECT unnest($2::text[]) AS line
), rights_before AS (SELECT unnest(rights) AS line FROM inventory WHERE moment = 'before'
), rights_after AS (SELECT unnest(rights) AS line FROM inventory WHERE moment = 'after'
), rights_now AS (SELECT unnest($3::text[]) AS line
), removed AS (
    SELECT line FROM (TABLE before EXCEPT TABLE after) lines, span WHERE span.whole
), added AS (
    SELECT line FROM (TABLE after EXCEPT TABLE before) lines, span WHERE span.whole
), changed (name) AS ( -- tables, columns, types, functions
    SELECT DISTINCT trim(BOTH '"' FROM (regexp_match(line,
        '^(?:column (?:"(?:[^"]|"")+"|[^."]+)\.|partitioned table |foreign table |composite type |table |view |materialized view |enum |domain |range '
        '|function CREATE OR REPLACE (?:FUNCTION|PROCEDURE) [^.]+\.)("(?:[^"]|"")+"|[^ (]+)'))[1])
    FROM removed
), patterns AS (
    SELECT '(^|[^[:alnum:]_])' || regexp_replace(name, '([^[:alnum:]_])', '\\\1', 'g') || '([^[:alnum:]_]|$)' AS pattern
    FROM changed WHERE name IS NOT NULL
), named AS (
    SELECT line, trim(BOTH '"' FROM (regexp_match(line,
        '^(?:index CREATE (?:UNIQUE )?INDEX |trigger CREATE (?:CONSTRAINT )?TRIGGER |statistics CREATE STATISTICS [^.]+\.'
        '|constraint (?:"(?:[^"]|"")+"|[^."]+)\.|policy (?:"(?:[^"]|"")+"|[^."]+)\.)("(?:[^"]|"")+"|[^ ]+)'))[1]) AS name
    FROM removed
    WHERE line ~ '^(index|constraint|trigger|policy|statistics) '
), lost AS (
    SELECT n.line
    FROM named n, files
    WHERE n.line NOT IN (TABLE present)
      AND NOT files.words ~* ('(^|[^[:alnum:]_])' || regexp_replace(n.name, '([^[:alnum:]_])', '\\\1', 'g') || '([^[:alnum:]_]|$)')
      AND NOT EXISTS (SELECT 1 FROM patterns p WHERE n.line ~ p.pattern)
), missing_rights AS (
    (TABLE rights_after EXCEPT TABLE rights_now)
    UNION
    (SELECT line FROM rights_before, files WHERE NOT files.words ~* '\m(revoke|owner\s+to|reassign\s+owned|drop\s+owned)\M' EXCEPT TABLE rights_now)
), findings (what, line) AS (
    SELECT 'removed', line FROM removed
    UNION ALL SELECT 'added', line FROM added
    UNION ALL SELECT 'lost', line FROM lost
    UNION ALL (SELECT 'gone', line FROM after EXCEPT SELECT 'gone', line FROM present)
    UNION ALL (SELECT 'new', line FROM present WHERE EXISTS (TABLE after) EXCEPT SELECT 'new', line FROM after)
    UNION ALL
    SELECT 'right', m.line FROM missing_rights m
    WHERE EXISTS (SELECT 1 FROM rights_now r WHERE starts_with(r.line, split_part(m.line, ': ', 1) || ': '))
       OR EXISTS (SELECT 1 FROM present o WHERE starts_with(o.line, split_part(m.line, ': ', 1) || ' '))
)
SELECT what, line FROM findings ORDER BY what, line COLLATE "C"
