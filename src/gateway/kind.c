#include "engine/engine.h"
#include "gateway/request.h"
#include "gateway/worker.h"

static bool is_steady(void *context, const char *name)
{
    return routes_steady(context, name);
}

unsigned gateway_kind(struct shared *shared, const char *text)
{
    struct routes *routes = shared_routes(shared);
    const struct statement_names steady = {is_steady, routes};
    unsigned kind = shared->settings->engine->gateway->kind(text, &steady);
    routes_release(routes);
    return kind;
}

unsigned request_kind(struct worker *worker, struct statement *statement)
{
    if (!statement->kind)
        statement->kind = gateway_kind(worker->shared, statement->text);
    return statement->kind;
}
