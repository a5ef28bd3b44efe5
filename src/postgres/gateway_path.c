#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "postgres/gateway_internal.h"
#include "sql.h"

static const char PATH[] = "segue_probe";

/* Another connection like that one, which asks for the path as it begins. */
static PGconn *begin(PGconn *like)
{
    PQconninfoOption *options = PQconninfo(like);
    if (!options)
        return NULL;
    SEGUE_CLEANUP(text_free) struct text words = {0};
    size_t n = 0;
    while (options[n].keyword)
        n++;
    const char **keywords = memory_alloc((n + 1) * sizeof *keywords);
    const char **values = memory_alloc((n + 1) * sizeof *values);
    for (size_t i = 0; i < n; i++) {
        keywords[i] = options[i].keyword;
        values[i] = options[i].val;
        if (strcmp(keywords[i], "options") != 0)
            continue;
        text_append(&words, values[i] ? values[i] : "");
        text_append(&words, " -csearch_path=");
        text_append(&words, PATH);
        values[i] = text_string(&words);
    }
    PGconn *connection = PQconnectdbParams(keywords, values, 0);
    free(keywords);
    free(values);
    PQconninfoFree(options);
    return connection;
}

bool pg_gateway_keeps_path(struct session *session, bool *out, struct error *err)
{
    PGconn *connection = begin(((struct pg_session *)session_innermost(session))->connection);
    const char *message = PQerrorMessage(connection);
    bool begun = connection && PQstatus(connection) == CONNECTION_OK;
    if (begun) {
        PGresult *result = PQexec(connection, sql_gateway_path);
        *out = PQntuples(result) == 1 && strcmp(PQgetvalue(result, 0, 0), PATH) == 0;
        PQclear(result);
    } else if (strstr(message, "startup parameter")) { /* PgBouncer's words */
        begun = true;
        *out = false;
    } else {
        error_set(err, pg_refusal_class(message), "%.*s", (int)strcspn(message, "\n"), message);
    }
    PQfinish(connection);
    return begun;
}
