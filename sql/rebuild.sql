-- What a rebuild asks of the server (docs/decisions/0027): the functions by which a new table takes the place of an old one. Installed
-- with the state; the body of segue.carry is sql/carry.sql.

-- What is made again, as it stood when the new table was made. Taken away by the swap.
CREATE TABLE IF NOT EXISTS segue.carried (
    place text PRIMARY KEY, -- the schema of the new table
    carry json NOT NULL,
    keepers text, -- of the old table when its rows began to be copied (segue.rebuild_keepers)
    file oid      -- of the old table, whose rows the new one holds
);
ALTER TABLE segue.carried ADD COLUMN IF NOT EXISTS keepers text, ADD COLUMN IF NOT EXISTS file oid;

CREATE OR REPLACE FUNCTION segue.carry(pg_catalog.regclass, pg_catalog.text) RETURNS pg_catalog.json LANGUAGE sql STABLE
SET extra_float_digits = 1 AS $carry$
%s$carry$;

-- What tells every change of the table's rows: a fingerprint of the triggers that note them, and of the publication that sends them. xmin tells
-- one that was changed, be it changed back.
CREATE OR REPLACE FUNCTION segue.rebuild_keepers(old pg_catalog.regclass) RETURNS pg_catalog.text LANGUAGE sql STABLE AS $segue$
    SELECT pg_catalog.string_agg(k.keeper, ' ' ORDER BY k.keeper)
    FROM (SELECT pg_catalog.concat_ws(',', t.oid, t.xmin, t.tgenabled)
          FROM pg_catalog.pg_trigger AS t
          WHERE t.tgrelid OPERATOR(pg_catalog.=) old AND pg_catalog.starts_with(t.tgname::pg_catalog.text, 'zzz_segue_capture_')
          UNION ALL
          SELECT pg_catalog.concat_ws(',', p.oid, p.xmin, r.oid, r.xmin)
          FROM pg_catalog.pg_publication AS p JOIN pg_catalog.pg_publication_rel AS r ON r.prpubid OPERATOR(pg_catalog.=) p.oid
          WHERE r.prrelid OPERATOR(pg_catalog.=) old AND pg_catalog.starts_with(p.pubname::pg_catalog.text, 'segue_capture_')) AS k (keeper);
$segue$;

CREATE OR REPLACE FUNCTION segue.rebuild_run(list pg_catalog.json) RETURNS void LANGUAGE plpgsql AS $segue$
DECLARE
    act pg_catalog.text;
BEGIN
    FOR act IN SELECT pg_catalog.json_array_elements_text(list) LOOP
        EXECUTE act;
    END LOOP;
END
$segue$;

-- Nobody has a privilege on a new table or sequence: the default privileges of whoever makes it are not what the old one's were, and its
-- owner may have had fewer than all.
CREATE OR REPLACE FUNCTION segue.rebuild_bare(made pg_catalog.regclass) RETURNS void LANGUAGE plpgsql AS $segue$
DECLARE
    kind pg_catalog.text;
    one pg_catalog.oid;
BEGIN
    FOR kind, one IN
        SELECT DISTINCT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, x.grantee
        FROM pg_catalog.pg_class AS c,
             pg_catalog.aclexplode(COALESCE(c.relacl, pg_catalog.acldefault(CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r'::"char" END,
                                                                            c.relowner))) AS x
        WHERE c.oid = made
    LOOP
        EXECUTE pg_catalog.format('REVOKE ALL ON %%s %%s FROM %%s', kind, made,
                                  CASE WHEN one = 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(one)) END);
    END LOOP;
END
$segue$;

-- The new table, empty, with what needs no rows.
CREATE OR REPLACE FUNCTION segue.rebuild_create(old pg_catalog.regclass, place pg_catalog.text) RETURNS void LANGUAGE plpgsql
SET default_tablespace = '' SET default_table_access_method = heap AS $segue$
DECLARE
    carry pg_catalog.json := segue.carry(old, place);
BEGIN
    IF pg_catalog.json_array_length(carry -> 'obstacles') > 0 THEN
        RAISE EXCEPTION 'table %% cannot be rebuilt: %%', old, carry -> 'obstacles' ->> 0 USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    PERFORM segue.rebuild_run(carry -> 'create');
    INSERT INTO segue.carried VALUES (place, carry, segue.rebuild_keepers(old), pg_catalog.pg_relation_filenode(old));
END
$segue$;

-- An index of it, when its rows are there; several at once. One that a lost session is still at is waited for.
CREATE OR REPLACE FUNCTION segue.rebuild_index(place pg_catalog.text, called pg_catalog.text, act pg_catalog.text) RETURNS void
LANGUAGE plpgsql SET default_tablespace = '' AS $segue$
BEGIN
    PERFORM pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(place || '.' || called, 0));
    IF pg_catalog.to_regclass(pg_catalog.format('%%I.%%I', place, called)) IS NULL THEN
        EXECUTE act;
    END IF;
END
$segue$;

CREATE OR REPLACE FUNCTION segue.rebuild_index(place pg_catalog.text, n pg_catalog.int4) RETURNS void LANGUAGE plpgsql AS $segue$
DECLARE
    index pg_catalog.json := (SELECT carry -> 'indexes' -> n FROM segue.carried AS c WHERE c.place = rebuild_index.place);
BEGIN
    IF index IS NOT NULL THEN
        PERFORM segue.rebuild_index(place, index ->> 'name', index ->> 'sql');
    END IF;
END
$segue$;

-- All that the old table has, before rows come. Unique ones too: what they keep out is copied later (WALK_INSERT_END in plan.h).
CREATE OR REPLACE FUNCTION segue.rebuild_indexes_ahead(place pg_catalog.text) RETURNS void LANGUAGE plpgsql AS $segue$
DECLARE
    indexes pg_catalog.json := (SELECT carry -> 'indexes' FROM segue.carried AS c WHERE c.place = rebuild_indexes_ahead.place);
BEGIN
    FOR n IN 0 .. pg_catalog.json_array_length(indexes) - 1 LOOP
        PERFORM segue.rebuild_index(place, n);
    END LOOP;
END
$segue$;

-- What rests on the indexes: keys, marks, comments.
CREATE OR REPLACE FUNCTION segue.rebuild_build(place pg_catalog.text) RETURNS void LANGUAGE plpgsql SET default_tablespace = '' AS $segue$
DECLARE
    carry pg_catalog.json := (SELECT c.carry FROM segue.carried AS c WHERE c.place = rebuild_build.place);
BEGIN
    FOR n IN 0 .. pg_catalog.json_array_length(carry -> 'indexes') - 1 LOOP -- of one made since the plan was
        PERFORM segue.rebuild_index(place, n);
    END LOOP;
    PERFORM segue.rebuild_run(carry -> 'build');
END
$segue$;

-- Whether the table's rows were written anew (TRUNCATE, VACUUM FULL, ALTER TABLE) since the new one got them; the caller then copies all of
-- them again.
CREATE OR REPLACE FUNCTION segue.rebuild_anew(old pg_catalog.regclass, place pg_catalog.text) RETURNS pg_catalog.bool LANGUAGE plpgsql AS $segue$
BEGIN
    UPDATE segue.carried AS c SET file = pg_catalog.pg_relation_filenode(old)
    WHERE c.place = rebuild_anew.place AND c.file OPERATOR(pg_catalog.<>) pg_catalog.pg_relation_filenode(old);
    RETURN FOUND;
END
$segue$;

-- The locks of the swap, in the order in which the application takes them, which else would wait in the middle of them, and the swap for the
-- application: views before their tables, tables with a foreign key before those that it points to. LOCK would lock all tables of a view.
CREATE OR REPLACE FUNCTION segue.rebuild_lock(old pg_catalog.regclass, place pg_catalog.text) RETURNS void LANGUAGE plpgsql AS $segue$
DECLARE
    carry pg_catalog.json := segue.carry(old, place);
    one pg_catalog.text;
BEGIN
    FOR one IN SELECT pg_catalog.json_array_elements_text(carry -> 'views') LOOP
        EXECUTE pg_catalog.format('ALTER VIEW %%s OWNER TO %%I', one,
                                  (SELECT pg_catalog.pg_get_userbyid(v.relowner) FROM pg_catalog.pg_class AS v
                                   WHERE v.oid OPERATOR(pg_catalog.=) one::pg_catalog.regclass));
    END LOOP;
    FOR one IN SELECT pg_catalog.json_array_elements_text(carry -> 'children') LOOP
        EXECUTE pg_catalog.format('LOCK TABLE ONLY %%s IN ACCESS EXCLUSIVE MODE', one);
    END LOOP;
    EXECUTE pg_catalog.format('LOCK TABLE ONLY %%s IN ACCESS EXCLUSIVE MODE', old);
    FOR one IN SELECT pg_catalog.json_array_elements_text(carry -> 'locks') LOOP
        EXECUTE pg_catalog.format('LOCK TABLE %%s IN ACCESS EXCLUSIVE MODE', one);
    END LOOP;
END
$segue$;

-- An identity's sequence goes with the column; its successor goes on from where it stood. ALTER SEQUENCE keeps everyone from drawing.
CREATE OR REPLACE FUNCTION segue.rebuild_identity(old pg_catalog.regclass, identity pg_catalog.json, begin pg_catalog.bool, at INOUT pg_catalog.text)
LANGUAGE plpgsql AS $segue$
BEGIN
    IF begin THEN
        EXECUTE pg_catalog.format('ALTER SEQUENCE %%s INCREMENT BY %%s', identity ->> 'sequence', identity ->> 'increment');
        EXECUTE pg_catalog.format('SELECT pg_catalog.concat_ws('','', last_value, is_called) FROM %%s', identity ->> 'sequence') INTO at;
        EXECUTE pg_catalog.format('ALTER TABLE %%s ALTER COLUMN %%s DROP IDENTITY', old, identity ->> 'column');
    ELSE
        EXECUTE pg_catalog.format('ALTER TABLE %%s ALTER COLUMN %%s ADD %%s', old, identity ->> 'column', identity ->> 'clause');
        PERFORM segue.rebuild_bare((identity ->> 'sequence')::pg_catalog.regclass);
        PERFORM segue.rebuild_run(identity -> 'after');
        PERFORM pg_catalog.setval((identity ->> 'sequence')::pg_catalog.regclass, pg_catalog.split_part(at, ',', 1)::pg_catalog.int8,
                                  pg_catalog.split_part(at, ',', 2)::pg_catalog.bool);
    END IF;
END
$segue$;

-- The new table takes the old one's place. The caller holds ACCESS EXCLUSIVE on the old one and the locks of what hangs on it. The old
-- one is dropped at the end, which fails when something still rests on it: then nothing has happened.
CREATE OR REPLACE FUNCTION segue.rebuild_swap(old pg_catalog.regclass, place pg_catalog.text) RETURNS void LANGUAGE plpgsql AS $segue$
DECLARE
    carry pg_catalog.json := segue.carry(old, place);
    was pg_catalog.json;
    keepers pg_catalog.text;
    space pg_catalog.text;
    called pg_catalog.text;
    identity pg_catalog.json;
    states pg_catalog.text[] := '{}';
    n pg_catalog.int4 := 0;
BEGIN
    SELECT c.carry, c.keepers INTO STRICT was, keepers FROM segue.carried AS c WHERE c.place = rebuild_swap.place;
    IF keepers IS DISTINCT FROM segue.rebuild_keepers(old) THEN
        RAISE EXCEPTION 'what notes the changes of table %% was switched off while its rows were copied', old
            USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'segue rollback, then start again';
    END IF;
    IF was::pg_catalog.text OPERATOR(pg_catalog.<>) carry::pg_catalog.text THEN
        RAISE EXCEPTION 'table %% was changed while its rows were copied: what hangs on it is not what it was', old
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  DETAIL = (SELECT pg_catalog.string_agg(w.key || ': ' || w.value || E'\n  now: ' || (carry -> w.key)::pg_catalog.text, E'\n')
                            FROM pg_catalog.json_each_text(was) AS w WHERE w.value OPERATOR(pg_catalog.<>) (carry ->> w.key)),
                  HINT = 'segue rollback, then start again';
    END IF;
    SELECT s.nspname, c.relname INTO STRICT space, called
    FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS s ON s.oid = c.relnamespace WHERE c.oid = old;
    PERFORM segue.rebuild_run(carry -> 'unhook');
    FOR identity IN SELECT pg_catalog.json_array_elements(carry -> 'identities') LOOP
        states := states || segue.rebuild_identity(old, identity, true, NULL);
    END LOOP;
    EXECUTE pg_catalog.format('CREATE SCHEMA %%I', place || '_old');
    EXECUTE pg_catalog.format('ALTER TABLE %%s SET SCHEMA %%I', old, place || '_old');
    EXECUTE pg_catalog.format('ALTER TABLE %%I.%%I SET SCHEMA %%I', place, called, space);
    FOR identity IN SELECT pg_catalog.json_array_elements(carry -> 'identities') LOOP
        n := n + 1;
        PERFORM segue.rebuild_identity(pg_catalog.format('%%I.%%I', space, called)::pg_catalog.regclass, identity, false, states[n]);
    END LOOP;
    PERFORM segue.rebuild_run(carry -> 'hook');
    EXECUTE pg_catalog.format('DROP TABLE %%I.%%I', place || '_old', called);
    EXECUTE pg_catalog.format('DROP SCHEMA %%I', place || '_old');
    EXECUTE pg_catalog.format('DROP SCHEMA %%I', place);
END
$segue$;

-- Foreign keys that were made again NOT VALID, those that were valid before. One that did not hold before either is left so on the way back.
-- What statistics of several columns tell is found anew.
CREATE OR REPLACE FUNCTION segue.rebuild_validate(old pg_catalog.regclass, place pg_catalog.text, back pg_catalog.bool) RETURNS void
LANGUAGE plpgsql AS $segue$
DECLARE
    key pg_catalog.json;
BEGIN
    IF NOT back AND EXISTS (SELECT FROM pg_catalog.pg_statistic_ext AS s WHERE s.stxrelid OPERATOR(pg_catalog.=) old) THEN
        EXECUTE pg_catalog.format('ANALYZE %%s', old);
    END IF;
    FOR key IN SELECT pg_catalog.json_array_elements(c.carry -> 'validate') FROM segue.carried AS c WHERE c.place = rebuild_validate.place LOOP
        BEGIN
            EXECUTE pg_catalog.format('ALTER TABLE %%s VALIDATE CONSTRAINT %%I', key ->> 'table', key ->> 'constraint');
        EXCEPTION WHEN foreign_key_violation THEN
            IF NOT back THEN
                RAISE EXCEPTION 'rows of %% violate foreign key %%, and did so before: it was never looked at since', key ->> 'table',
                                key ->> 'constraint'
                    USING ERRCODE = 'foreign_key_violation', DETAIL = SQLERRM,
                          HINT = 'mend these rows, then segue resume; segue rollback leaves the key NOT VALID';
            END IF;
        END;
    END LOOP;
    DELETE FROM segue.carried AS c WHERE c.place = rebuild_validate.place;
END
$segue$;
