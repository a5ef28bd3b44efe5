-- One JSON document of all that the planner knows of schema $1: see src/catalog/catalog.h, whose field names are the keys.
-- Keys that are false, empty or NULL are left out. Each kind of object is read once for the whole schema and grouped by
-- table, so that thousands of tables cost a few hash joins. Columns that not every supported version has are read through
-- to_jsonb. $2: the schemas of segue's versions; $3: the running version; $4: whether the role may silence triggers.
WITH
target AS MATERIALIZED (
    SELECT oid, nspname FROM pg_namespace WHERE nspname = $1::text
),
versions AS MATERIALIZED (
    SELECT oid FROM pg_namespace WHERE nspname = ANY ($2::text[])
),
rel AS MATERIALIZED (
    SELECT c.*, s.pages
    FROM target n
    JOIN pg_class c ON c.relnamespace = n.oid AND c.relkind IN ('r', 'p') AND c.relpersistence <> 't',
    LATERAL (SELECT COALESCE(pg_relation_size(c.oid), 0) / current_setting('block_size')::bigint AS pages) s
),
att AS MATERIALIZED (
    SELECT a.*, c.relowner, c.relnamespace
    FROM rel c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
),
-- Pinned functions (all of pg_catalog) have no rows in pg_depend, so for them the printed expression is searched for
-- their names. A name found in a string is a false alarm on the safe side.
volatile_name AS MATERIALIZED (
    SELECT DISTINCT p.proname::text AS name, p.pronamespace = 'pg_catalog'::regnamespace AS pinned
    FROM pg_proc p
    WHERE p.provolatile = 'v' AND p.prokind = 'f'
      AND p.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype, 'internal'::regtype)
      AND (p.pronamespace = 'pg_catalog'::regnamespace
           OR p.pronamespace IN (SELECT oid FROM pg_namespace WHERE nspname = ANY (current_schemas(false))))
),
def AS MATERIALIZED (
    SELECT d.oid, d.adrelid, d.adnum, pg_get_expr(d.adbin, d.adrelid) AS expr
    FROM att a
    JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
),
volatile_def AS MATERIALIZED (
    SELECT d.oid
    FROM def d, LATERAL regexp_matches(d.expr, '([a-z_][a-z_0-9]*)"?\(', 'g') AS call (word)
    WHERE call.word[1] IN (SELECT name FROM volatile_name WHERE pinned)
    UNION
    SELECT x.objid
    FROM pg_depend x
    JOIN pg_proc p ON p.oid = x.refobjid AND p.provolatile = 'v'
    WHERE x.classid = 'pg_attrdef'::regclass AND x.refclassid = 'pg_proc'::regclass
),
comment AS MATERIALIZED (
    SELECT classoid, objoid, objsubid, description
    FROM pg_description
    WHERE classoid IN ('pg_class'::regclass, 'pg_constraint'::regclass, 'pg_type'::regclass)
),
-- A sequence that a column owns: 'a' of serial or OWNED BY, 'i' of identity.
sequence AS MATERIALIZED (
    SELECT x.refobjid AS relid, x.refobjsubid AS attnum,
           min(quote_ident(n.nspname) || '.' || quote_ident(s.relname)) AS name
    FROM pg_depend x
    JOIN pg_class s ON s.oid = x.objid AND s.relkind = 'S'
    JOIN pg_namespace n ON n.oid = s.relnamespace
    WHERE x.classid = 'pg_class'::regclass AND x.refclassid = 'pg_class'::regclass
      AND x.deptype IN ('a', 'i') AND x.refobjsubid > 0
    GROUP BY 1, 2
),
not_null AS MATERIALIZED (
    SELECT k.conrelid AS relid, k.conkey[1] AS attnum, k.conname AS name, k.convalidated AS valid, k.connoinherit AS no_inherit,
           m.description AS comment
    FROM pg_constraint k
    LEFT JOIN comment m ON m.classoid = 'pg_constraint'::regclass AND m.objoid = k.oid
    WHERE k.contype = 'n' AND k.conrelid IN (SELECT oid FROM rel)
),
-- Privileges as GRANT would give them again. An owner holds all by default: the owner's appear only where they differ.
acl AS MATERIALIZED (
    SELECT 'r' AS kind, c.oid, 0 AS sub, c.relowner AS owner, x.grantee, x.privilege_type, x.is_grantable
    FROM rel c, LATERAL aclexplode(c.relacl) x
    UNION ALL
    SELECT 'c', a.attrelid, a.attnum, a.relowner, x.grantee, x.privilege_type, x.is_grantable
    FROM att a, LATERAL aclexplode(a.attacl) x
    UNION ALL
    SELECT 's', s.oid, 0, s.relowner, x.grantee, x.privilege_type, x.is_grantable
    FROM target n
    JOIN pg_class s ON s.relnamespace = n.oid AND s.relkind = 'S',
    LATERAL aclexplode(s.relacl) x
    UNION ALL
    SELECT 'T', t.oid, 0, t.typowner, x.grantee, x.privilege_type, x.is_grantable
    FROM target n
    JOIN pg_type t ON t.typnamespace = n.oid AND t.typtype IN ('e', 'd', 'c', 'r'),
    LATERAL aclexplode(t.typacl) x
    WHERE NOT EXISTS (SELECT 1
                      FROM aclexplode(acldefault('T', t.typowner)) d
                      WHERE d.grantee = x.grantee AND d.privilege_type = x.privilege_type AND d.is_grantable = x.is_grantable)
),
owner_differs AS MATERIALIZED (
    SELECT c.oid
    FROM rel c
    WHERE c.relacl IS NOT NULL
      AND (SELECT array_agg(x.privilege_type || x.is_grantable ORDER BY x.privilege_type)
           FROM aclexplode(c.relacl) x WHERE x.grantee = c.relowner)
          IS DISTINCT FROM
          (SELECT array_agg(x.privilege_type || x.is_grantable ORDER BY x.privilege_type)
           FROM aclexplode(acldefault('r', c.relowner)) x WHERE x.grantee = c.relowner)
),
grants AS MATERIALIZED (
    SELECT kind, oid, sub, json_agg(line ORDER BY line) AS lines
    FROM (SELECT a.kind, a.oid, a.sub,
                 a.privilege_type || ' TO '
                 || CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END
                 || CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END AS line
          FROM acl a
          WHERE a.kind NOT IN ('r', 's') OR a.grantee <> a.owner OR a.oid IN (SELECT oid FROM owner_differs)) g
    GROUP BY 1, 2, 3
),
-- How far rows lie in the order of a column, as ANALYZE found it in tables where that matters.
lies_in_order AS MATERIALIZED (
    SELECT c.oid AS relid, s.attname, s.correlation
    FROM rel c
    JOIN pg_stats s ON s.schemaname = $1 AND s.tablename = c.relname AND NOT s.inherited
    WHERE c.pages >= 1024
),
columns AS MATERIALIZED (
    SELECT a.attrelid AS relid,
           json_agg(json_strip_nulls(json_build_object(
               'number', a.attnum,
               'name', a.attname,
               'type', format_type(a.atttypid, a.atttypmod),
               'type_schema', tn.nspname,
               'type_name', et.typname,
               'type_is_enum', NULLIF(et.typtype = 'e', false),
               'type_kind', et.typtype,
               'type_is_array', NULLIF(is_array.yes, false),
               'collation', CASE WHEN a.attcollation <> t.typcollation AND a.attcollation <> 0
                                 THEN quote_ident(cn.nspname) || '.' || quote_ident(co.collname) END,
               'not_null', NULLIF(a.attnotnull, false),
               'not_null_name', nn.name,
               'not_null_no_inherit', NULLIF(nn.no_inherit, false),
               'not_null_comment', nn.comment,
               'default_expr', CASE WHEN a.attgenerated = '' THEN d.expr END,
               'generation_expr', CASE WHEN a.attgenerated = 's' THEN d.expr END,
               'default_volatile', NULLIF(a.attgenerated = '' AND v.oid IS NOT NULL, false),
               'generated', NULLIF(a.attgenerated <> '', false),
               'identity', NULLIF(a.attidentity <> '', false),
               'identity_always', NULLIF(a.attidentity = 'a', false),
               'inherited', NULLIF(a.attinhcount::int, 0),
               'merged', NULLIF(a.attinhcount > 0 AND a.attislocal, false),
               'owned_sequence', s.name,
               'comment', m.description,
               'correlation', NULLIF(o.correlation, 0),
               'grants', g.lines,
               'statistics_target', NULLIF(a.attstattarget, -1),
               'storage', CASE WHEN a.attstorage <> t.typstorage
                               THEN CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL'
                                                      WHEN 'x' THEN 'EXTENDED' ELSE 'MAIN' END END,
               'compression', CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END,
               -- Debian's 15.20 numbers each column's definition here, as its own bookkeeping that pg_dump leaves out too.
               'options', (SELECT string_agg(o.entry, ', ' ORDER BY o.place)
                           FROM unnest(a.attoptions) WITH ORDINALITY AS o (entry, place)
                           WHERE NOT starts_with(o.entry, 'pg_attver='))
           )) ORDER BY a.attnum) AS list
    FROM att a
    JOIN pg_type t ON t.oid = a.atttypid
    CROSS JOIN LATERAL (SELECT t.typelem <> 0 AND t.typsubscript = 'array_subscript_handler'::regproc AND t.typlen = -1 AS yes)
        is_array
    JOIN pg_type et ON et.oid = CASE WHEN is_array.yes THEN t.typelem ELSE t.oid END
    JOIN pg_namespace tn ON tn.oid = et.typnamespace
    LEFT JOIN pg_collation co ON co.oid = a.attcollation
    LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace
    LEFT JOIN def d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    LEFT JOIN volatile_def v ON v.oid = d.oid
    LEFT JOIN sequence s ON s.relid = a.attrelid AND s.attnum = a.attnum
    LEFT JOIN not_null nn ON nn.relid = a.attrelid AND nn.attnum = a.attnum
    LEFT JOIN comment m ON m.classoid = 'pg_class'::regclass AND m.objoid = a.attrelid AND m.objsubid = a.attnum
    LEFT JOIN lies_in_order o ON o.relid = a.attrelid AND o.attname = a.attname
    LEFT JOIN grants g ON g.kind = 'c' AND g.oid = a.attrelid AND g.sub = a.attnum
    GROUP BY 1
),
-- What an exclusion constraint reads beside its key columns hangs on its index: expressions, and the columns of its WHERE.
exclusion_column AS MATERIALIZED (
    SELECT relid, json_agg(attnum ORDER BY attnum) AS list
    FROM (SELECT k.conindid AS relid, d.refobjsubid AS attnum
          FROM rel c
          JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'x'
          JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.refobjsubid > 0
                          AND ((d.classid = 'pg_constraint'::regclass AND d.objid = k.oid)
                               OR (d.classid = 'pg_class'::regclass AND d.objid = k.conindid))
          UNION
          SELECT x.indexrelid, u.attnum::int
          FROM rel c
          JOIN pg_index x ON x.indrelid = c.oid AND x.indisexclusion
          CROSS JOIN LATERAL unnest(x.indkey::int2[]) AS u (attnum)
          WHERE u.attnum <> 0) u
    GROUP BY 1
),
constraints AS MATERIALIZED (
    SELECT k.conrelid AS relid,
           json_agg(json_strip_nulls(json_build_object(
               'name', k.conname,
               'kind', k.contype,
               'definition', pg_get_constraintdef(k.oid),
               'columns', CASE WHEN k.contype = 'x' THEN ec.list ELSE to_json(k.conkey) END,
               'valid', k.convalidated,
               'index', CASE WHEN k.contype IN ('p', 'u', 'x') THEN i.relname END,
               'ref_table', CASE WHEN k.contype = 'f' THEN quote_ident(fn.nspname) || '.' || quote_ident(f.relname) END,
               'ref_schema', CASE WHEN k.contype = 'f' THEN fn.nspname END,
               'ref_name', CASE WHEN k.contype = 'f' THEN f.relname END,
               'ref_columns', CASE WHEN k.contype = 'f' THEN to_json(k.confkey) END,
               'inherited', NULLIF(k.coninhcount > 0 OR k.conparentid <> 0, false),
               'comment', m.description
           )) ORDER BY k.conname) AS list
    FROM rel c
    JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype IN ('c', 'f', 'u', 'p', 'x')
    LEFT JOIN pg_class i ON i.oid = k.conindid
    LEFT JOIN exclusion_column ec ON ec.relid = k.conindid
    LEFT JOIN pg_class f ON f.oid = k.confrelid
    LEFT JOIN pg_namespace fn ON fn.oid = f.relnamespace
    LEFT JOIN comment m ON m.classoid = 'pg_constraint'::regclass AND m.objoid = k.oid
    -- A foreign key to a partitioned table has a further entry for each of its partitions.
    WHERE NOT EXISTS (SELECT FROM pg_constraint whole WHERE whole.oid = k.conparentid AND whole.conrelid = k.conrelid)
    GROUP BY 1
),
incoming AS MATERIALIZED (
    SELECT k.confrelid AS relid,
           json_agg(json_build_object(
               'constraint', k.conname,
               'table', quote_ident(n.nspname) || '.' || quote_ident(r.relname),
               'ref_columns', k.confkey
           ) ORDER BY n.nspname, r.relname, k.conname) AS list
    FROM rel c
    JOIN pg_constraint k ON k.confrelid = c.oid AND k.contype = 'f' AND k.conrelid <> k.confrelid
                        AND k.conparentid = 0
    JOIN pg_class r ON r.oid = k.conrelid
    JOIN pg_namespace n ON n.oid = r.relnamespace
    GROUP BY 1
),
-- One row a key column of each index. A walk needs every one to sort as its column does, in one direction, with no NULLs.
index_key AS MATERIALIZED (
    SELECT x.indexrelid AS relid,
           json_agg(x.indkey[i] ORDER BY i) AS keys,
           COALESCE(bool_and(a.attnotnull AND nn.valid IS NOT FALSE
                             AND x.indcollation[i] = a.attcollation
                             AND o.opcdefault AND x.indoption[i] = x.indoption[0]
                             AND x.indoption[i] IN (0, 3)), false) AS walkable
    FROM rel c
    JOIN pg_index x ON x.indrelid = c.oid
    CROSS JOIN LATERAL generate_series(0, x.indnkeyatts - 1) AS i
    JOIN pg_opclass o ON o.oid = x.indclass[i]
    LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[i]
    LEFT JOIN not_null nn ON nn.relid = x.indrelid AND nn.attnum = x.indkey[i]
    GROUP BY 1
),
index_column AS MATERIALIZED (
    SELECT relid, json_agg(attnum ORDER BY attnum) AS list
    FROM (SELECT x.indexrelid AS relid, u.attnum::int AS attnum
          FROM rel c
          JOIN pg_index x ON x.indrelid = c.oid
          CROSS JOIN LATERAL unnest(x.indkey::int2[]) AS u (attnum)
          WHERE u.attnum <> 0
          UNION
          SELECT x.indexrelid, d.refobjsubid
          FROM rel c
          JOIN pg_index x ON x.indrelid = c.oid
          JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = x.indexrelid
                          AND d.refclassid = 'pg_class'::regclass AND d.refobjid = x.indrelid AND d.refobjsubid > 0) u
    GROUP BY 1
),
indexes AS MATERIALIZED (
    SELECT x.indrelid AS relid,
           json_agg(json_strip_nulls(json_build_object(
               'name', i.relname,
               'definition', pg_get_indexdef(x.indexrelid),
               'unique', NULLIF(x.indisunique, false),
               'primary', NULLIF(x.indisprimary, false),
               'valid', NULLIF(x.indisvalid AND x.indisready, false),
               'constraint', NULLIF(EXISTS (SELECT 1 FROM pg_constraint k
                                            WHERE k.conindid = x.indexrelid AND k.conrelid = x.indrelid
                                              AND k.contype IN ('p', 'u', 'x')), false),
               'walkable', NULLIF(k.walkable AND x.indisunique AND x.indimmediate AND x.indisvalid AND x.indisready
                                  AND x.indpred IS NULL AND x.indexprs IS NULL AND am.amname = 'btree', false),
               'keys', k.keys,
               'columns', u.list,
               'clustered', NULLIF(x.indisclustered, false),
               'replica_identity', NULLIF(x.indisreplident, false),
               'parent', pi.relname,
               'comment', m.description
           )) ORDER BY i.relname) AS list
    FROM rel c
    JOIN pg_index x ON x.indrelid = c.oid
    JOIN pg_class i ON i.oid = x.indexrelid
    JOIN pg_am am ON am.oid = i.relam
    LEFT JOIN pg_inherits ih ON ih.inhrelid = x.indexrelid
    LEFT JOIN pg_class pi ON pi.oid = ih.inhparent
    LEFT JOIN index_key k ON k.relid = x.indexrelid
    LEFT JOIN index_column u ON u.relid = x.indexrelid
    LEFT JOIN comment m ON m.classoid = 'pg_class'::regclass AND m.objoid = x.indexrelid AND m.objsubid = 0
    GROUP BY 1
),
triggers AS MATERIALIZED (
    SELECT t.tgrelid AS relid,
           json_agg(json_strip_nulls(json_build_object(
               'name', t.tgname,
               'definition', pg_get_triggerdef(t.oid),
               'before', NULLIF(t.tgtype & 2 <> 0, false),
               'row', NULLIF(t.tgtype & 1 <> 0, false),
               'on_insert', NULLIF(t.tgtype & 4 <> 0, false),
               'on_update', NULLIF(t.tgtype & 16 <> 0, false),
               'enabled', NULLIF(t.tgenabled <> 'D', false),
               'columns', CASE WHEN t.tgattr <> '' THEN to_json(t.tgattr::int2[]) END,
               'function', quote_ident(fn.nspname) || '.' || quote_ident(f.proname) || '()',
               'function_cost', f.procost::text,
               'function_owned', NULLIF(pg_has_role(f.proowner, 'USAGE'), false)
           )) ORDER BY t.tgname) AS list
    FROM rel c
    JOIN pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal
    JOIN pg_proc f ON f.oid = t.tgfoid
    JOIN pg_namespace fn ON fn.oid = f.pronamespace
    GROUP BY 1
),
-- What depends on the tables, their columns, or their row types. Objects that `columns`, `constraints`, `indexes` and
-- `incoming` already show are left out, and so are the views of segue's own versions.
dependency AS MATERIALIZED (
    SELECT d.*, c.oid AS relid, d.refobjsubid AS attnum
    FROM rel c
    JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid
    UNION ALL
    SELECT d.*, c.oid, 0
    FROM rel c
    JOIN pg_type t ON t.oid = c.reltype
    JOIN pg_depend d ON d.refclassid = 'pg_type'::regclass AND d.refobjid IN (t.oid, t.typarray)
                    AND d.deptype <> 'i'
),
dependent AS MATERIALIZED (
    SELECT d.relid, d.attnum,
           CASE v.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' ELSE 'rule' END AS kind,
           CASE WHEN v.relkind IN ('v', 'm') THEN v.oid::regclass::text
                ELSE quote_ident(r.rulename) || ' on ' || v.oid::regclass END AS name,
           v.relnamespace AS space, CASE WHEN v.relkind IN ('v', 'm') THEN v.relname ELSE r.rulename END AS object
    FROM dependency d
    JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
    JOIN pg_class v ON v.oid = r.ev_class
    WHERE v.relnamespace NOT IN (SELECT oid FROM versions)
    UNION
    SELECT d.relid, d.attnum, 'policy', quote_ident(p.polname) || ' on ' || p.polrelid::regclass,
           (SELECT relnamespace FROM pg_class WHERE oid = p.polrelid), p.polname
    FROM dependency d
    JOIN pg_policy p ON d.classid = 'pg_policy'::regclass AND p.oid = d.objid
    WHERE d.attnum > 0 OR p.polrelid <> d.relid
    UNION
    -- Up to version 14 the generated column itself depends on what it reads, later its expression does.
    SELECT d.relid, d.attnum, 'generated column', a.attname, NULL, NULL
    FROM dependency d
    LEFT JOIN pg_attrdef f ON d.classid = 'pg_attrdef'::regclass AND f.oid = d.objid
    JOIN att a ON a.attrelid = d.relid AND a.attgenerated <> ''
              AND a.attnum = COALESCE(f.adnum, CASE WHEN d.classid = 'pg_class'::regclass AND d.objid = d.relid
                                                    THEN d.objsubid END)
    WHERE d.attnum > 0 AND d.attnum <> a.attnum
    UNION
    SELECT d.relid, d.attnum, 'statistics object', quote_ident(s.stxname), s.stxnamespace, s.stxname
    FROM dependency d
    JOIN pg_statistic_ext s ON d.classid = 'pg_statistic_ext'::regclass AND s.oid = d.objid
    UNION
    -- Only column lists and row filters depend on columns; plain membership does not stand in the way.
    SELECT d.relid, d.attnum, 'publication', quote_ident(p.pubname), NULL, p.pubname
    FROM dependency d
    JOIN pg_publication_rel r ON d.classid = 'pg_publication_rel'::regclass AND r.oid = d.objid
    JOIN pg_publication p ON p.oid = r.prpubid
    WHERE d.attnum > 0
    UNION
    SELECT d.relid, d.attnum, 'function', p.oid::regprocedure::text, p.pronamespace, p.proname
    FROM dependency d
    JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid
    UNION
    SELECT d.relid, d.attnum, 'trigger', quote_ident(t.tgname) || ' on ' || t.tgrelid::regclass,
           (SELECT relnamespace FROM pg_class WHERE oid = t.tgrelid), t.tgname
    FROM dependency d
    JOIN pg_trigger t ON d.classid = 'pg_trigger'::regclass AND t.oid = d.objid AND NOT t.tgisinternal
    WHERE d.attnum > 0
    UNION
    -- A key column belongs to its table from within: it cannot go while the table stays.
    SELECT d.relid, d.objsubid, 'partition key', d.relid::regclass::text, NULL, NULL
    FROM dependency d
    WHERE d.classid = 'pg_class'::regclass AND d.objid = d.relid AND d.objsubid > 0 AND d.attnum = 0 AND d.deptype = 'i'
    UNION
    SELECT d.relid, 0, 'column of the row type', quote_ident(a.attname) || ' of ' || o.oid::regclass, NULL, NULL
    FROM dependency d
    JOIN pg_class o ON d.classid = 'pg_class'::regclass AND o.oid = d.objid AND o.relkind IN ('r', 'p', 'm', 'c', 'f')
    JOIN pg_attribute a ON a.attrelid = o.oid AND a.attnum = d.objsubid
    WHERE d.refclassid = 'pg_type'::regclass
    UNION
    SELECT d.relid, 0, 'type of the row type', t.oid::regtype::text, NULL, NULL
    FROM dependency d
    JOIN pg_type t ON d.classid = 'pg_type'::regclass AND t.oid = d.objid
    WHERE d.refclassid = 'pg_type'::regclass
    UNION
    SELECT nn.relid, nn.attnum, 'unvalidated not-null constraint', quote_ident(nn.name), NULL, NULL
    FROM not_null nn
    WHERE NOT nn.valid
    UNION
    -- A column that is made again gets its privileges from the owner, so it would not be the same.
    SELECT a.attrelid, a.attnum, 'privilege granted by another role', quote_ident(pg_get_userbyid(x.grantor)), NULL, NULL
    FROM att a, LATERAL aclexplode(a.attacl) x
    WHERE x.grantor <> a.relowner
),
-- Statistics objects go with a column that is replaced, and are made anew with it.
statistics AS MATERIALIZED (
    SELECT s.stxrelid AS relid,
           json_agg(json_strip_nulls(json_build_object(
               'schema', n.nspname,
               'name', s.stxname,
               'definition', pg_get_statisticsobjdef(s.oid),
               'owner', pg_get_userbyid(s.stxowner),
               'comment', obj_description(s.oid, 'pg_statistic_ext'),
               'columns', (SELECT json_agg(DISTINCT d.refobjsubid) FROM pg_depend d
                           WHERE d.classid = 'pg_statistic_ext'::regclass AND d.objid = s.oid
                             AND d.refclassid = 'pg_class'::regclass AND d.refobjid = s.stxrelid AND d.refobjsubid > 0)
           )) ORDER BY s.stxname) AS list
    FROM rel c
    JOIN pg_statistic_ext s ON s.stxrelid = c.oid
    JOIN pg_namespace n ON n.oid = s.stxnamespace
    GROUP BY 1
),
-- Partitions and children stand by their parents; one whose parent is in another schema, or is no plain table, is named in full.
family AS MATERIALIZED (
    SELECT i.inhrelid AS relid, json_agg(p.relname ORDER BY i.inhseqno) AS parents,
           bool_or(p.relnamespace <> c.relnamespace) AS elsewhere,
           bool_or(COALESCE((to_jsonb(i) ->> 'inhdetachpending')::boolean, false)) AS detaching
    FROM rel c
    JOIN pg_inherits i ON i.inhrelid = c.oid
    JOIN pg_class p ON p.oid = i.inhparent
    GROUP BY 1
),
strange_child AS MATERIALIZED (
    SELECT i.inhparent AS relid, json_agg(i.inhrelid::regclass::text ORDER BY 1) AS list
    FROM rel c
    JOIN pg_inherits i ON i.inhparent = c.oid
    WHERE i.inhrelid NOT IN (SELECT oid FROM rel)
    GROUP BY 1
),
dependents AS MATERIALIZED (
    SELECT relid, json_agg(json_build_object('kind', kind, 'name', name, 'column', attnum, 'schema', n.nspname,
                                             'object', object) ORDER BY kind, name, attnum) AS list
    FROM dependent
    LEFT JOIN pg_namespace n ON n.oid = space
    GROUP BY 1
),
-- What ANALYZE has not counted is guessed from the pages: 32 bytes for a value of variable length, 28 for the row's header.
width AS MATERIALIZED (
    SELECT attrelid AS relid, 28 + sum(CASE WHEN attlen > 0 THEN attlen ELSE 32 END) AS bytes
    FROM att
    GROUP BY 1
),
tables AS MATERIALIZED (
    SELECT json_agg(json_strip_nulls(json_build_object(
               'schema', n.nspname,
               'name', c.relname,
               'oid', c.oid::bigint,
               'kind', c.relkind,
               'owner', pg_get_userbyid(c.relowner),
               'owned', NULLIF(pg_has_role(c.relowner, 'USAGE'), false),
               'row_security', NULLIF(c.relrowsecurity, false),
               'is_partition', NULLIF(c.relispartition, false),
               'has_children', NULLIF(c.oid IN (SELECT inhparent FROM pg_inherits), false),
               'has_parent', NULLIF(c.oid IN (SELECT inhrelid FROM pg_inherits), false),
               'parents', fam.parents,
               'parent_elsewhere', NULLIF(fam.elsewhere, false),
               'detaching', NULLIF(fam.detaching, false),
               'strange_children', strange.list,
               'bound', pg_get_expr(c.relpartbound, c.oid),
               'partition_key', CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END,
               'partition_check', CASE WHEN c.relispartition THEN pg_get_partition_constraintdef(c.oid) END,
               'has_rules', NULLIF(c.relhasrules AND EXISTS (SELECT 1 FROM pg_rewrite r WHERE r.ev_class = c.oid), false),
               -- With a column list (15) hidden columns are not sent; earlier servers do not have prattrs.
               'published', NULLIF(EXISTS (SELECT FROM pg_publication_tables pt
                                            WHERE pt.schemaname = $1 AND pt.tablename = c.relname
                                              AND NOT EXISTS (SELECT FROM pg_publication_rel r
                                                              JOIN pg_publication p ON p.oid = r.prpubid
                                                              WHERE p.pubname = pt.pubname AND r.prrelid = c.oid
                                                                AND to_jsonb(r) ->> 'prattrs' IS NOT NULL)), false),
               'is_unlogged', NULLIF(c.relpersistence = 'u', false),
               'in_extension', NULLIF(c.oid IN (SELECT objid FROM pg_depend
                                                WHERE classid = 'pg_class'::regclass AND deptype = 'e'), false),
               'rows', NULLIF(round(CASE WHEN c.relkind = 'p' THEN greatest(c.reltuples, 0)
                                         WHEN c.reltuples >= 0 AND c.relpages > 0
                                         THEN c.reltuples / c.relpages * c.pages
                                         ELSE c.pages * (current_setting('block_size')::bigint - 24) / COALESCE(w.bytes, 28)
                                    END::numeric), 0),
               'bytes', NULLIF(pg_table_size(c.oid), 0),
               'pages', NULLIF(c.pages, 0),
               'is_heap', NULLIF(EXISTS (SELECT FROM pg_am am WHERE am.oid = c.relam AND am.amname = 'heap'), false),
               'grants', g.lines,
               'comment', m.description,
               'columns', col.list,
               'constraints', con.list,
               'indexes', ind.list,
               'triggers', tri.list,
               'dependents', dep.list,
               'statistics', sta.list,
               'policies', (SELECT json_agg(p.polname ORDER BY p.polname) FROM pg_policy p WHERE p.polrelid = c.oid),
               'incoming', inc.list
           )) ORDER BY c.relname) AS list
    FROM target n
    CROSS JOIN rel c
    LEFT JOIN width w ON w.relid = c.oid
    LEFT JOIN grants g ON g.kind = 'r' AND g.oid = c.oid
    LEFT JOIN comment m ON m.classoid = 'pg_class'::regclass AND m.objoid = c.oid AND m.objsubid = 0
    LEFT JOIN columns col ON col.relid = c.oid
    LEFT JOIN constraints con ON con.relid = c.oid
    LEFT JOIN indexes ind ON ind.relid = c.oid
    LEFT JOIN triggers tri ON tri.relid = c.oid
    LEFT JOIN dependents dep ON dep.relid = c.oid
    LEFT JOIN statistics sta ON sta.relid = c.oid
    LEFT JOIN incoming inc ON inc.relid = c.oid
    LEFT JOIN family fam ON fam.relid = c.oid
    LEFT JOIN strange_child strange ON strange.relid = c.oid
),
-- users: what else depends on a sequence, besides the column that owns it and that column's default.
sequences AS MATERIALIZED (
    SELECT json_agg(json_strip_nulls(json_build_object(
               'name', c.relname,
               'type', format_type(s.seqtypid, NULL),
               'start', s.seqstart::text,
               'increment', s.seqincrement::text,
               'min', s.seqmin::text,
               'max', s.seqmax::text,
               'cache', s.seqcache::text,
               'cycle', NULLIF(s.seqcycle, false),
               'owner', pg_get_userbyid(c.relowner),
               'owned', NULLIF(pg_has_role(c.relowner, 'USAGE'), false),
               'is_unlogged', NULLIF(c.relpersistence = 'u', false),
               'table', t.relname,
               'column', x.refobjsubid,
               'identity', NULLIF(x.deptype = 'i', false),
               'comment', m.description,
               'grants', g.lines,
               'users', (SELECT json_agg(DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid))
                         FROM pg_depend d
                         LEFT JOIN pg_attrdef f ON d.classid = 'pg_attrdef'::regclass AND f.oid = d.objid
                         WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.deptype = 'n'
                           AND NOT COALESCE((f.adrelid, f.adnum) = (x.refobjid, x.refobjsubid), false))
           )) ORDER BY c.relname) AS list
    FROM target n
    JOIN pg_class c ON c.relnamespace = n.oid AND c.relkind = 'S'
    JOIN pg_sequence s ON s.seqrelid = c.oid
    LEFT JOIN pg_depend x ON x.classid = 'pg_class'::regclass AND x.objid = c.oid
                         AND x.refclassid = 'pg_class'::regclass AND x.deptype IN ('a', 'i') AND x.refobjsubid > 0
    LEFT JOIN pg_class t ON t.oid = x.refobjid AND t.relnamespace = n.oid
    LEFT JOIN grants g ON g.kind = 's' AND g.oid = c.oid
    LEFT JOIN comment m ON m.classoid = 'pg_class'::regclass AND m.objoid = c.oid AND m.objsubid = 0
),
views AS MATERIALIZED (
    SELECT json_agg(json_strip_nulls(json_build_object(
               'name', c.relname,
               'materialized', NULLIF(c.relkind = 'm', false),
               'grants', (SELECT json_agg(x.privilege_type || ' TO '
                                          || CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END
                                          || CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
                                          ORDER BY x.grantee, x.privilege_type)
                          FROM aclexplode(c.relacl) x
                          WHERE x.grantee <> c.relowner),
               'dependents', (SELECT json_agg(DISTINCT jsonb_build_object(
                                         'kind', CASE v.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
                                                      ELSE 'rule' END,
                                         'name', v.oid::regclass::text, 'column', 0, 'schema', vn.nspname, 'object', v.relname))
                              FROM pg_depend d
                              JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
                              JOIN pg_class v ON v.oid = r.ev_class AND v.oid <> c.oid
                              JOIN pg_namespace vn ON vn.oid = v.relnamespace
                              WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid
                                AND v.relnamespace NOT IN (SELECT oid FROM versions))
           )) ORDER BY c.relname) AS list
    FROM target n
    JOIN pg_class c ON c.relnamespace = n.oid AND c.relkind IN ('v', 'm')
),
functions AS MATERIALIZED (
    SELECT json_agg(json_strip_nulls(json_build_object(
               'name', p.proname,
               'arguments', NULLIF(p.pronargs, 0),
               'used', NULLIF(EXISTS (SELECT FROM pg_depend d
                                      WHERE d.refclassid = 'pg_proc'::regclass AND d.refobjid = p.oid AND d.deptype <> 'i'), false),
               'restricted', NULLIF(p.proacl IS NOT NULL, false),
               'grants', (SELECT json_agg('EXECUTE TO '
                                          || CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END
                                          || CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
                                          ORDER BY x.grantee)
                          FROM aclexplode(p.proacl) x
                          WHERE x.grantee <> p.proowner)
           )) ORDER BY p.proname, p.oid) AS list
    FROM target n
    JOIN pg_proc p ON p.pronamespace = n.oid
    WHERE NOT EXISTS (SELECT FROM pg_depend d
                      WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
),
-- Enum types, domains, ranges and composite types that are not a table's.
own_type AS MATERIALIZED (
    SELECT t.*, n.nspname
    FROM target n
    JOIN pg_type t ON t.typnamespace = n.oid AND t.typtype IN ('e', 'd', 'c', 'r')
    LEFT JOIN pg_class c ON c.oid = t.typrelid
    WHERE COALESCE(c.relkind, 'c') = 'c'
),
-- What a type, its arrays or its multiranges are used for besides columns of the schema's tables and their defaults.
other_user AS MATERIALIZED (
    SELECT t.oid, json_agg(DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid)) AS list
    FROM own_type t
    LEFT JOIN pg_range r ON r.rngtypid = t.oid
    JOIN pg_depend d ON d.refclassid = 'pg_type'::regclass AND d.deptype <> 'i'
                    AND d.refobjid IN (t.oid, t.typarray, r.rngmultitypid)
    WHERE NOT (d.refobjid IN (t.oid, t.typarray) AND d.classid = 'pg_class'::regclass AND d.objsubid > 0
               AND d.objid IN (SELECT oid FROM rel))
      AND NOT (d.classid = 'pg_attrdef'::regclass AND d.objid IN (SELECT oid FROM def))
      AND NOT (d.classid = 'pg_class'::regclass AND d.objsubid = 0
               AND d.objid IN (SELECT x.indexrelid FROM pg_index x JOIN rel ON rel.oid = x.indrelid))
      AND NOT (d.classid = 'pg_constraint'::regclass
               AND d.objid IN (SELECT k.oid FROM pg_constraint k WHERE k.conrelid IN (SELECT oid FROM rel)
                                                                    OR k.contypid = t.oid))
    GROUP BY 1
),
types AS MATERIALIZED (
    SELECT t.typtype = 'e' AS is_enum,
           json_agg(json_strip_nulls(json_build_object(
               'schema', t.nspname,
               'name', t.typname,
               'kind', t.typtype,
               'owner', pg_get_userbyid(t.typowner),
               'labels', (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid),
               'base', CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END,
               'collation', CASE WHEN t.typtype = 'd' AND t.typcollation <> 0 AND t.typcollation <> b.typcollation
                                 THEN quote_ident(cn.nspname) || '.' || quote_ident(co.collname) END,
               'default_expr', CASE WHEN t.typtype = 'd' THEN pg_get_expr(t.typdefaultbin, 0) END,
               'not_null', NULLIF(t.typnotnull, false),
               'constraints', (SELECT json_agg(json_strip_nulls(json_build_object(
                                   'name', k.conname, 'kind', k.contype, 'definition', pg_get_constraintdef(k.oid),
                                   'valid', k.convalidated, 'comment', km.description)) ORDER BY k.conname)
                               FROM pg_constraint k
                               LEFT JOIN comment km ON km.classoid = 'pg_constraint'::regclass AND km.objoid = k.oid
                               WHERE k.contypid = t.oid AND k.contype = 'c'),
               'attributes', (SELECT json_agg(json_build_object('name', a.attname,
                                                                'type', format_type(a.atttypid, a.atttypmod))
                                              ORDER BY a.attnum)
                              FROM pg_attribute a
                              WHERE a.attrelid = t.typrelid AND t.typtype = 'c' AND a.attnum > 0 AND NOT a.attisdropped),
               'comment', m.description,
               'grants', g.lines,
               'other_users', u.list
           )) ORDER BY t.typname) AS list
    FROM own_type t
    LEFT JOIN pg_type b ON b.oid = t.typbasetype
    LEFT JOIN pg_collation co ON co.oid = t.typcollation
    LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace
    LEFT JOIN grants g ON g.kind = 'T' AND g.oid = t.oid
    LEFT JOIN other_user u ON u.oid = t.oid
    LEFT JOIN comment m ON m.classoid = 'pg_type'::regclass AND m.objoid = t.oid
    GROUP BY 1
)
SELECT json_strip_nulls(json_build_object(
           'server_version', current_setting('server_version_num')::int,
           'database', current_database(),
           'user', current_user,
           'schema', n.nspname,
           'search_path', to_json(current_schemas(false)),
           'can_silence_triggers', NULLIF($4::boolean, false),
           'cache_pages', pg_size_bytes(current_setting('effective_cache_size')) / current_setting('block_size')::bigint,
           'current_version', $3::text,
           'tables', (SELECT list FROM tables),
           'sequences', (SELECT list FROM sequences),
           'views', (SELECT list FROM views),
           'functions', (SELECT list FROM functions),
           'publications', (SELECT json_agg(pubname ORDER BY pubname) FROM pg_publication),
           'extensions', (SELECT json_agg(extname ORDER BY extname) FROM pg_extension),
           'enums', (SELECT list FROM types WHERE is_enum),
           'types', (SELECT list FROM types WHERE NOT is_enum),
           'relation_names', (SELECT json_agg(relname ORDER BY relname) FROM pg_class WHERE relnamespace = n.oid),
           -- Row types go by their table's name and the types of arrays give way to any other.
           'type_names', (SELECT json_agg(t.typname ORDER BY t.typname)
                          FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
                          WHERE t.typnamespace = n.oid AND COALESCE(c.relkind, 'c') = 'c'
                            AND NOT EXISTS (SELECT 1 FROM pg_type e WHERE e.typarray = t.oid)),
           'volatile_functions', (SELECT json_agg(DISTINCT name ORDER BY name) FROM volatile_name),
           'schemas', (SELECT json_agg(nspname ORDER BY nspname) FROM pg_namespace)
       ))
FROM target n
