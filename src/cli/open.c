/* Engines and sessions for the commands. This is the only place that lists the engines. */
#include "cli/open.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "engine/trace.h"
#include "postgres/postgres.h"

/* The trace is a log, hence global: an engine's `open` has nowhere else to find it. */
static FILE *trace_stream;
static struct engine traced_engine;
static const struct engine *inner_engine;

static bool open_traced(const struct session_settings *settings, struct session **out, struct error *err)
{
    struct session *inner = NULL;
    if (!inner_engine->open(settings, &inner, err))
        return false;
    *out = session_trace(inner, trace_stream);
    return true;
}

static bool with_trace(const struct engine *engine, const char *path, const struct engine **out,
                       struct error *err)
{
    trace_stream = fopen(path, "ae");
    if (!trace_stream)
        return error_set(err, ERROR_USAGE, "SEGUE_TRACE: cannot write %s: %s", path, strerror(errno));
    inner_engine = engine;
    traced_engine = *engine;
    traced_engine.open = open_traced;
    *out = &traced_engine;
    return true;
}

bool engine_for_url(const char *url, const struct engine **out, struct error *err)
{
    (void)url; /* one engine so far: whatever the URL says, it is PostgreSQL's */
    const char *trace = getenv("SEGUE_TRACE");
    *out = &postgres_engine;
    return !trace || !*trace || with_trace(&postgres_engine, trace, out, err);
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
