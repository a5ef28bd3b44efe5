-- What hangs on a table and is made again when its rows move into a table of a new one (docs/decisions/0027): statements in the
-- order in which they run, and what stands in the way. The new table is made in a schema of its own under the old one's name,
-- so that every name in it is final; in the swap the old table goes to another schema and the new one takes its place.
--
-- $1 the table, $2 the schema where the new one is made. Names are printed as the session's search path shows them.
-- obstacles: why it cannot be done. create: on the new table, empty. indexes, then build: on the new table, with its rows.
-- unhook: in the swap, on the old table, still in its place. hook: in the swap, on the new table in its place. validate: after it, each by itself.
-- locks: other tables that the swap locks; children: those of them whose keys point to it; sequences: of its columns; columns: what the
-- rows are made of; scanned, referred: what is locked while keys are validated and statistics found. Triggers of segue's own are left out.
WITH old AS (
    SELECT c.*, n.nspname, format('%I.%I', n.nspname, c.relname) AS name, format('%I.%I', $2::text, c.relname) AS new,
           pg_get_userbyid(c.relowner) AS owner
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid = $1::regclass
),
att AS (
    SELECT a.* FROM old JOIN pg_attribute a ON a.attrelid = old.oid AND a.attnum > 0 AND NOT a.attisdropped
),
ind AS (
    SELECT i.*, c.relname, c.reltablespace, pg_get_indexdef(c.oid) AS definition,
           format('CREATE %sINDEX %I ON %s', CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END, c.relname, old.name) AS head,
           k.oid AS constraint_oid, k.conname, k.contype, k.condeferrable, k.condeferred, pg_get_constraintdef(k.oid) AS clause,
           -- Its index cannot be made beforehand: what excludes rows, be it under the name of a key (WITHOUT OVERLAPS).
           COALESCE(k.contype = 'x' OR (to_jsonb(k) ->> 'conperiod')::boolean, false) AS excludes
    FROM old
    JOIN pg_index i ON i.indrelid = old.oid AND i.indisvalid AND i.indislive
    JOIN pg_class c ON c.oid = i.indexrelid
    LEFT JOIN pg_constraint k ON k.conindid = c.oid AND k.conrelid = old.oid AND k.contype IN ('p', 'u', 'x')
),
-- Keys of the table and keys of others to it.
key AS (
    SELECT k.*, format('%I.%I', cn.nspname, child.relname) AS child, child.relkind AS child_kind, child.relispartition AS child_part,
           child.relowner AS child_owner, format('%I.%I', pn.nspname, parent.relname) AS parent, parent.relkind AS parent_kind,
           regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', '') AS clause,
           (to_jsonb(k) ->> 'conenforced')::boolean IS NOT FALSE AS enforced
    FROM old
    JOIN pg_constraint k ON k.contype = 'f' AND (k.conrelid = old.oid OR k.confrelid = old.oid)
    JOIN pg_class child ON child.oid = k.conrelid
    JOIN pg_namespace cn ON cn.oid = child.relnamespace
    JOIN pg_class parent ON parent.oid = k.confrelid
    JOIN pg_namespace pn ON pn.oid = parent.relnamespace
    WHERE NOT (k.conparentid <> 0 AND k.conrelid = old.oid) -- the server's own for each partition that a key points to
),
seq AS (
    SELECT s.*, c.relname, d.deptype, a.attname, a.attidentity, format('%I.%I', n.nspname, c.relname) AS name, c.relacl, c.relowner,
           c.relpersistence, c.oid AS relid, c.relnamespace, s.seqtypid <> a.atttypid AS other_type,
           c.relpersistence <> old.relpersistence AS other_persistence
    FROM old
    JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = old.oid
                    AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
    JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S'
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_sequence s ON s.seqrelid = c.oid
    JOIN att a ON a.attnum = d.refobjsubid
),
-- What depends on the table or on its row type and does not belong to it. A function whose body is bound to the table (BEGIN ATOMIC) could
-- be made again, but a call that waits for the table meanwhile fails: it holds no lock that tells.
user_of AS (
    SELECT DISTINCT d.classid, d.objid, CASE WHEN d.classid = 'pg_class'::regclass THEN d.objsubid ELSE 0 END AS part,
           d.refclassid = 'pg_type'::regclass AS by_type
    FROM old
    JOIN pg_depend d ON d.deptype IN ('n', 'a', 'i') AND ((d.refclassid = 'pg_class'::regclass AND d.refobjid = old.oid)
                                             OR (d.refclassid = 'pg_type'::regclass
                                                 AND d.refobjid IN (old.reltype, (SELECT typarray FROM pg_type WHERE oid = old.reltype))))
    WHERE NOT (d.classid = 'pg_class'::regclass AND d.objid IN (SELECT old.oid UNION SELECT indexrelid FROM ind UNION SELECT relid FROM seq
                                                                 UNION SELECT reltoastrelid FROM old))
      AND NOT (d.classid = 'pg_class'::regclass AND d.objid IN (SELECT indexrelid FROM pg_index WHERE indrelid = old.oid))
      AND NOT (d.classid = 'pg_type'::regclass AND d.objid IN (old.reltype, (SELECT typarray FROM pg_type WHERE oid = old.reltype)))
      AND NOT (d.classid = 'pg_attrdef'::regclass AND d.objid IN (SELECT oid FROM pg_attrdef WHERE adrelid = old.oid))
      AND NOT (d.classid = 'pg_constraint'::regclass AND d.objid IN (SELECT k.oid FROM pg_constraint k
                                                                       WHERE old.oid IN (k.conrelid, k.confrelid)))
      AND NOT (d.classid = 'pg_trigger'::regclass AND d.objid IN (SELECT t.oid FROM pg_trigger t WHERE t.tgrelid = old.oid OR t.tgisinternal))
      AND NOT (d.classid = 'pg_policy'::regclass AND d.objid IN (SELECT p.oid FROM pg_policy p WHERE p.polrelid = old.oid))
      AND NOT (d.classid = 'pg_statistic_ext'::regclass AND d.objid IN (SELECT s.oid FROM pg_statistic_ext s WHERE s.stxrelid = old.oid))
),
view AS (
    SELECT DISTINCT v.oid, v.relname, v.relowner, v.reloptions, format('%I.%I', n.nspname, v.relname) AS name
    FROM user_of u
    JOIN pg_rewrite r ON u.classid = 'pg_rewrite'::regclass AND r.oid = u.objid AND r.rulename = '_RETURN'
    JOIN pg_class v ON v.oid = r.ev_class AND v.relkind = 'v'
    JOIN pg_namespace n ON n.oid = v.relnamespace
),
-- segue's own functions whose body is bound to the table; replaced by themselves, they are bound to the new one.
bound AS (
    SELECT p.oid FROM user_of u
    JOIN pg_proc p ON u.classid = 'pg_proc'::regclass AND p.oid = u.objid AND p.prosqlbody IS NOT NULL
    WHERE NOT u.by_type AND p.pronamespace = to_regnamespace('segue')
      AND NOT EXISTS (SELECT FROM user_of t WHERE t.by_type AND (t.classid, t.objid) = (u.classid, u.objid))
),
obstacle AS (
    SELECT 'it is no ordinary table' AS reason FROM old WHERE relkind <> 'r'
    UNION ALL SELECT 'it is a partition' FROM old WHERE relispartition
    UNION ALL SELECT 'it has children or parents' FROM old
              WHERE EXISTS (SELECT FROM pg_inherits WHERE old.oid IN (inhparent, inhrelid)) AND NOT relispartition
    UNION ALL SELECT 'it is of a composite type' FROM old WHERE reloftype <> 0
    UNION ALL SELECT 'it has rules' FROM old WHERE EXISTS (SELECT FROM pg_rewrite WHERE ev_class = old.oid)
    UNION ALL SELECT 'it belongs to another role' FROM old WHERE NOT pg_has_role(relowner, 'USAGE')
    UNION ALL SELECT 'its row security hides rows from its owner' FROM old
              WHERE relforcerowsecurity AND NOT (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user)
    UNION ALL SELECT 'it belongs to an extension' FROM old
              WHERE EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = old.oid AND deptype = 'e')
    UNION ALL SELECT 'its access method is not heap' FROM old JOIN pg_am m ON m.oid = old.relam AND m.amname <> 'heap'
    UNION ALL SELECT 'it has security labels' FROM old WHERE EXISTS (SELECT FROM pg_seclabel WHERE objoid = old.oid)
    UNION ALL SELECT 'publication ' || quote_ident(p.pubname) || ' sends its rows' FROM old JOIN pg_publication p
                  ON p.puballtables OR (EXISTS (SELECT FROM pg_publication_tables t WHERE t.pubname = p.pubname
                                                 AND (t.schemaname, t.tablename) = (old.nspname, old.relname))
                                        AND p.pubname NOT LIKE 'segue\_capture\_%')
    UNION ALL SELECT 'it has no key to find its rows by' FROM old WHERE NOT EXISTS (
                  SELECT FROM ind WHERE indisunique AND indimmediate AND indpred IS NULL AND indexprs IS NULL
                                    AND NOT EXISTS (SELECT FROM unnest(ind.indkey[0:ind.indnkeyatts - 1]) x(n) JOIN att ON att.attnum = x.n
                                                    WHERE NOT att.attnotnull))
    UNION ALL SELECT 'the definition of index ' || quote_ident(relname) || ' is not understood' FROM ind
              WHERE NOT excludes AND NOT starts_with(definition, head || ' ')
    UNION ALL SELECT 'foreign key ' || quote_ident(conname) || ' belongs to a partitioned table' FROM key, old
              WHERE key.conrelid <> old.oid AND (child_kind <> 'r' OR child_part OR key.conparentid <> 0)
    UNION ALL SELECT 'foreign key ' || quote_ident(conname) || ' belongs to a table of another role' FROM key, old
              WHERE key.conrelid <> old.oid AND NOT pg_has_role(child_owner, 'USAGE')
    UNION ALL SELECT 'privileges on it were granted by another role' FROM old, LATERAL aclexplode(relacl) x WHERE x.grantor <> relowner
    UNION ALL SELECT 'privileges on its columns were granted by another role' FROM old, att, LATERAL aclexplode(attacl) x
              WHERE x.grantor <> relowner
    UNION ALL SELECT 'privileges on sequence ' || seq.name || ' were granted by another role' FROM seq, LATERAL aclexplode(seq.relacl) x
              WHERE x.grantor <> seq.relowner
    -- Its own default is another dependency.
    UNION ALL SELECT pg_describe_object(d.classid, d.objid, d.objsubid) || ' uses its sequence' FROM seq
              JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = seq.relid AND d.deptype = 'n'
              WHERE seq.deptype = 'i'
    -- The statements that fill it do not fire: the server applies what it receives row by row.
    UNION ALL SELECT 'subscription ' || quote_ident(u.subname) || ' fills it' FROM old
              JOIN pg_subscription_rel r ON r.srrelid = old.oid JOIN pg_subscription u ON u.oid = r.srsubid
    UNION ALL SELECT 'another type has the name that its array type would get' FROM old
              JOIN pg_type y ON y.typnamespace = old.relnamespace AND y.typname = '_' || left(old.relname, 62)
              WHERE y.oid <> (SELECT typarray FROM pg_type WHERE oid = old.reltype)
    UNION ALL SELECT 'its row type has privileges or a comment of its own' FROM old JOIN pg_type y ON y.oid = old.reltype
              WHERE y.typacl IS NOT NULL OR obj_description(y.oid, 'pg_type') IS NOT NULL
    UNION ALL SELECT 'the triggers of foreign key ' || quote_ident(conname) || ' are switched off' FROM key
              WHERE EXISTS (SELECT FROM pg_trigger t WHERE t.tgconstraint = key.oid AND t.tgenabled <> 'O')
    UNION ALL SELECT pg_describe_object(d.classid, d.objid, 0) || ' goes with an extension' FROM old, pg_depend d
              WHERE d.deptype = 'x' AND ((d.classid = 'pg_class'::regclass AND d.objid IN (SELECT indexrelid FROM ind))
                                         OR (d.classid = 'pg_trigger'::regclass
                                             AND d.objid IN (SELECT t.oid FROM pg_trigger t WHERE t.tgrelid = old.oid)))
    UNION ALL SELECT 'not-null constraint ' || quote_ident(k.conname) || ' is not validated' FROM old
              JOIN pg_constraint k ON k.conrelid = old.oid AND k.contype = 'n' AND NOT k.convalidated
    UNION ALL SELECT 'view ' || name || ' belongs to another role' FROM view WHERE NOT pg_has_role(relowner, 'USAGE')
    UNION ALL SELECT COALESCE((SELECT pg_describe_object('pg_class'::regclass, r.ev_class, 0) FROM pg_rewrite r
                               WHERE classid = 'pg_rewrite'::regclass AND r.oid = objid AND r.rulename = '_RETURN'),
                              pg_describe_object(classid, objid, part)) || ' rests on it' FROM user_of
              WHERE NOT (classid = 'pg_rewrite'::regclass AND objid IN (SELECT r.oid FROM pg_rewrite r JOIN view ON view.oid = r.ev_class
                                                                          WHERE r.rulename = '_RETURN'))
                AND NOT (classid = 'pg_proc'::regclass AND objid IN (SELECT oid FROM bound))
                AND NOT (classid = 'pg_publication_rel'::regclass) AND classid IS DISTINCT FROM to_regclass('pg_catalog.pg_publication_namespace') -- not there on 14
),
create_act AS (
    SELECT 10 AS place, relname::text AS name,
           format('CREATE %sTABLE %s (LIKE %s INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING STORAGE INCLUDING COMPRESSION '
                  'INCLUDING COMMENTS)%s%s', CASE relpersistence WHEN 'u' THEN 'UNLOGGED ' ELSE '' END, new, name,
                  (SELECT ' WITH (' || string_agg(o, ', ') || ')'
                   FROM (SELECT o FROM unnest(reloptions) o
                         UNION ALL SELECT 'toast.' || o FROM pg_class t, unnest(t.reloptions) o WHERE t.oid = old.reltoastrelid) x(o)),
                  (SELECT format(' TABLESPACE %I', spcname) FROM pg_tablespace WHERE oid = reltablespace)) AS sql
    FROM old
    UNION ALL
    SELECT 20, relname, format('GRANT CREATE ON SCHEMA %I TO %I', $2::text, owner) FROM old WHERE owner <> current_user
    UNION ALL
    SELECT 21, relname, format('ALTER TABLE %s OWNER TO %I', new, owner) FROM old WHERE owner <> current_user
    UNION ALL
    SELECT 30, a.attname, format('ALTER TABLE %s ALTER COLUMN %I SET STATISTICS %s', old.new, a.attname, a.attstattarget)
    FROM old, att a WHERE a.attstattarget >= 0
    UNION ALL
    SELECT 31, a.attname, format('ALTER TABLE %s ALTER COLUMN %I SET (%s)', old.new, a.attname, array_to_string(o.list, ', '))
    FROM old, att a, LATERAL (SELECT array_agg(o) AS list FROM unnest(a.attoptions) o WHERE o NOT LIKE 'pg\_attver=%') o
    WHERE o.list IS NOT NULL
    UNION ALL
    SELECT 40, k.conname, format('ALTER TABLE %s ADD CONSTRAINT %I %s', old.new, k.conname, pg_get_constraintdef(k.oid))
    FROM old JOIN pg_constraint k ON k.conrelid = old.oid AND k.contype = 'c' AND k.convalidated
    UNION ALL
    SELECT 50, old.relname, format('COMMENT ON TABLE %s IS %L', old.new, obj_description(old.oid, 'pg_class'))
    FROM old WHERE obj_description(old.oid, 'pg_class') IS NOT NULL
    UNION ALL
    -- The default privileges of whoever makes it are not the table's, and the owner may have fewer than all.
    SELECT 60, old.relname,
           format('SELECT segue.rebuild_bare(%L)', old.new)
    FROM old
    UNION ALL
    SELECT 61, x.grantee::text || x.privilege_type,
           format('GRANT %s ON TABLE %s TO %s%s', x.privilege_type, old.new,
                  CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END,
                  CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
    FROM old, LATERAL aclexplode(COALESCE(relacl, acldefault('r', relowner))) x
    UNION ALL
    SELECT 62, a.attname || x.grantee::text || x.privilege_type,
           format('GRANT %s (%I) ON TABLE %s TO %s%s', x.privilege_type, a.attname, old.new,
                  CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END,
                  CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
    FROM old, att a, LATERAL aclexplode(a.attacl) x
),
index_act AS (
    SELECT ind.relname::text AS name, indisunique,
           format('CREATE %sINDEX %I ON %s%s', CASE WHEN indisunique THEN 'UNIQUE ' ELSE '' END, ind.relname, old.new,
                  substr(definition, length(head) + 1)) AS sql
    FROM old, ind WHERE NOT excludes
),
build_act AS (
    SELECT 30 AS place, ind.relname::text AS name, format('ALTER TABLE %s ADD CONSTRAINT %I %s', old.new, ind.conname, clause) AS sql
    FROM old, ind WHERE excludes
    UNION ALL
    SELECT CASE contype WHEN 'p' THEN 11 ELSE 21 END, ind.relname,
           format('ALTER TABLE %s ADD CONSTRAINT %I %s USING INDEX %I%s%s', old.new, ind.conname,
                  CASE contype WHEN 'p' THEN 'PRIMARY KEY' ELSE 'UNIQUE' END, ind.relname,
                  CASE WHEN condeferrable THEN ' DEFERRABLE' ELSE '' END, CASE WHEN condeferred THEN ' INITIALLY DEFERRED' ELSE '' END)
    FROM old, ind WHERE contype IN ('p', 'u') AND NOT excludes
    UNION ALL
    SELECT 50, ind.relname, format('ALTER INDEX %I.%I SET TABLESPACE %I', $2::text, ind.relname, spcname)
    FROM ind JOIN pg_tablespace t ON t.oid = ind.reltablespace
    UNION ALL
    SELECT 51, ind.relname || a.attnum, format('ALTER INDEX %I.%I ALTER COLUMN %s SET STATISTICS %s', $2::text, ind.relname, a.attnum, a.attstattarget)
    FROM ind JOIN pg_attribute a ON a.attrelid = ind.indexrelid AND a.attstattarget >= 0
    UNION ALL
    SELECT 52, ind.relname, format('COMMENT ON INDEX %I.%I IS %L', $2::text, ind.relname, obj_description(indexrelid, 'pg_class'))
    FROM ind WHERE obj_description(indexrelid, 'pg_class') IS NOT NULL
    UNION ALL
    SELECT 53, ind.relname, format('ALTER TABLE %s CLUSTER ON %I', old.new, ind.relname) FROM old, ind WHERE indisclustered
    UNION ALL
    SELECT 54, ind.relname, format('ALTER TABLE %s REPLICA IDENTITY USING INDEX %I', old.new, ind.relname) FROM old, ind WHERE indisreplident
    UNION ALL
    SELECT 54, old.relname, format('ALTER TABLE %s REPLICA IDENTITY %s', old.new, CASE relreplident WHEN 'f' THEN 'FULL' ELSE 'NOTHING' END)
    FROM old WHERE relreplident IN ('f', 'n')
    UNION ALL
    SELECT 60, k.conname, format('COMMENT ON CONSTRAINT %I ON %s IS %L', k.conname, old.new, obj_description(k.oid, 'pg_constraint'))
    FROM old JOIN pg_constraint k ON k.conrelid = old.oid AND k.contype IN ('p', 'u', 'x', 'c') AND (k.convalidated OR k.contype <> 'c')
    WHERE obj_description(k.oid, 'pg_constraint') IS NOT NULL
),
unhook_act AS (
    SELECT 10 AS place, key.conname::text || child AS name, format('ALTER TABLE %s DROP CONSTRAINT %I', key.child, key.conname) AS sql FROM key
    UNION ALL
    SELECT 20, seq.relname, format('ALTER SEQUENCE %s OWNED BY NONE', seq.name) FROM seq WHERE deptype = 'a'
    UNION ALL
    SELECT 30, s.stxname, format('DROP STATISTICS %I.%I', n.nspname, s.stxname)
    FROM old JOIN pg_statistic_ext s ON s.stxrelid = old.oid JOIN pg_namespace n ON n.oid = s.stxnamespace
),
hook_act AS (
    SELECT 10 AS place, seq.relname::text AS name, format('ALTER SEQUENCE %s OWNED BY %s.%I', seq.name, old.name, seq.attname) AS sql
    FROM old, seq WHERE deptype = 'a'
    UNION ALL
    SELECT 20, s.stxname, pg_get_statisticsobjdef(s.oid) FROM old JOIN pg_statistic_ext s ON s.stxrelid = old.oid
    UNION ALL
    SELECT 21, s.stxname, format('ALTER STATISTICS %I.%I OWNER TO %I', n.nspname, s.stxname, pg_get_userbyid(s.stxowner))
    FROM old JOIN pg_statistic_ext s ON s.stxrelid = old.oid JOIN pg_namespace n ON n.oid = s.stxnamespace
    WHERE pg_get_userbyid(s.stxowner) <> current_user
    UNION ALL
    SELECT 22, s.stxname, format('ALTER STATISTICS %I.%I SET STATISTICS %s', n.nspname, s.stxname, s.stxstattarget)
    FROM old JOIN pg_statistic_ext s ON s.stxrelid = old.oid JOIN pg_namespace n ON n.oid = s.stxnamespace
    WHERE s.stxstattarget >= 0
    UNION ALL
    SELECT 23, s.stxname, format('COMMENT ON STATISTICS %I.%I IS %L', n.nspname, s.stxname, obj_description(s.oid, 'pg_statistic_ext'))
    FROM old JOIN pg_statistic_ext s ON s.stxrelid = old.oid JOIN pg_namespace n ON n.oid = s.stxnamespace
    WHERE obj_description(s.oid, 'pg_statistic_ext') IS NOT NULL
    UNION ALL
    SELECT 30, k.conname, format('ALTER TABLE %s ADD CONSTRAINT %I %s', old.name, k.conname, pg_get_constraintdef(k.oid))
    FROM old JOIN pg_constraint k ON k.conrelid = old.oid AND k.contype = 'c' AND NOT k.convalidated
    UNION ALL
    SELECT 31, k.conname, format('COMMENT ON CONSTRAINT %I ON %s IS %L', k.conname, old.name, obj_description(k.oid, 'pg_constraint'))
    FROM old JOIN pg_constraint k ON k.conrelid = old.oid AND k.contype = 'c' AND NOT k.convalidated
    WHERE obj_description(k.oid, 'pg_constraint') IS NOT NULL
    UNION ALL
    -- Their triggers fire in the order in which they are made.
    SELECT 40, lpad(key.oid::text, 10, '0'), format('ALTER TABLE %s ADD CONSTRAINT %I %s%s', key.child, key.conname, key.clause,
                                             CASE WHEN key.enforced THEN ' NOT VALID' ELSE '' END) FROM key
    UNION ALL
    SELECT 41, key.conname || child, format('COMMENT ON CONSTRAINT %I ON %s IS %L', key.conname, key.child, obj_description(key.oid, 'pg_constraint'))
    FROM key WHERE obj_description(key.oid, 'pg_constraint') IS NOT NULL
    UNION ALL
    SELECT 50, v.relname, format('CREATE OR REPLACE VIEW %s%s AS %s', v.name,
                                 (SELECT ' WITH (' || string_agg(o, ', ') || ')' FROM unnest(v.reloptions) o),
                                 regexp_replace(pg_get_viewdef(v.oid), ';\s*$', '')) FROM view v
    UNION ALL
    SELECT 55, b.oid::regprocedure::text, pg_get_functiondef(b.oid) FROM bound b
    UNION ALL
    SELECT 60, t.tgname, pg_get_triggerdef(t.oid) FROM old JOIN pg_trigger t ON t.tgrelid = old.oid AND NOT t.tgisinternal
    WHERE t.tgname NOT LIKE 'zzz\_segue\_%'
    UNION ALL
    SELECT 61, t.tgname, format('ALTER TABLE %s %s TRIGGER %I', old.name,
                                CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, t.tgname)
    FROM old JOIN pg_trigger t ON t.tgrelid = old.oid AND NOT t.tgisinternal AND t.tgenabled <> 'O'
    WHERE t.tgname NOT LIKE 'zzz\_segue\_%'
    UNION ALL
    SELECT 62, t.tgname, format('COMMENT ON TRIGGER %I ON %s IS %L', t.tgname, old.name, obj_description(t.oid, 'pg_trigger'))
    FROM old JOIN pg_trigger t ON t.tgrelid = old.oid AND NOT t.tgisinternal
    WHERE obj_description(t.oid, 'pg_trigger') IS NOT NULL
    UNION ALL
    SELECT 70, p.polname,
           format('CREATE POLICY %I ON %s AS %s FOR %s TO %s%s%s', p.polname, old.name,
                  CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
                  CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
                  (SELECT string_agg(CASE WHEN r = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(r)) END, ', ') FROM unnest(p.polroles) r),
                  ' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', ' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')')
    FROM old JOIN pg_policy p ON p.polrelid = old.oid
    UNION ALL
    SELECT 71, p.polname, format('COMMENT ON POLICY %I ON %s IS %L', p.polname, old.name, obj_description(p.oid, 'pg_policy'))
    FROM old JOIN pg_policy p ON p.polrelid = old.oid
    WHERE obj_description(p.oid, 'pg_policy') IS NOT NULL
    UNION ALL
    SELECT 72, relname, format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', name) FROM old WHERE relrowsecurity
    UNION ALL
    SELECT 73, relname, format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', name) FROM old WHERE relforcerowsecurity
)
SELECT json_build_object(
    'columns', (SELECT json_agg(concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
                                          CASE WHEN a.attnotnull THEN 'NOT NULL' END, pg_get_expr(f.adbin, f.adrelid)) ORDER BY a.attnum)
                FROM att a LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum),
    'obstacles', COALESCE((SELECT json_agg(DISTINCT reason) FROM obstacle), '[]'),
    'create', COALESCE((SELECT json_agg(sql ORDER BY place, name) FROM create_act), '[]'),
    'indexes', COALESCE((SELECT json_agg(json_build_object('name', name, 'sql', sql) ORDER BY NOT indisunique, name) FROM index_act), '[]'),
    'build', COALESCE((SELECT json_agg(sql ORDER BY place, name) FROM build_act), '[]'),
    'unhook', COALESCE((SELECT json_agg(sql ORDER BY place, name) FROM unhook_act), '[]'),
    'hook', COALESCE((SELECT json_agg(sql ORDER BY place, name) FROM hook_act), '[]'),
    'identities', COALESCE((SELECT json_agg(json_build_object('column', quote_ident(attname), 'sequence', name, 'increment', seqincrement::text,
                       'clause', format('GENERATED %s AS IDENTITY (SEQUENCE NAME %s)', CASE attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END, name),
                       'after', (SELECT json_agg(sql ORDER BY place, sql) FROM (
                                     SELECT 1, format('ALTER SEQUENCE %s%s INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s RESTART CACHE %s%s', name,
                                                      CASE WHEN other_type THEN ' AS ' || format_type(seqtypid, NULL) END,
                                                      seqincrement, seqmin, seqmax, seqstart, seqcache, CASE WHEN seqcycle THEN ' CYCLE' END)
                                     UNION ALL
                                     SELECT 2, format('ALTER SEQUENCE %s SET %s', name, CASE relpersistence WHEN 'u' THEN 'UNLOGGED' ELSE 'LOGGED' END)
                                     WHERE other_persistence
                                     UNION ALL
                                     SELECT 3, format('COMMENT ON SEQUENCE %s IS %L', name, obj_description(relid, 'pg_class'))
                                     WHERE obj_description(relid, 'pg_class') IS NOT NULL
                                     UNION ALL
                                     SELECT 4, format('GRANT %s ON SEQUENCE %s TO %s%s', x.privilege_type, name,
                                                      CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END,
                                                      CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
                                     FROM aclexplode(COALESCE(relacl, acldefault('s', relowner))) x) y(place, sql))
                   ) ORDER BY attname) FROM seq WHERE deptype = 'i'), '[]'),
    'validate', COALESCE((SELECT json_agg(json_build_object('table', child, 'constraint', conname, 'other', CASE WHEN conrelid = $1::regclass THEN parent ELSE child END)
                                          ORDER BY conname, child) FROM key WHERE convalidated AND enforced), '[]'),
    'scanned', COALESCE((SELECT json_agg(name ORDER BY name) FROM (
                   SELECT child FROM key WHERE convalidated AND enforced
                   UNION SELECT old.name FROM old JOIN pg_statistic_ext s ON s.stxrelid = old.oid) t (name)), '[]'),
    'referred', COALESCE((SELECT json_agg(DISTINCT parent) FROM key WHERE convalidated AND enforced), '[]'),
    'children', COALESCE((SELECT json_agg(DISTINCT child) FROM old, key WHERE key.conrelid <> old.oid), '[]'),
    'views', COALESCE((SELECT json_agg(DISTINCT name) FROM view), '[]'),
    'sequences', COALESCE((SELECT json_agg(name ORDER BY name) FROM seq), '[]'),
    'locks', COALESCE((SELECT json_agg(DISTINCT CASE WHEN key.conrelid = old.oid THEN parent ELSE child END) FROM old, key
                       WHERE key.conrelid <> key.confrelid), '[]'))
