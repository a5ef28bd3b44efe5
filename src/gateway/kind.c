#include "engine/engine.h"
#include "gateway/request.h"
#include "gateway/worker.h"

static bool is_steady(void *context, const char *name)
{
    return routes_steady(context, name);
}

unsigned request_kind(struct worker *worker, struct statement *statement)
{
    if (statement->kind)
        return statement->kind;
    struct routes *routes = shared_routes(worker->shared);
    const struct statement_names steady = {is_steady, routes};
    statement->kind = worker->shared->settings->engine->gateway->kind(statement->text, &steady);
    routes_release(routes);
    return statement->kind;
}
