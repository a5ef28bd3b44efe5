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

const char *rebuild_journal_keys(const struct rebuild *rebuild, const char *prefix)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    for (size_t i = 0; i < rebuild->n_keys; i++)
        text_printf(&out, "%s%s_segue_k%zu", i ? ", " : "", prefix, i + 1);
    return arena_strdup(rebuild->arena, out.data);
}

const char *rebuild_table_keys(const struct rebuild *rebuild, const char *prefix)
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
    const char *new_keys = rebuild_table_keys(rebuild, "_segue_new."),
               *old_keys = rebuild_table_keys(rebuild, "_segue_old.");
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

const char *rebuild_journal(const struct rebuild *rebuild)
{
    return pg_format(rebuild->arena, "CREATE TABLE %s (%s%s) AS SELECT %s%s FROM ONLY %s WITH NO DATA",
                     rebuild->journal, rebuild->read ? "_segue_xid, " : "", rebuild_journal_keys(rebuild, ""),
                     rebuild->read ? "NULL::pg_catalog.int8, " : "", rebuild_table_keys(rebuild, ""),
                     rebuild->table->real);
}

void rebuild_capture(struct rebuild *rebuild)
{
    if (rebuild->read)
        rebuild_decode(rebuild);
    else
        rebuild_capture_by_trigger(rebuild);
}

void rebuild_capture_by_trigger(struct rebuild *rebuild)
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
    step_act(steps, rebuild_journal(rebuild));
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
