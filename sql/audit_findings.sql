-- What is not as it should be in schema $1 when no migration is under way: the rule, the object, what was found, what to do.
WITH relations AS (
    SELECT c.oid, c.relname, c.relkind, c.reltuples, format('%I.%I', n.nspname, c.relname) AS name
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = $1::text
), findings (rule, object, message, hint) AS (
    SELECT 'invalid-index', x.indexrelid::regclass::text,
           format('index %s of %s is %s: no query reads it', x.indexrelid::regclass, r.name,
                  CASE WHEN x.indisready THEN 'not valid' ELSE 'not ready' END),
           format('REINDEX INDEX CONCURRENTLY %s, or drop it', x.indexrelid::regclass)
    FROM relations r JOIN pg_index x ON x.indrelid = r.oid
    WHERE NOT x.indisvalid OR NOT x.indisready
    UNION ALL
    SELECT 'constraint-not-validated', k.conname, format('constraint %I of %s was never validated', k.conname, r.name),
           format('ALTER TABLE %s VALIDATE CONSTRAINT %I', r.name, k.conname)
    FROM relations r JOIN pg_constraint k ON k.conrelid = r.oid
    WHERE NOT k.convalidated AND (to_jsonb(k) ->> 'conenforced')::boolean IS NOT FALSE
    UNION ALL
    SELECT 'disabled-trigger', t.tgname, format('trigger %I of %s is switched off', t.tgname, r.name),
           format('ALTER TABLE %s ENABLE TRIGGER %I, where that is not meant', r.name, t.tgname)
    FROM relations r JOIN pg_trigger t ON t.tgrelid = r.oid
    WHERE t.tgenabled = 'D' AND NOT t.tgisinternal
    UNION ALL
    SELECT 'no-statistics', r.name, format('table %s has no statistics: the planner guesses', r.name), format('ANALYZE %s', r.name)
    FROM relations r
    WHERE r.relkind = 'r' AND pg_relation_size(r.oid) > 0
      AND NOT EXISTS (SELECT 1 FROM pg_stats s WHERE s.schemaname = $1::text AND s.tablename = r.relname)
    UNION ALL -- of columns that have come since
    SELECT 'stale-statistics', r.name, format('the statistics of %s know nothing of %s: the planner guesses', r.name, missing.names),
           format('ANALYZE %s', r.name)
    FROM relations r
    JOIN LATERAL (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS names
                  FROM pg_attribute a
                  WHERE a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attstattarget IS DISTINCT FROM 0
                    AND a.attgenerated <> 'v' AND has_column_privilege(r.oid, a.attnum, 'SELECT')
                    AND NOT EXISTS (SELECT 1 FROM pg_stats s WHERE s.schemaname = $1::text AND s.tablename = r.relname
                                                               AND s.attname = a.attname)) missing ON missing.names IS NOT NULL
    WHERE r.relkind = 'r' AND EXISTS (SELECT 1 FROM pg_stats s WHERE s.schemaname = $1::text AND s.tablename = r.relname)
    UNION ALL
    SELECT 'stale-statistics', r.name, format('%s rows of %s have changed since it was analyzed', s.n_mod_since_analyze, r.name),
           format('ANALYZE %s', r.name)
    FROM relations r JOIN pg_stat_all_tables s ON s.relid = r.oid
    WHERE r.relkind = 'r' AND s.n_mod_since_analyze > 1000 + 0.2 * GREATEST(r.reltuples, 0)
    UNION ALL
    SELECT 'leftover', a.attname, format('column %I of %s is segue''s own', a.attname, r.name), NULL
    FROM relations r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE r.relkind IN ('r', 'p') AND starts_with(a.attname, '_segue')
    UNION ALL
    SELECT 'leftover', k.conname, format('constraint %I of %s is segue''s own', k.conname, r.name), NULL
    FROM relations r JOIN pg_constraint k ON k.conrelid = r.oid
    WHERE starts_with(k.conname, '_segue')
    UNION ALL
    SELECT 'leftover', t.tgname, format('trigger %I of %s is segue''s own', t.tgname, r.name), NULL
    FROM relations r JOIN pg_trigger t ON t.tgrelid = r.oid
    WHERE t.tgname ~ 'segue_' AND NOT t.tgisinternal
    UNION ALL
    SELECT 'leftover', r.relname, format('%s is segue''s own', r.name), NULL
    FROM relations r
    WHERE starts_with(r.relname, '_segue')
    UNION ALL
    SELECT 'leftover', n.nspname, format('schema %I of a version holds %I, and no migration is under way', n.nspname, c.relname), NULL
    FROM pg_namespace n
    JOIN pg_class c ON c.relnamespace = n.oid
    WHERE n.nspname IN (SELECT unnest(ARRAY[m.old_version, m.new_version]) FROM segue.migrations m WHERE m.schema = $1::text)
      AND n.nspname <> $1::text
    UNION ALL
    SELECT 'leftover', p.pubname, format('publication %I is segue''s own', p.pubname), NULL
    FROM pg_publication p WHERE starts_with(p.pubname, '_segue') OR starts_with(p.pubname, 'segue')
    UNION ALL
    SELECT 'leftover', s.slot_name, format('replication slot %s is segue''s own and keeps the server''s log', s.slot_name),
           format('SELECT pg_drop_replication_slot(%L)', s.slot_name)
    FROM pg_replication_slots s
    WHERE s.database = current_database() AND s.slot_name ~ '^_?segue'
)
SELECT rule, object, message, coalesce(hint, 'tell what came before; segue history lists the migrations') FROM findings ORDER BY 1, 2
