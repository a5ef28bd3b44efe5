/* What is known of statements by their texts, asked of the parser as seldom as can be. */

#include "base/hash.h"
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

static bool in_name(char c)
{
    return (unsigned char)((c | 0x20) - 'a') < 26 || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

static bool is_digit(char c)
{
    return (unsigned char)(c - '0') < 10;
}

/*
 * The hash of a text without its numbers and strings: texts that differ in those alone are of one kind. 0: it has what this reader does not know to the end of
 * (strings with backslashes, dollar quotes), so that nothing can be said.
 */
static uint64_t shape_of(const char *text)
{
    uint64_t hash = HASH_BEGUN;
    bool name = false;
    for (const char *c = text; *c; c++) {
        if (*c == '\'') {
            for (c++; *c && *c != '\''; c++)
                if (*c == '\\')
                    return 0;
            if (!*c)
                return 0;
        } else if (*c == '$' && !is_digit(c[1]) && !name) {
            return 0;
        } else if (is_digit(*c) && !name) {
            while (is_digit(c[1]))
                c++;
            hash = hash_bytes(hash, "0", 1);
            continue;
        }
        name = in_name(*c) || (name && is_digit(*c));
        hash = hash_bytes(hash, c, 1);
    }
    return hash ? hash : 1;
}

unsigned worker_kind(struct worker *worker, const char *text)
{
    uint64_t shape = shape_of(text);
    struct worker_kind *kept = &worker->kinds[shape % WORKER_KINDS];
    if (shape == 0 || kept->shape != shape) {
        unsigned kind = gateway_kind(worker->shared, text);
        if (shape == 0)
            return kind;
        *kept = (struct worker_kind){shape, kind};
    }
    return kept->kind;
}

void worker_forget_kinds(struct worker *worker)
{
    memset(worker->kinds, 0, sizeof worker->kinds);
}
