#include "postgres/compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "postgres/answer.h"
#include "postgres/array.h"
#include "postgres/names.h"
#include "postgres/recorded.h"
#include "postgres/session_internal.h"
#include "postgres/translate.h"
#include "sql.h"

static void result_clear(PGresult **result)
{
    PQclear(*result);
}

static PGresult *read_only(struct pg_session *session, const char *text)
{
    PGresult *result = PQprepare(session->connection, "", text, 0, NULL);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        return result;
    PQclear(result);
    return PQdescribePrepared(session->connection, "");
}

/* What the server would not read. False: the connection is gone. */
static bool take_error(const struct pg_session *session, const PGresult *result, struct arena *arena,
                       struct statement_shape *out, struct error *err)
{
    struct error said = {0};
    (void)pg_result_error(session, result, &said);
    if (said.class == ERROR_LOST || said.class == ERROR_INTERRUPTED || !*said.sqlstate) {
        *err = said;
        return false;
    }
    out->busy = said.class == ERROR_BUSY;
    out->sqlstate = arena_strdup(arena, said.sqlstate);
    out->message = arena_strdup(arena, said.message);
    return true;
}

static void add_number(struct text *array, long number)
{
    char value[24];
    (void)snprintf(value, sizeof value, "%ld", number);
    pg_array_add(array, value);
}

/* Types of columns and parameters, in this order. */
static bool name_types(struct session *session, const PGresult *result, struct rows **out, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text types = {0};
    SEGUE_CLEANUP(text_free) struct text modifiers = {0};
    for (int i = 0; i < PQnfields(result); i++) {
        add_number(&types, (long)PQftype(result, i));
        add_number(&modifiers, PQfmod(result, i));
    }
    for (int i = 0; i < PQnparams(result); i++) {
        add_number(&types, (long)PQparamtype(result, i));
        add_number(&modifiers, -1);
    }
    const char *values[] = {pg_array_end(&types), pg_array_end(&modifiers)};
    return session_query(session, sql_compare_types, SEGUE_COUNT(values), values, out, err);
}

static const char *type_at(struct arena *arena, const struct rows *rows, size_t i)
{
    const char *name = rows_get(rows, i, 0);
    return arena_strdup(arena, name ? name : "unknown");
}

static bool describe(struct session *base, const char *text, struct arena *arena, struct statement_shape *out,
                     struct error *err)
{
    struct pg_session *session = (struct pg_session *)session_innermost(base);
    SEGUE_CLEANUP(rows_cleanup) struct rows *names = NULL;
    *out = (struct statement_shape){0};
    SEGUE_CLEANUP(result_clear) PGresult *result = read_only(session, recorded_text(arena, text));
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        return take_error(session, result, arena, out, err);
    if (!name_types(base, result, &names, err))
        return false;
    out->n_columns = (size_t)PQnfields(result);
    out->columns = arena_alloc(arena, (out->n_columns + 1) * sizeof *out->columns);
    for (size_t i = 0; i < out->n_columns; i++)
        out->columns[i] = (struct statement_column){.name = arena_strdup(arena, PQfname(result, (int)i)),
                                                    .type = type_at(arena, names, i)};
    out->n_parameters = (size_t)PQnparams(result);
    out->parameters = arena_alloc(arena, (out->n_parameters + 1) * sizeof *out->parameters);
    for (size_t i = 0; i < out->n_parameters; i++)
        out->parameters[i] = type_at(arena, names, out->n_columns + i);
    return true;
}

static bool keep(struct session *session, const struct kept_statement *list, size_t n, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text fingerprints = {0};
    SEGUE_CLEANUP(text_free) struct text roles = {0};
    SEGUE_CLEANUP(text_free) struct text versions = {0};
    SEGUE_CLEANUP(text_free) struct text texts = {0};
    SEGUE_CLEANUP(text_free) struct text calls = {0};
    for (size_t i = 0; i < n; i++) {
        pg_array_add(&fingerprints, list[i].fingerprint);
        pg_array_add(&roles, list[i].role);
        pg_array_add(&versions, list[i].version);
        pg_array_add(&texts, list[i].text);
        add_number(&calls, (long)list[i].calls);
    }
    const char *values[] = {pg_array_end(&fingerprints), pg_array_end(&roles), pg_array_end(&versions),
                            pg_array_end(&texts), pg_array_end(&calls)};
    return n == 0 || session_query(session, sql_compare_keep, SEGUE_COUNT(values), values, NULL, err);
}

static const char *copy(struct arena *arena, const struct rows *rows, size_t row, size_t column)
{
    const char *value = rows_get(rows, row, column);
    return value ? arena_strdup(arena, value) : NULL;
}

static bool read_kept(struct session *session, struct arena *arena, struct kept_statement **out, size_t *n,
                      struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, sql_compare_kept, 0, NULL, &rows, err))
        return false;
    for (size_t i = 0; i < rows_count(rows); i++) {
        const struct kept_statement statement = {.fingerprint = copy(arena, rows, i, 0),
                                                 .role = copy(arena, rows, i, 1),
                                                 .version = copy(arena, rows, i, 2),
                                                 .text = copy(arena, rows, i, 3),
                                                 .calls = strtod(rows_get(rows, i, 4), NULL)};
        ARENA_PUSH(arena, *out, *n, statement);
    }
    return true;
}

/* *why: not, in words. */
static bool may_read(struct session *session, const char *table, struct arena *arena, const char **why,
                     struct error *err)
{
    char value[8];
    bool null;
    *why = NULL;
    if (!session_value(session, sql_compare_readable, 1, &table, value, sizeof value, &null, err))
        return false;
    if (null)
        *why = "the state in schema segue is older than this program; segue init adds what is missing";
    else if (value[0] != 't')
        *why = arena_printf(arena, "this role may not read segue.%s", table);
    return true;
}

static bool kept(struct session *session, struct arena *arena, struct kept_statement **out, size_t *n,
                 const char **why, struct error *err)
{
    *out = NULL;
    *n = 0;
    if (!may_read(session, "statements", arena, why, err) ||
        (!*why && !read_kept(session, arena, out, n, err)))
        return false;
    if (!*why && *n == 0)
        *why = "no gateway has kept a statement (segue gateway --keep-statements)";
    return true;
}

static bool note(struct session *session, const struct compared_statement *list, size_t n, struct error *err)
{
    enum { COLUMNS = 10 };
    struct text arrays[COLUMNS] = {0};
    const char *values[COLUMNS];
    for (size_t i = 0; i < n; i++) {
        const struct compared_statement *one = &list[i];
        const char *const texts[] = {one->fingerprint, one->role, one->version, one->text};
        const double counts[] = {one->compared, one->differed, one->by_itself};
        for (size_t k = 0; k < SEGUE_COUNT(texts); k++)
            pg_array_add(&arrays[k], texts[k]);
        for (size_t k = 0; k < SEGUE_COUNT(counts); k++)
            add_number(&arrays[SEGUE_COUNT(texts) + k], (long)counts[k]);
        pg_array_add(&arrays[COLUMNS - 3], one->kind);
        pg_array_add(&arrays[COLUMNS - 2], one->what);
        pg_array_add(&arrays[COLUMNS - 1], one->translated);
    }
    for (size_t k = 0; k < COLUMNS; k++)
        values[k] = pg_array_end(&arrays[k]);
    bool good = session_query(session, sql_compare_note, COLUMNS, values, NULL, err);
    for (size_t k = 0; k < COLUMNS; k++)
        text_free(&arrays[k]);
    return good;
}

static bool noted(struct session *session, const char *version, struct arena *arena,
                  struct compared_statement **out, size_t *n, const char **why, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    *out = NULL;
    *n = 0;
    if (!may_read(session, "compared", arena, why, err))
        return false;
    if (*why)
        return true;
    if (!session_query(session, sql_compare_noted, 1, &version, &rows, err))
        return false;
    for (size_t i = 0; i < rows_count(rows); i++) {
        const struct compared_statement one = {.fingerprint = copy(arena, rows, i, 0),
                                               .role = copy(arena, rows, i, 1),
                                               .version = copy(arena, rows, i, 2),
                                               .text = copy(arena, rows, i, 3),
                                               .compared = strtod(rows_get(rows, i, 4), NULL),
                                               .differed = strtod(rows_get(rows, i, 5), NULL),
                                               .by_itself = strtod(rows_get(rows, i, 6), NULL),
                                               .kind = copy(arena, rows, i, 7),
                                               .what = copy(arena, rows, i, 8),
                                               .translated = copy(arena, rows, i, 9)};
        ARENA_PUSH(arena, *out, *n, one);
    }
    return true;
}

const struct compare_engine pg_compare = {
    .describe = describe,
    .normalise = pg_normalise,
    .keep = keep,
    .kept = kept,
    .note = note,
    .noted = noted,
    .names = pg_read_names,
    .translate = pg_translate,
    .order = pg_answer_order,
    .is_mighty = pg_answer_is_mighty,
    .enter = pg_answer_enter,
    .ask = pg_answer_ask,
    .leave = pg_answer_leave,
};
