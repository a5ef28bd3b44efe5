#include "postgres/answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "postgres/format.h"
#include "postgres/session_internal.h"

enum { OID_FLOAT4 = 700, OID_FLOAT8 = 701 };

/* Other plans for the same statement: what depends on the plan, such as which rows LIMIT leaves of an unsorted table, then differs. */
static const char *const plans[] = {
    "",
    "SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off; SET LOCAL enable_bitmapscan = off; "
    "SET LOCAL enable_hashagg = off; SET LOCAL enable_nestloop = off;",
    "SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; "
    "SET LOCAL enable_sort = off;",
};

bool pg_answer_is_mighty(struct session *session, bool *mighty, struct error *err)
{
    char value[8];
    bool null;
    if (!session_value(session, "SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = session_user", 0,
                       NULL, value, sizeof value, &null, err))
        return false;
    *mighty = value[0] == 't';
    return true;
}

/* Values are sent and shown in one way, whatever the role is set to. */
static const char begin[] =
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; %s%sSET LOCAL statement_timeout = %d; "
    "SET LOCAL lock_timeout = %d; SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL jit = off; %s";

/* Whether it may is asked first: each refusal would be an error in the server's log. Only from 16 on membership and the right to act as a role are two things. */
static const char take_role[] =
    "SELECT CASE WHEN pg_catalog.pg_has_role($1, CASE WHEN current_setting('server_version_num')::integer >= 160000 THEN "
    "'SET' ELSE 'MEMBER' END) THEN pg_catalog.set_config('role', $1, true) END";

static bool act_as(struct session *session, const char *role, struct error *err)
{
    char taken[8];
    bool null;
    if (!session_value(session, take_role, 1, &role, taken, sizeof taken, &null, err))
        return false;
    return !null || error_set(err, ERROR_REFUSED, "this role may not act as %s", role);
}

bool pg_answer_enter(struct session *session, const struct asking *asking, char *snapshot, struct error *err)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    bool null;
    const char *set = asking->snapshot ? "SET TRANSACTION SNAPSHOT " : "";
    const char *which = asking->snapshot ? pg_format(arena, "%L; ", asking->snapshot) : "";
    const char *sql = pg_format(arena, begin, set, which, asking->timeout_ms, asking->timeout_ms,
                                plans[asking->plan % SEGUE_COUNT(plans)]);
    return session_run(session, sql, err) &&
           (!snapshot || session_value(session, "SELECT pg_catalog.pg_export_snapshot()", 0, NULL, snapshot,
                                       64, &null, err)) &&
           act_as(session, asking->role, err);
}

bool pg_answer_leave(struct session *session, struct error *err)
{
    return session_run(session, "ROLLBACK", err);
}

/* --- Asking --- */

static bool send_asked(PGconn *connection, const struct asked *asked, struct arena *arena)
{
    Oid *types = arena_alloc(arena, (asked->n_values + 1) * sizeof *types);
    for (size_t i = 0; i < asked->n_values && i < asked->n_types; i++)
        types[i] = asked->types[i];
    return PQsendQueryParams(connection, asked->text, (int)asked->n_values, types, asked->values,
                             asked->lengths, asked->formats, 0) &&
           PQsetSingleRowMode(connection);
}

static void take_columns(const PGresult *result, struct arena *arena, struct answer *out)
{
    out->n_columns = (size_t)PQnfields(result);
    out->names = arena_alloc(arena, (out->n_columns + 1) * sizeof *out->names);
    out->inexact = arena_alloc(arena, out->n_columns + 1);
    for (size_t i = 0; i < out->n_columns; i++) {
        Oid type = PQftype(result, (int)i);
        out->names[i] = arena_strdup(arena, PQfname(result, (int)i));
        out->inexact[i] = type == OID_FLOAT4 || type == OID_FLOAT8;
    }
}

/* How many bytes it took. */
static size_t take_row(const PGresult *result, struct arena *arena, size_t *n_cells, struct answer *out)
{
    size_t bytes = 0;
    for (int i = 0; i < PQnfields(result); i++) {
        const char *cell = PQgetisnull(result, 0, i) ? NULL
                                                     : arena_strndup(arena, PQgetvalue(result, 0, i),
                                                                     (size_t)PQgetlength(result, 0, i));
        ARENA_PUSH(arena, out->cells, *n_cells, cell);
        bytes += (size_t)PQgetlength(result, 0, i) + sizeof cell;
    }
    out->n_rows++;
    return bytes;
}

static void take_failure(const struct pg_session *session, const PGresult *result, struct arena *arena,
                         struct answer *out)
{
    struct error said = {0};
    (void)pg_result_error(session, result, &said);
    out->sqlstate = arena_strdup(arena, said.sqlstate);
    out->message = arena_strdup(arena, said.message);
}

struct taking {
    struct pg_session *session;
    const struct asking *asking;
    struct arena *arena;
    size_t bytes, n_cells;
    struct answer *out;
};

static void take(struct taking *taking, const PGresult *result)
{
    struct answer *out = taking->out;
    ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE) {
        if (!out->too_long)
            take_failure(taking->session, result, taking->arena, out);
        return;
    }
    if ((status == PGRES_SINGLE_TUPLE || status == PGRES_TUPLES_OK) && !out->names)
        take_columns(result, taking->arena, out);
    if (status != PGRES_SINGLE_TUPLE || out->too_long)
        return;
    taking->bytes += take_row(result, taking->arena, &taking->n_cells, out);
    if (out->n_rows > taking->asking->rows_max || taking->bytes > taking->asking->bytes_max) {
        out->too_long = true;
        session_cancel(&taking->session->base);
    }
}

bool pg_answer_ask(struct session *base, const struct asked *asked, const struct asking *asking,
                   struct arena *arena, struct answer *out, struct error *err)
{
    struct pg_session *session = (struct pg_session *)session_innermost(base);
    struct taking taking = {.session = session, .asking = asking, .arena = arena, .out = out};
    PGresult *result;
    *out = (struct answer){0};
    if (!send_asked(session->connection, asked, arena))
        return pg_result_error(session, NULL, err);
    while ((result = PQgetResult(session->connection))) {
        take(&taking, result);
        PQclear(result);
    }
    if (PQstatus(session->connection) == CONNECTION_BAD)
        return error_set(err, ERROR_LOST, "the connection to the server is gone");
    return true;
}
