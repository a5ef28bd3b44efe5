/* Rebuild: what changes while the rows are copied. Keys are captured by triggers; rows with these keys are copied again. */
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/rebuild_internal.h"

static const char *const events[] = {"INSERT", "UPDATE", "DELETE"};

static const char *trigger_name(const struct rebuild *rebuild, const char *event)
{
    return pg_format(rebuild->arena, "%I", arena_printf(rebuild->arena, "zzz_segue_capture_%s", event));
}

/* "_segue_k1, _segue_k2", with a prefix each. */
static const char *journal_keys(const struct rebuild *rebuild, const char *prefix)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    for (size_t i = 0; i < rebuild->n_keys; i++)
        text_printf(&out, "%s%s_segue_k%zu", i ? ", " : "", prefix, i + 1);
    return arena_strdup(rebuild->arena, out.data);
}

static const char *table_keys(const struct rebuild *rebuild, const char *prefix)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    for (size_t i = 0; i < rebuild->n_keys; i++)
        text_printf(&out, "%s%s%s", i ? ", " : "", prefix, rebuild->keys[i]);
    return arena_strdup(rebuild->arena, out.data);
}

/*
 * The keys of all rows that a statement touches, old and new, in the transaction that touches them. Which values they have is read
 * when they are applied, so that any number of changes of a row is one. Writers need no privilege on the journal.
 */
static const char *capture_function(const struct rebuild *rebuild)
{
    const char *new_keys = table_keys(rebuild, "_segue_new."), *old_keys = table_keys(rebuild, "_segue_old.");
    return pg_format(
        rebuild->arena,
        "CREATE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $segue$\n"
        "BEGIN\n"
        "  CASE TG_OP\n"
        "  WHEN 'INSERT' THEN INSERT INTO %s SELECT %s FROM _segue_new;\n"
        "  WHEN 'UPDATE' THEN INSERT INTO %s SELECT %s FROM _segue_new UNION ALL SELECT %s FROM _segue_old;\n"
        "  WHEN 'DELETE' THEN INSERT INTO %s SELECT %s FROM _segue_old;\n"
        "  ELSE INSERT INTO %s DEFAULT VALUES;\n"
        "  END CASE;\n"
        "  RETURN NULL;\n"
        "END\n"
        "$segue$",
        rebuild->capture, rebuild->journal, new_keys, rebuild->journal, new_keys, old_keys, rebuild->journal,
        old_keys, rebuild->journal);
}

static const char *capture_trigger(const struct rebuild *rebuild, const char *event)
{
    const char *tables = strcmp(event, "INSERT") == 0   ? "REFERENCING NEW TABLE AS _segue_new "
                         : strcmp(event, "DELETE") == 0 ? "REFERENCING OLD TABLE AS _segue_old "
                         : strcmp(event, "UPDATE") == 0
                             ? "REFERENCING OLD TABLE AS _segue_old NEW TABLE AS _segue_new "
                             : "";
    return pg_format(rebuild->arena,
                     "CREATE TRIGGER %s AFTER %s ON %s %sFOR EACH STATEMENT EXECUTE FUNCTION %s()",
                     trigger_name(rebuild, event), event, rebuild->table->real, tables, rebuild->capture);
}

void rebuild_capture(struct rebuild *rebuild)
{
    struct steps *steps = rebuild->steps;
    struct arena *arena = rebuild->arena;
    const struct model_table *table = rebuild->table;
    struct step *step =
        step_begin(steps, PHASE_BACKFILL, STEP_TRANSACTION, table->origin->name, "capture",
                   arena_printf(arena, "note the keys of rows of %s that change", table->origin->name));
    step->duration = DURATION_INSTANT;
    step_lock(steps, table->real, "SHARE ROW EXCLUSIVE");
    step_why(steps, "what changes while the rows are copied is copied again");
    step_act(steps,
             pg_format(arena, "CREATE TABLE %s (%s) AS SELECT %s FROM ONLY %s WITH NO DATA", rebuild->journal,
                       journal_keys(rebuild, ""), table_keys(rebuild, ""), table->real));
    step_act(steps, capture_function(rebuild));
    for (size_t i = 0; i <= SEGUE_COUNT(events); i++) {
        const char *event = i < SEGUE_COUNT(events) ? events[i] : "TRUNCATE";
        step_act(steps, capture_trigger(rebuild, event));
        step_act(steps, pg_format(arena, "ALTER TABLE %s ENABLE ALWAYS TRIGGER %s", table->real,
                                  trigger_name(rebuild, event)));
        step_undo(steps, pg_format(arena, "DROP TRIGGER IF EXISTS %s ON %s", trigger_name(rebuild, event),
                                   table->real));
    }
    step_undo(steps, pg_format(arena, "DROP FUNCTION IF EXISTS %s()", rebuild->capture));
    step_undo(steps, pg_format(arena, "DROP TABLE IF EXISTS %s", rebuild->journal));
}

/* "_segue_copy.id = _segue_key._segue_k1 AND …" */
static const char *same_key(const struct rebuild *rebuild, const char *prefix)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    for (size_t i = 0; i < rebuild->n_keys; i++)
        text_printf(&out, "%s%s%s = _segue_key._segue_k%zu", i ? " AND " : "", prefix, rebuild->keys[i],
                    i + 1);
    return arena_strdup(rebuild->arena, out.data);
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
    const char *fill = pg_format(rebuild->arena, "INSERT INTO %s (%s) SELECT %s FROM ONLY %s", rebuild->copy,
                                 rebuild->columns, rebuild->values, rebuild->table->real);
    const char *each = pg_format(rebuild->arena, "FOR _segue_key IN SELECT DISTINCT %s FROM %s LOOP",
                                 journal_keys(rebuild, ""), rebuild->journal);
    return pg_format(
        rebuild->arena,
        "CREATE FUNCTION %s(_segue_indexed pg_catalog.bool, _segue_swapping pg_catalog.bool) RETURNS pg_catalog.int8 "
        "LANGUAGE plpgsql AS $segue$\n"
        "#variable_conflict use_column\n"
        "DECLARE\n"
        "  _segue_n pg_catalog.int8;\n"
        "  _segue_wiped pg_catalog.bool;\n"
        "  _segue_key record;\n"
        "BEGIN\n"
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
        "  DELETE FROM %s;\n"
        "  RETURN _segue_n;\n"
        "END\n"
        "$segue$",
        rebuild->apply, rebuild->journal, rebuild->table->real, rebuild->place, rebuild->copy, fill, each,
        rebuild->copy, same_key(rebuild, "_segue_copy."), each, fill, same_key(rebuild, ""), rebuild->copy,
        journal_keys(rebuild, ""), rebuild->journal, table_keys(rebuild, "_segue_copy."),
        journal_keys(rebuild, "_segue_key."), fill, table_keys(rebuild, ""), journal_keys(rebuild, ""),
        rebuild->journal, rebuild->journal);
}
