#include "postgres/baseline.h"

#include <stdlib.h>
#include <string.h>

#include "migration/digest.h"
#include "postgres/array.h"
#include "sql.h"

/* The first column of a result. */
static const char **first_column(struct arena *arena, const struct rows *rows, size_t *n)
{
    *n = rows_count(rows);
    const char **lines = arena_alloc(arena, (*n + 1) * sizeof *lines);
    for (size_t i = 0; i < *n; i++)
        lines[i] = arena_strdup(arena, rows_get(rows, i, 0));
    return lines;
}

static const char *fingerprint(struct arena *arena, const char *const *lines, size_t n)
{
    SEGUE_CLEANUP(text_free) struct text all = {0};
    for (size_t i = 0; i < n; i++) {
        text_append(&all, lines[i]);
        text_append_char(&all, '\n');
    }
    return digest_sha256(arena, text_string(&all), all.length);
}

static bool schema_exists(struct session *session, const char *schema, struct error *err)
{
    const char *values[] = {schema};
    char found[8];
    bool null;
    if (!session_value(session, "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1", 1, values, found,
                       sizeof found, &null, err))
        return false;
    if (!null)
        return true;
    error_set(err, ERROR_REFUSED, "schema \"%s\" does not exist", schema);
    return error_hint(err, "name the schema that migrations change with --schema");
}

static bool read_objects(struct session *session, const char *schema, struct arena *arena,
                         struct baseline *out, struct error *err)
{
    const char *values[] = {schema};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!schema_exists(session, schema, err) ||
        !session_query(session, sql_baseline_objects, 1, values, &rows, err))
        return false;
    out->objects = first_column(arena, rows, &out->n_objects);
    out->fingerprint = fingerprint(arena, out->objects, out->n_objects);
    return true;
}

/* Definitions are printed as seen from the search path: from an empty one they are the same wherever they are read. */
static const char begin[] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; "
                            "SET LOCAL search_path = ''; SET LOCAL lock_timeout = '10s'; SET LOCAL jit = off";

bool pg_baseline_look(struct session *session, const char *schema, struct arena *arena, struct baseline *out,
                      struct error *err)
{
    *out = (struct baseline){.schema = schema};
    return session_run(session, begin, err) &&
           session_end(session, read_objects(session, schema, arena, out, err), err);
}

static bool is_there(struct session *session, bool *there, struct error *err)
{
    char value[8];
    bool null;
    if (!session_value(session, sql_baseline_there, 0, NULL, value, sizeof value, &null, err))
        return false;
    *there = strcmp(value, "t") == 0;
    return true;
}

static bool load_adopted(struct session *session, const char *schema, struct arena *arena,
                         struct baseline *out, struct error *err)
{
    const char *values[] = {schema};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, sql_baseline_files, 1, values, &rows, err))
        return false;
    for (size_t i = 0; i < rows_count(rows); i++) {
        struct adopted one = {.name = arena_strdup(arena, rows_get(rows, i, 0)),
                              .digest = arena_strdup(arena, rows_get(rows, i, 1))};
        ARENA_PUSH(arena, out->adopted, out->n_adopted, one);
    }
    return true;
}

bool pg_baseline_load(struct session *session, const char *schema, struct arena *arena, struct baseline *out,
                      struct error *err)
{
    const char *values[] = {schema};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    bool known;
    *out = (struct baseline){.schema = schema};
    if (!is_there(session, &known, err))
        return false;
    if (!known)
        return true;
    if (!session_query(session, sql_baseline_load, 1, values, &rows, err))
        return false;
    out->there = rows_count(rows) > 0;
    if (!out->there)
        return true;
    out->fingerprint = arena_strdup(arena, rows_get(rows, 0, 0));
    out->n_objects = strtoul(rows_get(rows, 0, 1), NULL, 10);
    out->made_by = arena_strdup(arena, rows_get(rows, 0, 2));
    out->made_at = arena_strdup(arena, rows_get(rows, 0, 3));
    return load_adopted(session, schema, arena, out, err);
}

static bool store(struct session *session, const struct baseline *baseline, bool again, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text objects = {0};
    SEGUE_CLEANUP(text_free) struct text names = {0};
    SEGUE_CLEANUP(text_free) struct text digests = {0};
    for (size_t i = 0; i < baseline->n_adopted; i++) {
        pg_array_add(&names, baseline->adopted[i].name);
        pg_array_add(&digests, baseline->adopted[i].digest);
    }
    const char *values[] = {baseline->schema, pg_array(&objects, baseline->objects, baseline->n_objects),
                            baseline->fingerprint, pg_array_end(&names), pg_array_end(&digests)};
    return (!again || session_query(session, sql_baseline_forget, 1, values, NULL, err)) &&
           session_query(session, sql_baseline_store, SEGUE_COUNT(values), values, NULL, err);
}

bool pg_baseline_store(struct session *session, const struct baseline *baseline, bool again,
                       struct error *err)
{
    if (!session_run(session, "BEGIN", err))
        return false;
    if (session_end(session, store(session, baseline, again, err), err))
        return true;
    if (strcmp(err->sqlstate, "23505") != 0)
        return false;
    error_set(err, ERROR_REFUSED, "schema %s has got a baseline in the meantime", baseline->schema);
    return error_hint(err, "segue history shows it");
}

bool pg_baseline_compare(struct session *session, const struct baseline *now, struct arena *arena,
                         const char ***lines, size_t *n, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text objects = {0};
    const char *values[] = {now->schema, pg_array(&objects, now->objects, now->n_objects)};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, sql_baseline_compare, SEGUE_COUNT(values), values, &rows, err))
        return false;
    *lines = first_column(arena, rows, n);
    return true;
}
