"""A schema read from the catalogs, for servers that Debian's pg_dump refuses.

It says equal or different exactly when a normalised pg_dump does (tests/lib/oracle_self.py
proves that on the servers that pg_dump can read): attribute numbers, object ids and the
order of columns do not count; an access list that equals the default one is no access list;
invalid indexes are not dumped; pg_attver, with which Debian's 15.20 numbers the definition of each column
within attoptions, differs from database to database, and pg_dump leaves it out too.
"""

_ACL = """(SELECT jsonb_agg(format('%%s:%%s:%%s:%%s', grantee::regrole, privilege_type,
             is_grantable, grantor::regrole) ORDER BY grantee, privilege_type, grantor)
           FROM aclexplode(%s))"""

_SCHEMA_OF_INTEREST = """n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
  AND n.nspname NOT LIKE 'pg\\_temp\\_%' AND n.nspname NOT LIKE 'pg\\_toast\\_temp\\_%'
  AND n.nspname <> ALL ($1::text[])"""

# What a foreign key to a partitioned table has for each partition, on the same table. Before 18, VALIDATE CONSTRAINT marks the
# key alone as valid and leaves these as they are: nothing reads the mark there, \\d and pg_dump show the key alone.
_UNMARKED_PIECE = """(current_setting('server_version_num')::int < 180000
                      AND EXISTS (SELECT FROM pg_constraint whole WHERE whole.oid = k.conparentid AND whole.conrelid = k.conrelid))"""

# PostgreSQL 18: a partition's PRIMARY KEY USING INDEX marks the NOT NULL of its columns as the partition's own besides, one over the
# whole table does not. Nothing asks: DETACH and ATTACH set the mark anew. A primary key is built without blocking only so.
_NOT_NULL_OF_KEY = """(k.contype = 'n' AND k.coninhcount > 0
                       AND EXISTS (SELECT FROM pg_class part WHERE part.oid = k.conrelid AND part.relispartition)
                       AND EXISTS (SELECT FROM pg_constraint p WHERE p.conrelid = k.conrelid AND p.contype = 'p'
                                   AND k.conkey <@ p.conkey))"""


def _acl(expression):
    return _ACL % expression


_QUERIES = {
    "schema": f"""
SELECT n.nspname, jsonb_build_object('owner', nspowner::regrole::text,
         'acl', {_acl("coalesce(nspacl, acldefault('n', nspowner))")},
         'comment', obj_description(n.oid, 'pg_namespace'))
FROM pg_namespace n WHERE {_SCHEMA_OF_INTEREST}""",

    "relation": f"""
SELECT c.oid::regclass::text, jsonb_build_object('kind', c.relkind, 'owner', c.relowner::regrole::text,
         'persistence', c.relpersistence, 'row security', c.relrowsecurity,
         'forced', c.relforcerowsecurity, 'replica identity', c.relreplident,
         'options', (SELECT jsonb_agg(o ORDER BY o) FROM unnest(c.reloptions) o),
         'toast options', (SELECT jsonb_agg(o ORDER BY o) FROM pg_class t, unnest(t.reloptions) o
                           WHERE t.oid = c.reltoastrelid),
         'method', (SELECT amname FROM pg_am WHERE oid = c.relam),
         'tablespace', (SELECT spcname FROM pg_tablespace WHERE oid = c.reltablespace),
         'of type', CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END,
         'parents', (SELECT jsonb_agg(inhparent::regclass::text ORDER BY inhseqno)
                     FROM pg_inherits WHERE inhrelid = c.oid),
         'bound', pg_get_expr(c.relpartbound, c.oid),
         'partition key', CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END,
         'view', CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END,
         'acl', {_acl('''coalesce(c.relacl, acldefault(CASE WHEN c.relkind = 'S' THEN 's'::"char"
                                   ELSE 'r'::"char" END, c.relowner))''')},
         'row type', (SELECT jsonb_build_object('acl', {_acl("t.typacl")}, 'comment', obj_description(t.oid, 'pg_type'))
                      FROM pg_type t WHERE t.oid = c.reltype),
         'comment', obj_description(c.oid, 'pg_class'))
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {_SCHEMA_OF_INTEREST} AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')""",

    "column": f"""
SELECT c.oid::regclass || '.' || quote_ident(a.attname), jsonb_build_object(
         'type', format_type(a.atttypid, a.atttypmod), 'not null', a.attnotnull,
         'default', pg_get_expr(d.adbin, d.adrelid), 'identity', a.attidentity,
         'generated', a.attgenerated,
         'collation', CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END,
         'storage', CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage END,
         'compression', a.attcompression,
         'statistics', CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END,
         'options', (SELECT jsonb_agg(o ORDER BY o) FROM unnest(a.attoptions) o
                     WHERE o NOT LIKE 'pg\\_attver=%'),
         'local', a.attislocal, 'inherited', NULLIF(a.attinhcount::int, 0),
         'acl', {_acl("a.attacl")},
         'comment', col_description(c.oid, a.attnum))
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE {_SCHEMA_OF_INTEREST} AND c.relkind IN ('r', 'p', 'v', 'm', 'f')""",

    "constraint": f"""
SELECT coalesce(nullif(k.conrelid, 0)::regclass::text, k.contypid::regtype::text) || ' '
         || coalesce((SELECT 'part of ' || whole.conname FROM pg_constraint whole  -- the server's own: it has an automatic name
                      WHERE whole.oid = k.conparentid AND whole.conrelid = k.conrelid), quote_ident(k.conname)),
       jsonb_build_object('definition', CASE WHEN {_UNMARKED_PIECE} THEN regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', '')
                          ELSE pg_get_constraintdef(k.oid) END,
         'valid', k.convalidated OR {_UNMARKED_PIECE}, 'local', k.conislocal AND NOT {_NOT_NULL_OF_KEY}, 'inherited', NULLIF(k.coninhcount::int, 0),
         'part of', (SELECT whole.conrelid::regclass || ' ' || whole.conname FROM pg_constraint whole
                     WHERE whole.oid = k.conparentid AND whole.conrelid <> k.conrelid),
         'switched', (SELECT jsonb_agg(DISTINCT t.tgenabled) FROM pg_trigger t
                      WHERE t.tgconstraint = k.oid AND t.tgisinternal AND t.tgenabled <> 'O' AND t.tgparentid = 0),
         'comment', obj_description(k.oid, 'pg_constraint'))
FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
WHERE {_SCHEMA_OF_INTEREST} AND k.contype <> 't'""",

    "index": f"""
SELECT c.oid::regclass::text, jsonb_build_object('definition', pg_get_indexdef(c.oid),
         'part of', (SELECT inhparent::regclass::text FROM pg_inherits WHERE inhrelid = c.oid),
         'clustered', i.indisclustered, 'replica identity', i.indisreplident,
         'constraint', (SELECT conname FROM pg_constraint k
                        WHERE k.conindid = c.oid AND k.contype IN ('p', 'u', 'x')),
         'tablespace', (SELECT spcname FROM pg_tablespace WHERE oid = c.reltablespace),
         'statistics', (SELECT jsonb_object_agg(a.attnum, a.attstattarget) FROM pg_attribute a
                        WHERE a.attrelid = c.oid AND a.attstattarget >= 0),
         'comment', obj_description(c.oid, 'pg_class'))
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {_SCHEMA_OF_INTEREST} AND i.indisvalid""",

    "sequence": f"""
SELECT c.oid::regclass::text, jsonb_build_object('type', format_type(s.seqtypid, NULL),
         'start', s.seqstart, 'increment', s.seqincrement, 'max', s.seqmax, 'min', s.seqmin,
         'cache', s.seqcache, 'cycle', s.seqcycle,
         'owned by', (SELECT d.deptype::text || ' ' || d.refobjid::regclass || '.' || a.attname
                      FROM pg_depend d JOIN pg_attribute a
                        ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                        AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')))
FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {_SCHEMA_OF_INTEREST}""",

    "trigger": f"""
SELECT c.oid::regclass || ' ' || quote_ident(t.tgname), jsonb_build_object(
         'definition', pg_get_triggerdef(t.oid), 'enabled', t.tgenabled,
         'comment', obj_description(t.oid, 'pg_trigger'))
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {_SCHEMA_OF_INTEREST} AND NOT t.tgisinternal""",

    "rule": f"""
SELECT c.oid::regclass || ' ' || quote_ident(r.rulename), jsonb_build_object(
         'definition', pg_get_ruledef(r.oid), 'enabled', r.ev_enabled,
         'comment', obj_description(r.oid, 'pg_rewrite'))
FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {_SCHEMA_OF_INTEREST} AND r.rulename <> '_RETURN'""",

    "policy": f"""
SELECT c.oid::regclass || ' ' || quote_ident(p.polname), jsonb_build_object('command', p.polcmd,
         'permissive', p.polpermissive, 'using', pg_get_expr(p.polqual, p.polrelid),
         'check', pg_get_expr(p.polwithcheck, p.polrelid),
         'roles', (SELECT jsonb_agg(r::regrole::text ORDER BY r::regrole::text) FROM unnest(p.polroles) r),
         'comment', obj_description(p.oid, 'pg_policy'))
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {_SCHEMA_OF_INTEREST}""",

    "function": f"""
SELECT f.oid::regprocedure::text, jsonb_build_object('kind', f.prokind,
         'definition', CASE WHEN f.prokind <> 'a' THEN pg_get_functiondef(f.oid) END,
         'aggregate', (SELECT jsonb_build_object('transition', aggtransfn::text, 'type',
                         format_type(aggtranstype, NULL), 'final', aggfinalfn::text, 'start', agginitval)
                       FROM pg_aggregate WHERE aggfnoid = f.oid),
         'owner', f.proowner::regrole::text,
         'acl', {_acl("coalesce(f.proacl, acldefault('f', f.proowner))")},
         'comment', obj_description(f.oid, 'pg_proc'))
FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace
WHERE {_SCHEMA_OF_INTEREST}""",

    "type": f"""
SELECT t.oid::regtype::text, jsonb_build_object('kind', t.typtype, 'owner', t.typowner::regrole::text,
         'labels', (SELECT jsonb_agg(enumlabel ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid),
         'base', CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END,
         'not null', t.typnotnull, 'default', t.typdefault,
         'collation', CASE WHEN t.typtype = 'd' THEN t.typcollation::regcollation::text END,
         'attributes', (SELECT jsonb_agg(jsonb_build_array(a.attname, format_type(a.atttypid, a.atttypmod),
                                         col_description(t.typrelid, a.attnum)) ORDER BY a.attnum)
                        FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0
                          AND NOT a.attisdropped),
         'subtype', (SELECT format_type(rngsubtype, NULL) FROM pg_range WHERE rngtypid = t.oid),
         'acl', {_acl("coalesce(t.typacl, acldefault('T', t.typowner))")},
         'comment', obj_description(t.oid, 'pg_type'))
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE {_SCHEMA_OF_INTEREST} AND (t.typtype IN ('e', 'd', 'r')
  OR (t.typtype = 'c' AND (SELECT relkind FROM pg_class WHERE oid = t.typrelid) = 'c'))""",

    "statistics": f"""
SELECT s.stxnamespace::regnamespace || '.' || quote_ident(s.stxname), jsonb_build_object(
         'table', s.stxrelid::regclass::text, 'kinds', s.stxkind,
         'columns', (SELECT jsonb_agg(a.attname ORDER BY a.attname) FROM pg_attribute a
                     WHERE a.attrelid = s.stxrelid AND a.attnum = ANY (s.stxkeys)),
         'expressions', to_jsonb(pg_get_statisticsobjdef_expressions(s.oid)), 'owner', s.stxowner::regrole::text,
         'target', CASE WHEN s.stxstattarget >= 0 THEN s.stxstattarget END,
         'comment', obj_description(s.oid, 'pg_statistic_ext'))
FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace
WHERE {_SCHEMA_OF_INTEREST}""",

    "default access": f"""
SELECT d.defaclrole::regrole || ' ' || d.defaclnamespace::regnamespace || ' ' || d.defaclobjtype::text,
       jsonb_build_object('acl', {_acl("d.defaclacl")}) FROM pg_default_acl d
WHERE d.defaclnamespace::regnamespace::text <> ALL ($1::text[])""",

    "publication": """
SELECT p.pubname, jsonb_build_object('owner', p.pubowner::regrole::text, 'all', p.puballtables,
         'insert', p.pubinsert, 'update', p.pubupdate, 'delete', p.pubdelete,
         'truncate', p.pubtruncate, 'comment', obj_description(p.oid, 'pg_publication'),
         'tables', (SELECT jsonb_agg(jsonb_build_array(t.schemaname, t.tablename, to_jsonb(t) ->> 'rowfilter',
                                     (SELECT jsonb_agg(a ORDER BY a)
                                      FROM jsonb_array_elements_text(to_jsonb(t) -> 'attnames') AS a))
                                     ORDER BY t.schemaname, t.tablename)
                    FROM pg_publication_tables t WHERE t.pubname = p.pubname))
FROM pg_publication p WHERE cardinality($1::text[]) >= 0""",

    "event trigger": """
SELECT e.evtname, jsonb_build_object('event', e.evtevent, 'function', e.evtfoid::regprocedure::text,
         'enabled', e.evtenabled, 'tags', to_jsonb(e.evttags), 'owner', e.evtowner::regrole::text)
FROM pg_event_trigger e WHERE cardinality($1::text[]) >= 0""",

    "extension": """
SELECT e.extname, jsonb_build_object('schema', e.extnamespace::regnamespace::text)
FROM pg_extension e WHERE cardinality($1::text[]) >= 0""",
}


def lines(connection, excluded_schemas=()):
    """One line an object; two schemas are equal when their lines are, in any order."""
    array = "{" + ",".join('"' + name + '"' for name in excluded_schemas) + "}"
    connection.execute("SET search_path = ''")
    result = []
    for kind, query in _QUERIES.items():
        # Attributes that are null or empty say nothing; leaving them out keeps lines readable.
        stripped = (f"SELECT name, jsonb_strip_nulls(about)::text FROM ({query}) AS q (name, about)")
        for name, about in connection.rows(stripped, array):
            result.append(f"{kind} {name} {about}")
    connection.execute("RESET search_path")
    return result
