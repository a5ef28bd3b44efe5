/* Engines and sessions for the commands. This is the only place that lists the engines. */
#include "cli/open.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "engine/trace.h"
#include "postgres/postgres.h"

/* NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables): the trace is a log, and an engine's `open` has nowhere else to
   find it. */
static struct {
    FILE *stream;
    const struct engine *inner;
    struct engine engine; /* the inner one but for `open` */
} trace;
/* NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables) */

static bool open_traced(const struct session_settings *settings, struct session **out, struct error *err)
{
    struct session *inner = NULL;
    if (!trace.inner->open(settings, &inner, err))
        return false;
    *out = session_trace(inner, trace.stream);
    return true;
}

static bool with_trace(const struct engine *engine, const char *path, const struct engine **out,
                       struct error *err)
{
    trace.stream = fopen(path, "ae");
    if (!trace.stream)
        return error_set(err, ERROR_USAGE, "SEGUE_TRACE: cannot write %s: %s", path, strerror(errno));
    trace.inner = engine;
    trace.engine = *engine;
    trace.engine.open = open_traced;
    *out = &trace.engine;
    return true;
}

bool engine_for_url(const char *url, const struct engine **out, struct error *err)
{
    (void)url; /* one engine so far: whatever the URL says, it is PostgreSQL's */
    const char *path = getenv("SEGUE_TRACE");
    *out = &postgres_engine;
    return !path || !*path || with_trace(&postgres_engine, path, out, err);
}

bool call_open(const struct invocation *call, const char *application_name, bool work, struct session **out,
               struct error *err)
{
    const struct session_settings settings = {
        .url = call->url,
        .application_name = application_name,
        .cancel_with_client = work,
    };
    return call->engine->open(&settings, out, err);
}
