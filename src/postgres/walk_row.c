/*
 * A chunk with a row at which its update fails. The chunk is cut smaller until few rows are left (walk.c); these are tried one by one here,
 * each behind a savepoint, and what fails is listed in the state, in the transaction that also stores the progress.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "postgres/array.h"
#include "postgres/walk_row.h"
#include "sql.h"

enum { NUMBER_SIZE = 32 };

/* "(a, b) = ($1::integer, $2::text)", or "ctid = $1::tid". */
static void append_key(const struct walk *walk, struct text *sql)
{
    if (walk->n_keys == 0) {
        text_append(sql, "ctid = $1::tid");
        return;
    }
    text_append(sql, "(");
    for (size_t i = 0; i < walk->n_keys; i++)
        text_printf(sql, "%s%s", i ? ", " : "", walk->keys[i]);
    text_append(sql, ") = (");
    for (size_t i = 0; i < walk->n_keys; i++)
        text_printf(sql, "%s$%zu::%s", i ? ", " : "", i + 1, walk->key_types[i]);
    text_append(sql, ")");
}

static bool copy_row(struct session *session, const struct walk *walk, const struct walk_row *row,
                     struct error *err)
{
    for (size_t i = 0; i < walk->n_copies; i++) {
        SEGUE_CLEANUP(text_free) struct text sql = {0};
        walk_append_copied(walk, &sql);
        text_append(&sql, " WHERE ");
        append_key(walk, &sql);
        text_printf(&sql, " FOR SHARE OF _segue_row) %s", walk->copies[i]);
        if (!session_query(session, text_string(&sql), row->n_key, row->key, NULL, err))
            return false;
    }
    return true;
}

bool walk_do_row(struct session *session, const struct walk *walk, const struct walk_row *row,
                 struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text sql = {0};
    if (walk->n_copies)
        return copy_row(session, walk, row, err);
    if (walk->insert)
        text_printf(&sql, "%s WHERE ", walk->insert);
    else
        text_printf(&sql, "UPDATE ONLY %s%s%s SET %s WHERE ", walk->table, walk->alias ? " AS " : "",
                    walk->alias ? walk->alias : "", walk->set);
    append_key(walk, &sql);
    if (walk->where)
        text_printf(&sql, " AND (%s)", walk->where);
    if (walk->insert)
        text_append(&sql, WALK_INSERT_END);
    return session_query(session, text_string(&sql), row->n_key, row->key, NULL, err);
}

static bool refuse_many(const struct walk *walk, struct error *err)
{
    error_set(err, ERROR_REFUSED, "the up of more than %d rows of %s fails", WALK_MOST_STUBBORN, walk->table);
    return error_hint(
        err,
        "segue status --stubborn lists them with the server's messages; segue rollback, and let up give a value for "
        "such rows (… otherwise …)");
}

/* Those of all lanes are listed together. */
static const char *listed_under(const struct step *step, struct text *out)
{
    const char *lane = strstr(step->id, WALK_LANE);
    for (const char *next = lane; next; next = strstr(next + 1, WALK_LANE))
        lane = next;
    if (!lane || !step->walk->insert)
        return step->id;
    text_printf(out, "%.*s", (int)(lane - step->id), step->id);
    return text_string(out);
}

/* So that the row is tried again with those that change meanwhile. */
static bool note(struct session *session, const struct walk *walk, const struct walk_row *row,
                 struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text sql = {0};
    if (!walk->left_to)
        return true;
    text_printf(&sql, "INSERT INTO %s VALUES (", walk->left_to);
    for (size_t i = 0; i < row->n_key; i++)
        text_printf(&sql, "%s$%zu::%s", i ? ", " : "", i + 1, walk->key_types[i]);
    text_append(&sql, ")");
    return session_query(session, text_string(&sql), row->n_key, row->key, NULL, err);
}

bool walk_add_stubborn(struct session *session, int64_t id, const struct step *step,
                       const struct walk_row *row, const struct error *cause, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text key = {0};
    SEGUE_CLEANUP(text_free) struct text under = {0};
    char id_text[NUMBER_SIZE], count[NUMBER_SIZE];
    bool null;
    (void)snprintf(id_text, sizeof id_text, "%" PRId64, id);
    const char *values[] = {id_text,       listed_under(step, &under),           step->walk->table,
                            row->label,    pg_array(&key, row->key, row->n_key), cause->sqlstate,
                            cause->message};
    if (!note(session, step->walk, row, err) || !session_value(session, sql_stubborn_add, SEGUE_COUNT(values),
                                                               values, count, sizeof count, &null, err))
        return false;
    return strtol(count, NULL, 10) <= WALK_MOST_STUBBORN || refuse_many(step->walk, err);
}

static bool try_row(struct session *session, int64_t id, const struct step *step, const struct walk_row *row,
                    struct error *err)
{
    if (!session_run(session, "SAVEPOINT segue_row", err))
        return false;
    if (walk_do_row(session, step->walk, row, err))
        return session_run(session, "RELEASE SAVEPOINT segue_row", err);
    if (!session_failed_at_row(err))
        return false;
    const struct error cause = *err;
    return session_run(session, "ROLLBACK TO SAVEPOINT segue_row", err) &&
           walk_add_stubborn(session, id, step, row, &cause, err);
}

/* The keys of the chunk's rows: label, then each value as text. */
static bool read_keys(struct session *session, const struct walk *walk, const struct walk_chunk *chunk,
                      struct rows **rows, struct error *err)
{
    SEGUE_CLEANUP(walk_statement_cleanup) struct walk_statement statement = {0};
    struct walk all = *walk;
    all.where = NULL; /* it may fail at the row that is looked for */
    text_append(&statement.sql, "SELECT ");
    walk_append_label(walk, &statement.sql);
    for (size_t i = 0; i < walk->n_keys; i++)
        text_printf(&statement.sql, ", %s::text", walk->keys[i]);
    text_printf(&statement.sql, "%s FROM ONLY %s", walk->n_keys ? "" : ", ctid::text", walk->table);
    walk_append_where(&statement, &all, chunk);
    return walk_run(session, &statement, rows, err);
}

bool walk_do_rows(struct session *session, int64_t id, const struct step *step, struct walk_chunk *chunk,
                  struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!read_keys(session, step->walk, chunk, &rows, err))
        return false;
    for (size_t i = 0; i < rows_count(rows); i++) {
        struct walk_row row = {.label = rows_get(rows, i, 0)};
        for (size_t k = 1; k < rows_columns(rows); k++)
            ARENA_PUSH(chunk->arena, row.key, row.n_key, rows_get(rows, i, k));
        if (!try_row(session, id, step, &row, err))
            return false;
    }
    chunk->rows = (long)rows_count(rows);
    return !step->walk->insert || walk_same_file(session, step->walk, chunk, err);
}
