/* The steps of a rebuild: capture, copy, indexes, catching up, comparing, the swap. */
#include <string.h>

#include "base/text.h"
#include "catalog/carry.h"
#include "postgres/format.h"
#include "postgres/planner/rebuild.h"
#include "postgres/planner/sync.h"

/* The names that belong to one rebuild. */
struct rebuild {
    struct steps *steps;
    struct arena *arena;
    const struct model_table *table;
    const char *place;   /* the schema of the new table, bare */
    const char *copy;    /* the new table, quoted and qualified */
    const char *journal; /* of the keys of changed rows */
    const char *capture; /* trigger function */
    const char *apply, *compare;
    const char **keys, **key_types;
    size_t n_keys;
    const char *columns, *values; /* what a row of the copy takes from one of the table */
};

static const char *const events[] = {"INSERT", "UPDATE", "DELETE"};

static const char *trigger_name(const struct rebuild *rebuild, const char *event)
{
    return pg_format(rebuild->arena, "%I", arena_printf(rebuild->arena, "zzz_segue_capture_%s", event));
}

/* "_segue_k1, _segue_k2", with a prefix and a type each where wanted. */
static const char *journal_keys(const struct rebuild *rebuild, const char *prefix, bool types)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    for (size_t i = 0; i < rebuild->n_keys; i++) {
        text_printf(&out, "%s%s_segue_k%zu", i ? ", " : "", prefix, i + 1);
        if (types)
            text_printf(&out, " %s", rebuild->key_types[i]);
    }
    return arena_strdup(rebuild->arena, out.data);
}

static const char *table_keys(const struct rebuild *rebuild, const char *prefix)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    for (size_t i = 0; i < rebuild->n_keys; i++)
        text_printf(&out, "%s%s%s", i ? ", " : "", prefix, rebuild->keys[i]);
    return arena_strdup(rebuild->arena, out.data);
}

/* Columns that are computed compute themselves again. */
static void row_of_copy(struct rebuild *rebuild)
{
    const struct model_table *table = rebuild->table;
    SEGUE_CLEANUP(text_free) struct text columns = {0};
    SEGUE_CLEANUP(text_free) struct text values = {0};
    for (size_t i = 0; i < table->origin->n_columns; i++) {
        if (table->origin->columns[i].generated)
            continue;
        pg_append(&columns, "%s%I", columns.length ? ", " : "", table->origin->columns[i].name);
        pg_append(&values, "%s%I", values.length ? ", " : "", table->origin->columns[i].name);
    }
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (!column->hidden || column->dropped)
            continue;
        const char *value = "NULL"; /* not the default that rows to come get */
        if (column->up.expr || column->fill.expr)
            value = sync_value(rebuild->steps->model, table, column->up.expr ? &column->up : &column->fill,
                               true, "");
        else if (column->fast_default)
            value = column->fast_default;
        pg_append(&columns, ", %I", column->physical);
        pg_append(&values, ", %s", value);
    }
    rebuild->columns = arena_strdup(rebuild->arena, columns.data);
    rebuild->values = arena_strdup(rebuild->arena, values.data);
}

static void name_rebuild(struct rebuild *rebuild)
{
    struct arena *arena = rebuild->arena;
    const struct model_table *table = rebuild->table;
    const char *ordinal = table->ordinal;
    rebuild->place = pg_object_name(arena, "segue_rebuild", ordinal, NULL);
    rebuild->copy = pg_format(arena, "%Q", rebuild->place, table->origin->name);
    rebuild->journal = pg_format(arena, "segue.%I", pg_object_name(arena, "journal", ordinal, NULL));
    rebuild->capture = pg_format(arena, "segue.%I", pg_object_name(arena, "capture", ordinal, NULL));
    rebuild->apply = pg_format(arena, "segue.%I", pg_object_name(arena, "apply", ordinal, NULL));
    rebuild->compare = pg_format(arena, "segue.%I", pg_object_name(arena, "compare", ordinal, NULL));
    steps_walk_key(rebuild->steps, table, &rebuild->keys, &rebuild->key_types, &rebuild->n_keys);
    row_of_copy(rebuild);
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

static void capture(struct rebuild *rebuild)
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
             pg_format(arena, "CREATE TABLE %s (%s)", rebuild->journal, journal_keys(rebuild, "", true)));
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

/*
 * Rows whose keys were noted are taken out of the copy and copied again. Everything happens in one snapshot (the caller's
 * transaction), so that afterwards the copy is the table as of that snapshot, and unique indexes hold. A row without key is
 * the mark of a TRUNCATE. indexed: a few keys are looked up in the indexes, whatever the statistics say.
 */
static const char *apply_function(const struct rebuild *rebuild)
{
    const char *fill = pg_format(rebuild->arena, "INSERT INTO %s (%s) SELECT %s FROM ONLY %s", rebuild->copy,
                                 rebuild->columns, rebuild->values, rebuild->table->real);
    return pg_format(
        rebuild->arena,
        "CREATE FUNCTION %s(_segue_indexed pg_catalog.bool) RETURNS pg_catalog.int8 LANGUAGE plpgsql AS $segue$\n"
        "#variable_conflict use_column\n"
        "DECLARE\n"
        "  _segue_n pg_catalog.int8;\n"
        "  _segue_wiped pg_catalog.bool;\n"
        "BEGIN\n"
        "  SELECT pg_catalog.count(*), pg_catalog.bool_or(_segue_k1 IS NULL) INTO _segue_n, _segue_wiped FROM %s;\n"
        "  IF _segue_n = 0 THEN RETURN 0; END IF;\n"
        "  IF _segue_indexed AND _segue_n < 10000 THEN\n"
        "    PERFORM pg_catalog.set_config(name, 'off', true) FROM pg_catalog.unnest("
        "ARRAY['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin']) AS t (name);\n"
        "  END IF;\n"
        "  IF _segue_wiped THEN\n"
        "    DELETE FROM %s;\n"
        "    %s;\n"
        "  ELSE\n"
        "    DELETE FROM %s AS _segue_copy USING (SELECT DISTINCT %s FROM %s) AS _segue_key WHERE (%s) = (%s);\n"
        "    %s WHERE (%s) IN (SELECT %s FROM %s);\n"
        "  END IF;\n"
        "  DELETE FROM %s;\n"
        "  RETURN _segue_n;\n"
        "END\n"
        "$segue$",
        rebuild->apply, rebuild->journal, rebuild->copy, fill, rebuild->copy,
        journal_keys(rebuild, "", false), rebuild->journal, table_keys(rebuild, "_segue_copy."),
        journal_keys(rebuild, "_segue_key.", false), fill, table_keys(rebuild, ""),
        journal_keys(rebuild, "", false), rebuild->journal, rebuild->journal);
}

/* Types whose values are hashed as they are: equal hashes for equal values, and no cheaper way. Others by their text. */
static bool is_hashed(const struct column *column)
{
    static const char *const names[] = {"int2",    "int4",   "int8",      "bool",        "text", "varchar",
                                        "bpchar",  "uuid",   "timestamp", "timestamptz", "date", "time",
                                        "numeric", "float4", "float8",    "bytea",       "oid",  "interval"};
    for (size_t i = 0; i < SEGUE_COUNT(names); i++)
        if (!column->type_is_array && strcmp(column->type_schema, "pg_catalog") == 0 &&
            strcmp(column->type_name, names[i]) == 0)
            return true;
    return false;
}

/* A checksum of a row that does not depend on the order of rows when summed. hidden: the copy's own columns, or else what they must be. */
static const char *row_hash(const struct rebuild *rebuild, bool hidden)
{
    const struct model_table *table = rebuild->table;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    for (size_t i = 0; i < table->origin->n_columns; i++)
        pg_append(&out, "%s%I%s", i ? ", " : "", table->origin->columns[i].name,
                  is_hashed(&table->origin->columns[i]) ? "" : "::pg_catalog.text");
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (!column->hidden || column->dropped || !column->up.expr)
            continue;
        if (hidden)
            pg_append(&out, ", (%I)::pg_catalog.text", column->physical);
        else
            pg_append(&out, ", ((%s)::%s)::pg_catalog.text",
                      sync_value(rebuild->steps->model, table, &column->up, true, ""), column->type);
    }
    return pg_format(rebuild->arena, "pg_catalog.hash_record_extended(ROW(%s), 0)", out.data);
}

static const char *compare_function(const struct rebuild *rebuild)
{
    return pg_format(
        rebuild->arena,
        "CREATE FUNCTION %s() RETURNS pg_catalog.int8 LANGUAGE sql AS $segue$\n"
        "SELECT (ROW(a.n, a.h) IS DISTINCT FROM ROW(b.n, b.h))::pg_catalog.int4::pg_catalog.int8\n"
        "FROM (SELECT pg_catalog.count(*) AS n, pg_catalog.sum(%s) AS h FROM ONLY %s) AS a,\n"
        "     (SELECT pg_catalog.count(*) AS n, pg_catalog.sum(%s) AS h FROM ONLY %s) AS b\n"
        "$segue$",
        rebuild->compare, row_hash(rebuild, false), rebuild->table->real, row_hash(rebuild, true),
        rebuild->copy);
}

static void create(struct rebuild *rebuild)
{
    struct steps *steps = rebuild->steps;
    struct arena *arena = rebuild->arena;
    const struct model_table *table = rebuild->table;
    struct model_table copy = *table;
    copy.real = rebuild->copy;
    struct step *step =
        step_begin(steps, PHASE_BACKFILL, STEP_TRANSACTION, table->origin->name, "create",
                   arena_printf(arena, "make the new table of %s, in both shapes", table->origin->name));
    step->duration = DURATION_INSTANT;
    step->flags = STEP_NO_LOCKS;
    step_act(steps, pg_format(arena, "CREATE SCHEMA %I", rebuild->place));
    step_act(steps, pg_format(arena, "SELECT segue.rebuild_create(%L, %L)", table->real, rebuild->place));
    steps_hidden_columns(steps, &copy);
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (column->hidden && !column->dropped && column->not_null && !column->generated_expr)
            step_act(steps, pg_format(arena, "ALTER TABLE %s ADD CONSTRAINT %I CHECK (%s IS NOT NULL)",
                                      rebuild->copy, steps_not_null_check(steps, table, column),
                                      sync_operand(steps->model, table, "", column->physical)));
    }
    step_act(steps, apply_function(rebuild));
    step_act(steps, compare_function(rebuild));
    step_undo(steps, pg_format(arena, "DROP FUNCTION IF EXISTS %s(pg_catalog.bool)", rebuild->apply));
    step_undo(steps, pg_format(arena, "DROP FUNCTION IF EXISTS %s()", rebuild->compare));
    step_undo(steps, pg_format(arena, "DROP TABLE IF EXISTS %s", rebuild->copy));
    step_undo(steps, pg_format(arena, "DROP SCHEMA IF EXISTS %I", rebuild->place));
    step_undo(steps, pg_format(arena, "DELETE FROM segue.carried WHERE place = %L", rebuild->place));
}

static void copy_rows(struct rebuild *rebuild)
{
    struct steps *steps = rebuild->steps;
    const struct model_table *table = rebuild->table;
    struct step *step = step_begin(steps, PHASE_BACKFILL, STEP_WALK, table->origin->name, "copy",
                                   arena_printf(rebuild->arena, "copy the rows of %s", table->origin->name));
    step->walk = arena_alloc(rebuild->arena, sizeof *step->walk);
    *step->walk = (struct walk){
        .table = table->real,
        .rows = table->origin->rows,
        .insert = pg_format(rebuild->arena, "INSERT INTO %s (%s) SELECT %s FROM ONLY %s", rebuild->copy,
                            rebuild->columns, rebuild->values, table->real),
    };
    step->duration = DURATION_CHUNKS;
    step_lock(steps, table->real, "ACCESS SHARE");
    step_why(steps, "in chunks of pages, several side by side, without indexes");
}

static void catch_up(struct rebuild *rebuild, bool indexed, bool compared)
{
    struct steps *steps = rebuild->steps;
    struct arena *arena = rebuild->arena;
    const struct model_table *table = rebuild->table;
    struct step *step = step_begin(
        steps, PHASE_BACKFILL, STEP_CATCH_UP, table->origin->name, compared ? "compare" : "catch-up",
        compared
            ? arena_printf(arena, "compare the new table of %s with the old one, up to date",
                           table->origin->name)
            : arena_printf(arena, "copy again the rows of %s that changed meanwhile", table->origin->name));
    step_act(steps, pg_format(arena, "SELECT %s(%s)", rebuild->apply, indexed ? "true" : "false"));
    step_lock(steps, table->real, "ACCESS SHARE");
    step->duration = DURATION_SCAN;
    if (!compared)
        return;
    step->check = arena_alloc(arena, sizeof *step->check);
    *step->check = (struct check){
        .count = pg_format(arena, "SELECT %s()", rebuild->compare),
        .message = arena_printf(arena, "the new table of %s does not hold the rows of the old one",
                                table->origin->name),
        .hint = "the old table was not touched: segue rollback removes the new one"};
}

static bool build(struct rebuild *rebuild, struct error *err)
{
    struct steps *steps = rebuild->steps;
    struct arena *arena = rebuild->arena;
    const struct model_table *table = rebuild->table;
    struct step *step = step_begin(
        steps, PHASE_BACKFILL, STEP_TRANSACTION, table->origin->name, "indexes",
        arena_printf(arena, "build the indexes and keys of the new table of %s", table->origin->name));
    step->flags = STEP_NO_LOCKS;
    step->duration = DURATION_BUILD;
    step_why(steps, "nobody uses it yet");
    step_act(steps, pg_format(arena, "SELECT segue.rebuild_build(%L)", rebuild->place));
    for (size_t i = 0; i < table->n_indexes; i++)
        if (steps_index_made(table, &table->indexes[i]) &&
            !rebuild_index(steps, table, &table->indexes[i], rebuild->place, err))
            return false;
    step = step_begin(steps, PHASE_BACKFILL, STEP_ALONE, table->origin->name, "analyze",
                      arena_printf(arena, "vacuum and analyze the new table of %s", table->origin->name));
    step->flags = STEP_NO_LOCKS;
    step->duration = DURATION_SCAN;
    step_why(steps, "the server plans with its statistics from the first statement on");
    step->probe = "SELECT false"; /* once more does no harm */
    step_act(steps, pg_format(arena, "VACUUM (ANALYZE) %s", rebuild->copy));
    return true;
}

/* What the file adds goes again, where it does not go with a hidden column. */
static void undo_indexes(struct rebuild *rebuild)
{
    const struct model_table *table = rebuild->table;
    for (size_t i = 0; i < table->n_indexes; i++) {
        const struct model_index *index = &table->indexes[i];
        if (steps_index_made(table, index))
            step_undo(rebuild->steps, pg_format(rebuild->arena, "DROP INDEX IF EXISTS %Q",
                                                rebuild->steps->model->catalog->schema,
                                                steps_index_interim(rebuild->steps, table, index)));
    }
}

static void swap(struct rebuild *rebuild)
{
    struct steps *steps = rebuild->steps;
    struct arena *arena = rebuild->arena;
    const struct model_table *table = rebuild->table;
    const struct carry *carry = table->origin->carry;
    struct step *step =
        step_begin(steps, PHASE_BACKFILL, STEP_TRANSACTION, table->origin->name, "swap",
                   arena_printf(arena, "the new table of %s takes the old one's place", table->origin->name));
    step->duration = DURATION_INSTANT;
    step_why(steps, "with everything that hangs on it, its triggers and the running version's view together");
    step_lock(steps, table->real, "ACCESS EXCLUSIVE");
    step->before = arena_printf(arena, "SELECT %s(true)", rebuild->apply);
    step_act(steps, pg_format(arena, "LOCK TABLE %s IN ACCESS EXCLUSIVE MODE", table->real));
    for (size_t i = 0; i < carry->n_locks; i++) {
        step_lock(steps, carry->locks[i], "ACCESS EXCLUSIVE");
        step_act(steps, pg_format(arena, "LOCK TABLE %s IN ACCESS EXCLUSIVE MODE", carry->locks[i]));
    }
    step_act(steps, pg_format(arena, "SELECT %s(true)", rebuild->apply));
    step_act(steps,
             pg_format(arena, "DROP FUNCTION %s(pg_catalog.bool), %s()", rebuild->apply, rebuild->compare));
    step_act(steps, pg_format(arena, "SELECT segue.rebuild_swap(%L, %L)", table->real, rebuild->place));
    step_act(steps, pg_format(arena, "DROP FUNCTION %s()", rebuild->capture));
    step_act(steps, pg_format(arena, "DROP TABLE %s", rebuild->journal));
    steps_edge_views(steps, table);
    steps_edge_undo_columns(steps, table);
    undo_indexes(rebuild);
    step = step_begin(
        steps, PHASE_BACKFILL, STEP_TRANSACTION, table->origin->name, "validate",
        arena_printf(arena, "validate the foreign keys of %s that were made again", table->origin->name));
    step->duration = DURATION_SCAN;
    step_act(steps, pg_format(arena, "SELECT segue.rebuild_validate(%L)", rebuild->place));
    step_lock(steps, table->real, "SHARE UPDATE EXCLUSIVE");
    for (size_t i = 0; i < carry->n_locks; i++)
        step_lock(steps, carry->locks[i], "SHARE UPDATE EXCLUSIVE");
}

bool steps_rebuild(struct steps *steps, struct model_table *table, struct error *err)
{
    struct rebuild rebuild = {.steps = steps, .arena = steps->arena, .table = table};
    name_rebuild(&rebuild);
    capture(&rebuild);
    create(&rebuild);
    copy_rows(&rebuild);
    catch_up(&rebuild, false, false);
    if (!build(&rebuild, err))
        return false;
    catch_up(&rebuild, true, true);
    swap(&rebuild);
    return true;
}
