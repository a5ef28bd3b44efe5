/* Engines and sessions for the commands. This is the only place that lists the engines. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/open.h"
#include "engine/trace.h"
#include "postgres/postgres.h"

extern const struct engine postgres_engine __attribute__((weak));

const struct engine *engine_for_url(const char *url)
{
    (void)url; /* one engine so far: whatever the URL says, it is PostgreSQL's */
    return &postgres_engine;
}

static bool open_trace(struct invocation *call, struct error *err)
{
    const char *path = getenv("SEGUE_TRACE");
    if (call->trace || !path || !*path)
        return true;
    call->trace = fopen(path, "ae");
    if (!call->trace)
        return error_set(err, ERROR_USAGE, "SEGUE_TRACE: cannot write %s: %s", path, strerror(errno));
    setvbuf(call->trace, NULL, _IOLBF, 0);
    return true;
}

bool call_open(struct invocation *call, const char *application_name, bool work, struct session **out,
               struct error *err)
{
    const struct session_settings settings = {
        .url = call->url,
        .application_name = application_name,
        .cancel_with_client = work,
    };
    if (!open_trace(call, err) || !call->engine->open(&settings, out, err))
        return false;
    if (call->trace)
        *out = session_trace(*out, call->trace);
    return true;
}
