/* Rebuild: rows that changed while the rows were copied are copied again; those that fail are left and listed. */
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/rebuild_internal.h"
#include "postgres/planner/sync.h"

const char *rebuild_same_key(const struct rebuild *rebuild, const char *prefix)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    for (size_t i = 0; i < rebuild->n_keys; i++)
        text_printf(&out, "%s%s%s = _segue_key._segue_k%zu", i ? " AND " : "", prefix, rebuild->keys[i],
                    i + 1);
    return arena_strdup(rebuild->arena, out.data);
}

const char *rebuild_fill(const struct rebuild *rebuild)
{
    return pg_format(rebuild->arena, "INSERT INTO %s (%s) SELECT %s FROM ONLY %s", rebuild->copy,
                     rebuild->columns, rebuild->values, rebuild->table->real);
}

/*
 * Rows whose keys were noted are taken out of the copy and copied again. Everything happens in one snapshot (the caller's
 * transaction), so that afterwards the copy is the table as of that snapshot, and unique indexes hold. A row without key is
 * the mark of a TRUNCATE; a table that was written anew without it is copied anew, too. indexed: the copy has its indexes, and a few keys
 * are looked up one by one, because a plan for all of them hangs on statistics that nobody has made yet, and may read the whole table
 * while nobody can use it. swapping: the table is locked; more than that is left to be done without the lock.
 */
const char *rebuild_apply_function(const struct rebuild *rebuild)
{
    const char *fill = rebuild_fill(rebuild);
    const char *each = pg_format(rebuild->arena, "FOR _segue_key IN SELECT DISTINCT %s FROM %s LOOP",
                                 rebuild_journal_keys(rebuild, ""), rebuild->journal);
    return pg_format(
        rebuild->arena,
        "CREATE FUNCTION %s(_segue_indexed pg_catalog.bool, _segue_swapping pg_catalog.bool, "
        "_segue_migration pg_catalog.int8) RETURNS pg_catalog.int8 "
        "LANGUAGE plpgsql AS $segue$\n"
        "#variable_conflict use_column\n"
        "DECLARE\n"
        "  _segue_n pg_catalog.int8;\n"
        "  _segue_wiped pg_catalog.bool;\n"
        "  _segue_key record;\n"
        "BEGIN\n"
        "  IF _segue_migration IS NOT NULL THEN RETURN %s(_segue_migration); END IF;\n"
        "  SELECT pg_catalog.count(*), pg_catalog.bool_or(_segue_k1 IS NULL) INTO _segue_n, _segue_wiped FROM %s;\n"
        "  _segue_wiped := _segue_wiped IS TRUE OR segue.rebuild_anew(%L, %L);\n"
        "  IF _segue_swapping AND (_segue_wiped OR _segue_n >= 10000) THEN\n"
        "    RAISE EXCEPTION 'many rows changed meanwhile' USING ERRCODE = 'lock_not_available';\n"
        "  END IF;\n"
        "  IF _segue_n = 0 AND NOT _segue_wiped THEN RETURN 0; END IF;\n"
        "  IF _segue_wiped THEN\n"
        "    DELETE FROM %s;\n"
        "    %s;\n"
        "  ELSIF _segue_indexed AND _segue_n < 10000 THEN\n"
        "    PERFORM pg_catalog.set_config('enable_seqscan', 'off', true);\n"
        "    %s DELETE FROM %s AS _segue_copy WHERE %s; END LOOP;\n"
        "    %s %s WHERE %s; END LOOP;\n"
        "    PERFORM pg_catalog.set_config('enable_seqscan', 'on', true);\n"
        "  ELSE\n"
        "    DELETE FROM %s AS _segue_copy USING (SELECT DISTINCT %s FROM %s) AS _segue_key WHERE (%s) = (%s);\n"
        "    %s WHERE (%s) IN (SELECT %s FROM %s);\n"
        "  END IF;\n"
        "  DELETE FROM %s WHERE %s;\n"
        "  RETURN _segue_n;\n"
        "END\n"
        "$segue$",
        rebuild->apply, rebuild->sift, rebuild->journal, rebuild->table->real, rebuild->place, rebuild->copy,
        fill, each, rebuild->copy, rebuild_same_key(rebuild, "_segue_copy."), each, fill,
        rebuild_same_key(rebuild, ""), rebuild->copy, rebuild_journal_keys(rebuild, ""), rebuild->journal,
        rebuild_table_keys(rebuild, "_segue_copy."), rebuild_journal_keys(rebuild, "_segue_key."), fill,
        rebuild_table_keys(rebuild, ""), rebuild_journal_keys(rebuild, ""), rebuild->journal,
        rebuild->journal, rebuild_seen(rebuild));
}

/* '(' || 'id' || ') = (' || …: the key of _segue_key for people, as walks name their rows. */
static const char *label(const struct rebuild *rebuild)
{
    return pg_format(rebuild->arena, "'(' || %L || ') = (' || pg_catalog.concat_ws(', ', %s) || ')'",
                     rebuild_table_keys(rebuild, ""), rebuild_journal_keys(rebuild, "_segue_key."));
}

static const char *key_texts(const struct rebuild *rebuild)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    for (size_t i = 0; i < rebuild->n_keys; i++)
        text_printf(&out, "%s_segue_key._segue_k%zu::pg_catalog.text", i ? ", " : "", i + 1);
    return arena_strdup(rebuild->arena, out.data);
}

/*
 * A key whose row fails goes back to the journal, so that it is tried again with whatever changes, also when somebody has mended the row or
 * deleted it. Beyond the most that are listed nothing is tried any more. The loop reads the journal as it was before it was emptied.
 */
const char *rebuild_sift_function(const struct rebuild *rebuild)
{
    const char *keys = rebuild_journal_keys(rebuild, ""), *fill = rebuild_fill(rebuild);
    const char *back = pg_format(rebuild->arena, "INSERT INTO %s (%s) VALUES (%s)", rebuild->journal, keys,
                                 rebuild_journal_keys(rebuild, "_segue_key."));
    const char *seen = rebuild_seen(rebuild);
    return pg_format(
        rebuild->arena,
        "CREATE FUNCTION %s(_segue_migration pg_catalog.int8) RETURNS pg_catalog.int8 LANGUAGE plpgsql AS $segue$\n"
        "#variable_conflict use_column\n"
        "DECLARE\n"
        "  _segue_n pg_catalog.int8 := 0;\n"
        "  _segue_left pg_catalog.int8 := 0;\n"
        "  _segue_key record;\n"
        "  _segue_state pg_catalog.text;\n"
        "  _segue_why pg_catalog.text;\n"
        "BEGIN\n"
        "  DELETE FROM segue.stubborn AS s WHERE s.migration = _segue_migration AND s.step = %L;\n"
        "  IF segue.rebuild_anew(%L, %L) OR EXISTS (SELECT FROM %s WHERE _segue_k1 IS NULL) THEN\n"
        "    DELETE FROM %s;\n"
        "    DELETE FROM %s WHERE %s;\n"
        "    INSERT INTO %s (%s) SELECT %s FROM ONLY %s;\n"
        "  ELSE\n"
        "    DELETE FROM %s AS _segue_copy USING (SELECT DISTINCT %s FROM %s) AS _segue_key WHERE (%s) = (%s);\n"
        "  END IF;\n"
        "  PERFORM pg_catalog.set_config('enable_seqscan', 'off', true);\n"
        "  FOR _segue_key IN SELECT DISTINCT %s FROM %s LOOP\n"
        "    IF _segue_n = 0 THEN DELETE FROM %s WHERE %s; END IF;\n"
        "    _segue_n := _segue_n + 1;\n"
        "    IF _segue_left > %d THEN\n"
        "      %s;\n"
        "      CONTINUE;\n"
        "    END IF;\n"
        "    BEGIN\n"
        "      %s WHERE %s;\n"
        "    EXCEPTION WHEN " SYNC_ROW_ERRORS " THEN\n"
        "      GET STACKED DIAGNOSTICS _segue_state = RETURNED_SQLSTATE, _segue_why = MESSAGE_TEXT;\n"
        "      %s;\n"
        "      INSERT INTO segue.stubborn (migration, step, relation, label, key, sqlstate, message)\n"
        "      VALUES (_segue_migration, %L, %L, %s, ARRAY[%s], _segue_state, _segue_why);\n"
        "      _segue_left := _segue_left + 1;\n"
        "    END;\n"
        "  END LOOP;\n"
        "  PERFORM pg_catalog.set_config('enable_seqscan', 'on', true);\n"
        "  RETURN _segue_n;\n"
        "END\n"
        "$segue$",
        rebuild->sift, rebuild->copying, rebuild->table->real, rebuild->place, rebuild->journal,
        rebuild->copy, rebuild->journal, seen, rebuild->journal, keys, rebuild_table_keys(rebuild, ""),
        rebuild->table->real, rebuild->copy, keys, rebuild->journal,
        rebuild_table_keys(rebuild, "_segue_copy."), rebuild_journal_keys(rebuild, "_segue_key."), keys,
        rebuild->journal, rebuild->journal, seen, WALK_MOST_STUBBORN, back, fill,
        rebuild_same_key(rebuild, ""), back, rebuild->copying, rebuild->table->real, label(rebuild),
        key_texts(rebuild));
}
