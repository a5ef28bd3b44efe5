#include "engine/trace.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"

struct trace {
    struct session base;
    struct session *inner;
    FILE *stream;
};

static struct trace *trace(struct session *session)
{
    return (struct trace *)session;
}

static void append_time(struct text *line)
{
    struct timespec now;
    struct tm utc;
    char stamp[32];
    (void)clock_gettime(CLOCK_REALTIME, &now);
    (void)gmtime_r(&now.tv_sec, &utc);
    (void)strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &utc);
    text_printf(line, "%s.%06ldZ", stamp, now.tv_nsec / 1000);
}

/* White space runs become one space, so that a statement is one field of one line. Lines of comment are left out: on one
 * line, what follows them would be comment too. */
static void append_folded(struct text *line, const char *sql)
{
    size_t start = line->length;
    bool space = false;
    bool line_begins = true;
    for (; *sql; sql++) {
        if (line_begins && sql[0] == '-' && sql[1] == '-')
            sql += strcspn(sql, "\n");
        line_begins = *sql == '\n' || (line_begins && isspace((unsigned char)*sql));
        if (!*sql)
            break;
        if (isspace((unsigned char)*sql)) {
            space = true;
            continue;
        }
        if (space && line->length > start)
            text_append_char(line, ' ');
        space = false;
        text_append_char(line, *sql);
    }
}

/* One fputs a line: sessions in other threads may share the stream. */
static void write_line(const struct trace *session, int64_t began_us, const char *outcome, const char *verb,
                       const char *sql)
{
    SEGUE_CLEANUP(text_free) struct text line = {0};
    append_time(&line);
    text_printf(&line, "\tpid %d\t%.3f ms\t%s\t%s", session_backend_pid(session->inner),
                (double)(clock_us() - began_us) / 1000.0, outcome, verb);
    append_folded(&line, sql);
    text_append_char(&line, '\n');
    (void)fputs(text_string(&line), session->stream);
    (void)fflush(session->stream);
}

static bool ended(const struct trace *session, int64_t began_us, const char *verb, const char *sql, bool good,
                  struct rows *const *out, const struct error *err)
{
    char outcome[64] = "done";
    if (!good)
        (void)snprintf(outcome, sizeof outcome, "error %s",
                       err->sqlstate[0] ? err->sqlstate : error_class_name(err->class));
    else if (out && *out)
        (void)snprintf(outcome, sizeof outcome, "%zu rows",
                       rows_columns(*out) ? rows_count(*out) : rows_affected(*out));
    write_line(session, began_us, outcome, verb, sql);
    return good;
}

static bool run(struct session *session, const char *sql, struct error *err)
{
    int64_t began = clock_us();
    bool good = session_run(trace(session)->inner, sql, err);
    return ended(trace(session), began, "", sql, good, NULL, err);
}

static bool query(struct session *session, const char *sql, size_t n, const char *const *values,
                  struct rows **out, struct error *err)
{
    int64_t began = clock_us();
    bool good = session_query(trace(session)->inner, sql, n, values, out, err);
    return ended(trace(session), began, "", sql, good, out, err);
}

static bool prepare(struct session *session, const char *name, const char *sql, struct error *err)
{
    int64_t began = clock_us();
    bool good = session_prepare(trace(session)->inner, name, sql, err);
    SEGUE_CLEANUP(text_free) struct text verb = {0};
    text_printf(&verb, "PREPARE %s AS ", name);
    return ended(trace(session), began, text_string(&verb), sql, good, NULL, err);
}

static bool execute(struct session *session, const char *name, size_t n, const char *const *values,
                    struct rows **out, struct error *err)
{
    int64_t began = clock_us();
    bool good = session_execute(trace(session)->inner, name, n, values, out, err);
    return ended(trace(session), began, "EXECUTE ", name, good, out, err);
}

static void send_and_drop(struct session *session, const char *sql)
{
    int64_t began = clock_us();
    session_send_and_drop(trace(session)->inner, sql);
    write_line(trace(session), began, "connection dropped", "", sql);
}

static void drop(struct session *session)
{
    int64_t began = clock_us();
    session_drop(trace(session)->inner);
    write_line(trace(session), began, "connection dropped", "", "");
}

static void cancel(struct session *session)
{
    session_cancel(trace(session)->inner);
}

static int backend_pid(const struct session *session)
{
    return session_backend_pid(((const struct trace *)session)->inner);
}

static struct session *inner_of(struct session *session)
{
    return ((struct trace *)session)->inner;
}

static bool is_local(const struct session *session)
{
    return session_is_local(((const struct trace *)session)->inner);
}

static void close_trace(struct session *session)
{
    session_close(trace(session)->inner);
    free(session);
}

static const struct session_ops ops = {
    .run = run,
    .query = query,
    .prepare = prepare,
    .execute = execute,
    .send_and_drop = send_and_drop,
    .drop = drop,
    .cancel = cancel,
    .backend_pid = backend_pid,
    .is_local = is_local,
    .inner = inner_of,
    .close = close_trace,
};

struct session *session_trace(struct session *inner, FILE *stream)
{
    struct trace *session = memory_alloc(sizeof *session);
    session->base.ops = &ops;
    session->inner = inner;
    session->stream = stream;
    return &session->base;
}
