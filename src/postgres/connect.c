/*
 * Opening a connection. A password must never reach a message. Servers and libpq do not print it, with one exception: a
 * connection string that libpq reads otherwise than it was meant (a password with an unescaped / or @ in it becomes part of
 * the host's name) is printed in pieces. So what libpq says of the string's syntax is cut before the first quoted piece, and
 * a string whose parts look wrong is refused before it is used.
 */

#include <stdlib.h>
#include <string.h>

#include "postgres/session_internal.h"

enum { OLDEST_SERVER = 140000 };

static void options_free(PQconninfoOption **options)
{
    PQconninfoFree(*options);
}

static void pq_string_free(char **string)
{
    PQfreemem(*string);
}

static void connection_close(PGconn **connection)
{
    PQfinish(*connection);
}

static bool refuse_string(const char *message, struct error *err)
{
    error_set(err, ERROR_USAGE, "the connection string cannot be read");
    /* Up to the first quotation mark libpq speaks of syntax; behind it, it repeats the string. */
    error_detail(err, "%.*s", (int)strcspn(message, "\"\n"), message);
    return error_hint(
        err,
        "write postgresql://user@host:port/database, with special characters percent-encoded (/ is %%2F, @ is "
        "%%40), or key=value pairs; a password is better kept in ~/.pgpass or PGPASSWORD");
}

static const char *option_value(const PQconninfoOption *options, const char *keyword)
{
    for (; options->keyword; options++)
        if (strcmp(options->keyword, keyword) == 0 && options->val)
            return options->val;
    return "";
}

/* Whether libpq takes it for more than the plain name of a database. */
static bool is_conninfo(const char *url)
{
    return strchr(url, '=') || strncmp(url, "postgresql://", 13) == 0 || strncmp(url, "postgres://", 11) == 0;
}

static bool check_string(const char *url, struct error *err)
{
    SEGUE_CLEANUP(options_free) PQconninfoOption *options = NULL;
    SEGUE_CLEANUP(pq_string_free) char *message = NULL;
    if (!is_conninfo(url))
        return strpbrk(url, ":/@") ? refuse_string("it does not begin with postgresql://", err) : true;
    options = PQconninfoParse(url, &message);
    if (!options)
        return refuse_string(message ? message : "", err);
    const char *port = option_value(options, "port");
    if (port[strspn(port, "0123456789,")])
        return refuse_string("the port is not a number", err);
    if (strchr(option_value(options, "host"), '@') && option_value(options, "host")[0] != '@')
        return refuse_string("the host's name has an @ in it", err);
    if (strchr(option_value(options, "dbname"), '@'))
        return refuse_string("the database's name has an @ in it", err);
    return true;
}

/* A new session writes, too. */
static bool disk_is_full(const char *message)
{
    return strstr(message, "No space left on device") || strstr(message, "could not write");
}

enum error_class pg_refusal_class(const char *message)
{
    /* libpq does not tell the SQLSTATE of a refused connection; "FATAL" in it means that a server answered. */
    if (strstr(message, "too many clients") || strstr(message, "connection slots are reserved") ||
        strstr(message, "too many connections") || strstr(message, "standby connections exceed") ||
        disk_is_full(message))
        return ERROR_RESOURCE;
    if (strstr(message, "starting up") || strstr(message, "shutting down") ||
        strstr(message, "not yet accepting connections") || strstr(message, "not accepting connections") ||
        strstr(message, "in recovery mode") || !strstr(message, "FATAL"))
        return ERROR_LOST;
    return ERROR_DATABASE;
}

static bool refused(const PGconn *connection, struct error *err)
{
    const char *message = PQerrorMessage(connection);
    size_t first = strcspn(message, "\n");
    error_set(err, pg_refusal_class(message), "%.*s", (int)first, message);
    const char *rest = message + first + strspn(message + first, "\n\t ");
    if (*rest)
        error_detail(err, "%.*s", (int)strlen(rest) - (rest[strlen(rest) - 1] == '\n'), rest);
    if (err->class == ERROR_RESOURCE && disk_is_full(message))
        error_hint(err, "make room on the server's disk");
    else if (err->class == ERROR_RESOURCE)
        error_hint(err, "the server has no connection left: end idle sessions, or raise max_connections");
    if (PQconnectionNeedsPassword(connection))
        error_hint(err, "give the password in ~/.pgpass, in PGPASSWORD, or through a service file");
    return false;
}

/* Settings that a role or database may have been given for its application and that would harm a migration: a limit on
 * every statement's time, rows hidden by a policy without an error. */
static const char executor_settings[] =
    "SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0; "
    "SET idle_session_timeout = 0; SET row_security = off; "
    "SET default_transaction_isolation = 'read committed'; "
    "SET default_transaction_read_only = off; SET standard_conforming_strings = on; "
    "SET quote_all_identifiers = off; SET synchronous_commit = on; SET xmloption = content";

static const char single_settings[] =
    "SET max_parallel_maintenance_workers = 0; SET max_parallel_workers_per_gather = 0";

static bool run_setting(PGconn *connection, const char *sql, const char *value, struct error *err)
{
    PGresult *result =
        value ? PQexecParams(connection, sql, 1, NULL, &value, NULL, NULL, 0) : PQexec(connection, sql);
    ExecStatusType status = PQresultStatus(result);
    bool done = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
    if (!done) {
        struct pg_session session = {.connection = connection};
        pg_result_error(&session, result, err);
    }
    PQclear(result);
    return done;
}

static bool apply_settings(PGconn *connection, const struct session_settings *settings, struct error *err)
{
    const char *path = settings->search_path;
    if (path && !run_setting(connection, "SELECT pg_catalog.set_config('search_path', $1, false)", path, err))
        return false;
    if (settings->single && !run_setting(connection, single_settings, NULL, err))
        return false;
    if (!settings->cancel_with_client)
        return true;
    if (!run_setting(connection, executor_settings, NULL, err))
        return false;
    if (PQserverVersion(connection) >= 170000 &&
        !run_setting(connection, "SET transaction_timeout = 0", NULL, err))
        return false;
    /* Servers on platforms that cannot watch a socket refuse it; a statement then goes on after its client died, and the next
     * session waits for it at the migration's lock. */
    struct error ignored;
    (void)run_setting(connection, "SET client_connection_check_interval = '1s'", NULL, &ignored);
    return true;
}

static bool check_server(const PGconn *connection, struct error *err)
{
    int version = PQserverVersion(connection);
    if (version >= OLDEST_SERVER)
        return true;
    error_set(err, ERROR_REFUSED, "the server is PostgreSQL %d.%d; segue needs 14 or later", version / 10000,
              version >= 100000 ? version % 10000 : version / 100 % 100);
    return error_hint(err, "upgrade the server first");
}

static void ignore_notice(void *context, const PGresult *result)
{
    (void)context;
    (void)result;
}

PGconn *pg_connect(const struct session_settings *settings, struct error *err)
{
    if (settings->url && !check_string(settings->url, err))
        return NULL;
    /* Before dbname stand defaults that the string may override, behind it what overrides the string. A network that loses
     * everything is noticed after a minute: by keepalives while nothing is on its way; else because what was sent is not
     * acknowledged, for which the kernel alone would wait a quarter of an hour. */
    const char *keywords[] = {"fallback_application_name",
                              "keepalives_idle",
                              "keepalives_interval",
                              "keepalives_count",
                              "tcp_user_timeout",
                              "connect_timeout",
                              "dbname",
                              "client_encoding",
                              "user",
                              settings->replication ? "replication" : NULL,
                              NULL};
    const char *values[] = {settings->application_name ? settings->application_name : "segue",
                            "30",
                            "10",
                            "3",
                            "60000",
                            getenv("PGCONNECT_TIMEOUT") ? NULL : "10",
                            settings->url,
                            "UTF8",
                            settings->user,
                            "database",
                            NULL};
    SEGUE_CLEANUP(connection_close) PGconn *connection = PQconnectdbParams(keywords, values, 1);
    if (!connection) {
        error_set(err, ERROR_RESOURCE, "out of memory");
        return NULL;
    }
    if (PQstatus(connection) != CONNECTION_OK) {
        refused(connection, err);
        return NULL;
    }
    (void)PQsetNoticeReceiver(connection, ignore_notice, NULL);
    if (!check_server(connection, err) || !apply_settings(connection, settings, err))
        return NULL;
    PGconn *opened = connection;
    connection = NULL;
    return opened;
}
