/* The migrations in schema `segue`. */

#include "postgres/state.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "postgres/format.h"
#include "sql.h"

enum { ID_SIZE = 24 };

static const char *boolean(bool value)
{
    return value ? "true" : "false";
}

static void print_id(char *buffer, int64_t id)
{
    (void)snprintf(buffer, ID_SIZE, "%" PRId64, id);
}

static bool install_rebuild(struct session *session, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text sql = {0};
    pg_append(&sql, sql_rebuild, sql_carry);
    return session_run(session, text_string(&sql), err);
}

/* Two installations at once would both find a table missing, so they wait for each other. */
static bool install_tables(struct session *session, struct error *err)
{
    return session_run(session,
                       "SET LOCAL client_min_messages = warning; SELECT pg_advisory_xact_lock(1936025461, 2)",
                       err) &&
           session_run(session, sql_state, err) && install_rebuild(session, err) &&
           session_run(session, sql_decoding, err);
}

static bool install_version_schema(struct session *session, const char *schema, struct error *err)
{
    const char *values[] = {schema};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, sql_state_version_schema, 1, values, &rows, err))
        return false;
    return rows_count(rows) == 0 || session_run(session, rows_get(rows, 0, 0), err);
}

/* Whether the tables are there as this version of segue needs them. */
static bool is_current(struct session *session, bool *current, struct error *err)
{
    char value[8];
    bool null;
    if (!pg_state_installed(session, current, err))
        return false;
    if (!*current)
        return true;
    if (!session_value(session, sql_state_current, 0, NULL, value, sizeof value, &null, err))
        return false;
    *current = strcmp(value, "t") == 0;
    return true;
}

static bool install_all(struct session *session, const char *schema, struct error *err)
{
    /* The role may lack CREATE on the database where an administrator has made the state schema for it. */
    bool current;
    if (!is_current(session, &current, err))
        return false;
    return (current || install_tables(session, err)) && install_version_schema(session, schema, err);
}

bool pg_state_install(struct session *session, const char *schema, struct error *err)
{
    return session_run(session, "BEGIN", err) && session_end(session, install_all(session, schema, err), err);
}

bool pg_state_installed(struct session *session, bool *installed, struct error *err)
{
    char value[8];
    bool null;
    if (!session_value(session, sql_state_installed, 0, NULL, value, sizeof value, &null, err))
        return false;
    *installed = strcmp(value, "t") == 0;
    return true;
}

/* A value of a row that outlives the result; NULL stays NULL. */
static const char *keep(struct arena *arena, const struct rows *rows, size_t row, size_t column)
{
    const char *value = rows_get(rows, row, column);
    return value ? arena_strdup(arena, value) : NULL;
}

/* Columns as in sql/state_live.sql and sql/state_history.sql. */
static void read_migration(struct arena *arena, const struct rows *rows, size_t row,
                           struct state_migration *out)
{
    const char **texts[] = {&out->name,        &out->digest,      &out->schema,   &out->old_version,
                            &out->new_version, &out->state,       NULL,           &out->plan,
                            &out->goal,        &out->owner,       &out->deadline, &out->started_at,
                            &out->active_at,   &out->finished_at, &out->message};
    out->id = strtoll(rows_get(rows, row, 0), NULL, 10);
    for (size_t i = 0; i < SEGUE_COUNT(texts); i++)
        if (texts[i])
            *texts[i] = keep(arena, rows, row, i + 1);
    out->paused = strcmp(rows_get(rows, row, 7), "t") == 0;
}

static void read_migrations(struct arena *arena, const struct rows *rows, struct state_migration **out,
                            size_t *n)
{
    *n = rows_count(rows);
    *out = arena_alloc(arena, (*n + 1) * sizeof **out);
    for (size_t i = 0; i < *n; i++)
        read_migration(arena, rows, i, &(*out)[i]);
}

bool pg_state_live(struct session *session, struct arena *arena, bool with_plan, struct state_migration **out,
                   size_t *n, struct error *err)
{
    const char *values[] = {boolean(with_plan)};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, sql_state_live, 1, values, &rows, err))
        return false;
    read_migrations(arena, rows, out, n);
    return true;
}

bool pg_state_history(struct session *session, struct arena *arena, struct state_migration **out, size_t *n,
                      struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, sql_state_history, 0, NULL, &rows, err))
        return false;
    read_migrations(arena, rows, out, n);
    return true;
}

bool pg_state_plan(struct session *session, int64_t id, struct arena *arena, const char **json,
                   struct error *err)
{
    char number[ID_SIZE];
    const char *values[] = {number};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    print_id(number, id);
    if (!session_query(session, sql_state_plan, 1, values, &rows, err))
        return false;
    *json = keep(arena, rows, 0, 0);
    return true;
}

bool pg_state_create(struct session *session, const struct plan *plan, const char *sql, int64_t *id,
                     struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text json = {0};
    plan_to_json(plan, &json);
    const char *values[] = {plan->schema,      plan->name,         plan->digest, plan->old_version,
                            plan->new_version, text_string(&json), sql,          plan->goal,
                            plan->owner,       plan->deadline};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (session_query(session, sql_state_create, SEGUE_COUNT(values), values, &rows, err)) {
        *id = strtoll(rows_get(rows, 0, 0), NULL, 10);
        return true;
    }
    if (strcmp(err->sqlstate, "23505") != 0)
        return false;
    error_set(err, ERROR_REFUSED, "a migration of this name is under way");
    return error_hint(err, "segue status shows it");
}

bool pg_state_set(struct session *session, int64_t id, const char *from, const char *to, const char *message,
                  struct error *err)
{
    char id_text[ID_SIZE];
    print_id(id_text, id);
    const char *values[] = {id_text, from, to, message};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, sql_state_set, SEGUE_COUNT(values), values, &rows, err))
        return false;
    if (rows_affected(rows) == 1)
        return true;
    error_set(err, ERROR_REFUSED, "the migration is no longer in state \"%s\"", from);
    return error_hint(err, "segue status shows what it is doing now");
}

bool pg_state_pause(struct session *session, int64_t id, bool paused, struct error *err)
{
    char id_text[ID_SIZE];
    print_id(id_text, id);
    const char *values[] = {id_text, boolean(paused)};
    return session_query(session, sql_state_pause, SEGUE_COUNT(values), values, NULL, err);
}

bool pg_state_paused(struct session *session, int64_t id, struct state_rest *out, struct error *err)
{
    char id_text[ID_SIZE];
    print_id(id_text, id);
    const char *values[] = {id_text};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    *out = (struct state_rest){0};
    if (!session_query(session, sql_state_paused, 1, values, &rows, err))
        return false;
    if (rows_count(rows) == 0)
        return true;
    const char *held = rows_get(rows, 0, 1);
    out->paused = strcmp(rows_get(rows, 0, 0), "t") == 0;
    (void)snprintf(out->held, sizeof out->held, "%.199s", held ? held : "");
    return true;
}

bool pg_state_event(struct session *session, int64_t id, const char *kind, const char *step,
                    const char *message, struct error *err)
{
    char id_text[ID_SIZE];
    print_id(id_text, id);
    const char *values[] = {id_text, kind, step, message};
    return session_query(session, sql_state_event, SEGUE_COUNT(values), values, NULL, err);
}

bool pg_switch_version(struct session *session, int64_t id, struct error *err)
{
    char id_text[ID_SIZE];
    print_id(id_text, id);
    const char *values[] = {id_text};
    return session_query(session, sql_state_switch_version, 1, values, NULL, err);
}

bool pg_drop_versions(struct session *session, int64_t id, struct error *err)
{
    char id_text[ID_SIZE];
    print_id(id_text, id);
    const char *values[] = {id_text};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, sql_state_empty_version, 1, values, &rows, err))
        return false;
    return rows_count(rows) == 0 || session_run(session, rows_get(rows, 0, 0), err);
}
