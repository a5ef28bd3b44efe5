#include "drive/trial.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { TRIES = 6 };

struct trial {
    struct crew *crew;
    struct session *session;
    struct maker *maker;
    struct target *target;
};

/* A refusal of the values, which the application that the schema was made for would not have sent. */
static bool is_about_values(const struct error *err)
{
    static const char *const states[] = {"23514", "23505", "23P01", "P0001", "428C9", "44000"};
    for (size_t i = 0; i < SEGUE_COUNT(states); i++)
        if (strcmp(err->sqlstate, states[i]) == 0)
            return true;
    return strncmp(err->sqlstate, "22", 2) == 0;
}

/* After a failed statement: back to where the transaction was, and the kind switched off. */
static bool give_up(const struct trial *trial, const struct statement *statement, unsigned off,
                    const struct error *found, struct error *err)
{
    struct shape *shape = trial->target->shape;
    struct crew *crew = trial->crew;
    if (found->class == ERROR_LOST || found->class == ERROR_INTERRUPTED) {
        *err = *found;
        return false;
    }
    if (!is_about_values(found))
        drive_found(crew->drive, DRIVE_ERROR, crew->version, found->sqlstate, statement->sql, "%s",
                    found->message);
    shape->off |= off;
    shape->off_reason = arena_strdup(crew->arena, found->message);
    return session_run(trial->session, "ROLLBACK TO SAVEPOINT segue_drive", err);
}

/* Runs the first statement of a kind with new values; *done tells whether the row is there. */
static bool attempt(const struct trial *trial, enum statement_kind kind, unsigned off, struct row *row,
                    bool *done, struct rows **rows, struct error *err)
{
    const struct statements *statements = &trial->target->statements;
    struct error found;
    *done = false;
    if (!statements->count[kind] || trial->target->shape->off & off)
        return true;
    const struct statement *statement = &statements->all[statements->first[kind]];
    for (size_t i = 0; i < statement->n_changes; i++)
        if (kind == UPSERT && trial->target->shape->columns[statement->changes[i]].key)
            return true; /* as good as an INSERT */
    if (!session_run(trial->session, "SAVEPOINT segue_drive", err))
        return false;
    if (!maker_fill(trial->maker, trial->target->shape, statement->changes, statement->n_changes, row, err))
        return false;
    if (!statement_run(trial->session, statement, row, rows, &found))
        return give_up(trial, statement, off, &found, err);
    *done = true;
    return true;
}

static void keep_key(const struct shape *shape, const struct rows *rows, struct row *row)
{
    for (size_t i = 0; i < shape->n_key && rows_count(rows); i++)
        row_set(row, (size_t)shape->key[i], value_copy(rows_get(rows, 0, i)));
}

/* Columns that do not hold what was written, in a table with triggers of the application's own. */
static bool find_unsteady(const struct trial *trial, const struct row *row, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    struct shape *shape = trial->target->shape;
    const struct statements *statements = &trial->target->statements;
    if (!shape->columns[0].has_triggers || !statements->count[CHECK_OWN])
        return true;
    const struct statement *check = &statements->all[statements->first[CHECK_OWN]];
    if (!statement_run(trial->session, check, row, &rows, err))
        return false;
    for (size_t i = 0; i < rows_columns(rows) && rows_count(rows); i++) {
        struct shape_column *column = &shape->columns[check->parameters[i]];
        const char *same = rows_get(rows, 0, i);
        if (same && same[0] == 't')
            continue;
        if (!column->unsteady)
            drive_note(trial->crew->drive,
                       "%s.%s is not compared with what was written: a trigger changes it", shape->name,
                       column->name);
        column->unsteady = true;
    }
    return true;
}

static bool try_once(const struct trial *trial, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    struct row row = row_new(trial->target->shape->n_columns);
    bool done;
    bool good = attempt(trial, INSERT_FULL, OFF_INSERT, &row, &done, &rows, err);
    if (good && done) {
        keep_key(trial->target->shape, rows, &row);
        good = find_unsteady(trial, &row, err) &&
               attempt(trial, UPDATE_SOME, OFF_UPDATE, &row, &done, NULL, err) &&
               (!done || find_unsteady(trial, &row, err)) &&
               attempt(trial, UPSERT, OFF_UPSERT, &row, &done, NULL, err);
    }
    row_free(&row);
    return good;
}

bool trial_run(struct crew *crew, struct session *session, struct maker *maker, struct target *target,
               struct error *err)
{
    struct trial trial = {.crew = crew, .session = session, .maker = maker, .target = target};
    if (!session_run(session, "BEGIN", err))
        return false;
    for (int i = 0; i < TRIES; i++)
        if (!try_once(&trial, err))
            return false;
    return session_run(session, "ROLLBACK", err);
}

/* An UPDATE that changes nothing still has the constraints checked. False: no column can be updated. */
static bool touch_sql(const struct shape *shape, struct text *sql)
{
    const struct shape_column *column = NULL;
    for (size_t i = 0; i < shape->n_columns && !column; i++)
        column = shape_updates(&shape->columns[i]) ? &shape->columns[i] : NULL;
    if (!column || !shape->n_key)
        return false;
    text_printf(sql, "UPDATE %s SET %s = %s", shape->quoted, column->quoted, column->quoted);
    for (size_t i = 0; i < shape->n_key; i++)
        text_printf(sql, "%s%s = $%zu", i ? " AND " : " WHERE ", shape->columns[shape->key[i]].quoted, i + 1);
    return true;
}

bool trial_hot(struct session *session, struct target *target, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text sql = {0};
    const struct shape *shape = target->shape;
    if (!touch_sql(shape, &sql))
        return true;
    const char **values = memory_alloc(shape->n_key * sizeof *values);
    bool good = true;
    for (size_t i = 0; i < target->n_stable && i < HOT_ROWS && good; i++) {
        struct error found = {0};
        for (size_t k = 0; k < shape->n_key; k++)
            values[k] = target->stable[i].values[shape->key[k]];
        good = session_run(session, "BEGIN", err);
        bool takes = good && session_query(session, text_string(&sql), shape->n_key, values, NULL, &found);
        good = good && session_run(session, "ROLLBACK", err);
        /* Whatever else is wrong is for the traffic to find. */
        if (takes || !is_about_values(&found))
            target->hot[target->n_hot++] = &target->stable[i];
    }
    free(values);
    return good;
}

bool trial_seed(struct session *session, struct maker *maker, struct target *target, size_t rows,
                struct error *err)
{
    const struct statement *insert = &target->statements.all[target->statements.first[INSERT_FULL]];
    bool good = true;
    for (size_t i = 0; i < rows && good; i++) {
        struct row row = row_new(target->shape->n_columns);
        good = maker_fill(maker, target->shape, insert->changes, insert->n_changes, &row, err) &&
               statement_run(session, insert, &row, NULL, err);
        row_free(&row);
    }
    return good;
}
