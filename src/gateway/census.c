#include "gateway/census.h"

#include <jansson.h>
#include <stdlib.h>

#include "gateway/breaker.h"
#include "gateway/replicas.h"
#include "gateway/worker.h"

/* Those who have the number, by version. */
static json_t *versions(const struct shared *shared, bool readers)
{
    json_t *counts = json_object();
    const struct version *version;
    for (unsigned i = 0; (version = versions_at(shared->versions, i)); i++) {
        unsigned n =
            atomic_load_explicit(readers ? &version->readers : &version->sessions, memory_order_relaxed);
        if (n > 0 || !readers)
            (void)json_object_set_new(counts, version->name, json_integer(n));
    }
    return counts;
}

static void add(json_t *counts, const char *why, unsigned n)
{
    json_int_t before = json_integer_value(json_object_get(counts, why));
    (void)json_object_set_new(counts, why, json_integer(before + n));
}

/* Of all workers together, as of their last ticks. */
static json_t *staying(struct shared *shared)
{
    json_t *counts = json_object();
    for (unsigned i = 0; i < shared->n_workers; i++) {
        struct worker *worker = &shared->workers[i];
        (void)pthread_mutex_lock(&worker->lock);
        for (size_t j = 0; j < STAYING_MAX && worker->staying[j].why; j++)
            add(counts, worker->staying[j].why, worker->staying[j].n);
        (void)pthread_mutex_unlock(&worker->lock);
    }
    return counts;
}

static const char *word_of(enum judge_verdict verdict)
{
    static const char *const words[] = {"few", "well", "worse"};
    return words[verdict];
}

/* How each version that gets a share does since it was set. */
static json_t *steps(struct shared *shared)
{
    json_t *of = json_object();
    struct routes *routes = shared_routes(shared);
    const struct version *version;
    for (size_t i = 1; (version = routes_at(routes, i)); i++) {
        struct breaker_report report;
        breaker_tell(shared->breaker, version, &report);
        const struct judge_step *step = &report.step;
        (void)json_object_set_new(
            of, version->name,
            json_pack("{s:s, s:I, s:f, s:f, s:f, s:f, s:f, s:f, s:s}", "breaker", breaker_word(report.state),
                      "answers", (json_int_t)step->answers, "errors", 100 * step->errors, "current_errors",
                      100 * step->current_errors, "p95_ms", step->p95_us / 1000, "current_p95_ms",
                      step->current_p95_us / 1000, "p99_ms", step->p99_us / 1000, "current_p99_ms",
                      step->current_p99_us / 1000, "verdict", word_of(step->verdict)));
    }
    routes_release(routes);
    return of;
}

/* NULL: none is looked at. */
static json_t *replica(const struct shared *shared)
{
    struct replica_report report;
    replicas_tell(shared->replicas, &report);
    return report.known ? json_pack("{s:s, s:f, s:f}", "name", report.name, "seconds", report.seconds,
                                    "bytes", report.bytes)
                        : NULL;
}

void census_write(struct shared *shared, struct text *out)
{
    json_t *census = json_pack("{s:o, s:o, s:o, s:o, s:o*}", "versions", versions(shared, false), "reads",
                               versions(shared, true), "staying", staying(shared), "steps", steps(shared),
                               "replica", replica(shared));
    char *printed = json_dumps(census, JSON_COMPACT);
    if (printed)
        text_append(out, printed);
    free(printed);
    json_decref(census);
}
