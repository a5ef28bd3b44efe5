#include "gateway/replicas.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "engine/engine.h"
#include "gateway/breaker.h"
#include "gateway/event.h"
#include "move/lag.h"

enum {
    ASK_US = 1000000,
    LOOKS = 3 /* in a row that find a replica too far behind: a moment's lag is none of a version's */
};

/* Where bytes are the limit, longer lags may be told as that. */
static const double LONGEST_SECONDS = 120;

/* Whether there is anything to judge by; each is said once. */
enum sight { SIGHT_NEVER, SIGHT_KNOWN, SIGHT_NONE, SIGHT_HIDDEN, SIGHT_FAILED };

struct replicas {
    pthread_mutex_t lock;
    struct replica_report report; /* under the lock */

    /* --- The control thread's own --- */
    int64_t asked_us;
    struct lag lag;
    double longest; /* seconds that it tells */
    enum sight sight;
    unsigned above; /* looks in a row */
};

struct replicas *replicas_new(void)
{
    struct replicas *replicas = memory_alloc(sizeof *replicas);
    (void)pthread_mutex_init(&replicas->lock, NULL);
    return replicas;
}

void replicas_free(struct replicas *replicas)
{
    if (!replicas)
        return;
    (void)pthread_mutex_destroy(&replicas->lock);
    free(replicas);
}

static void put(struct replicas *replicas, const struct replica_report *report)
{
    (void)pthread_mutex_lock(&replicas->lock);
    replicas->report = *report;
    (void)pthread_mutex_unlock(&replicas->lock);
}

void replicas_tell(struct replicas *replicas, struct replica_report *out)
{
    (void)pthread_mutex_lock(&replicas->lock);
    *out = replicas->report;
    (void)pthread_mutex_unlock(&replicas->lock);
}

static void say(const struct shared *shared, enum sight sight, const char *reason)
{
    struct replicas *replicas = shared->replicas;
    struct event event;
    if (replicas->sight == sight)
        return;
    if (sight != SIGHT_KNOWN || replicas->sight != SIGHT_NEVER) {
        event_begin(&event, &shared->settings->events, sight == SIGHT_KNOWN ? EVENT_INFO : EVENT_WARNING,
                    "replica_lag");
        event_text(&event, "reason", reason);
        event_end(&event);
    }
    replicas->sight = sight;
}

/* A role that may not look is told what is missing, and the gateway goes on. */
static void say_sight(const struct shared *shared, const struct gateway_replica *seen)
{
    if (seen->hidden > 0)
        say(shared, SIGHT_HIDDEN,
            "replicas are hidden from the gateway's role, so that --breaker-lag does not see them: GRANT pg_read_all_stats shows them");
    else if (!seen->name[0])
        say(shared, SIGHT_NONE, "no replica streams from this server: --breaker-lag has nothing to look at");
    else
        say(shared, SIGHT_KNOWN, "replicas are looked at again");
}

/* As it reports it, or longer: one that stands still reports nothing, and where it has come to tells. */
static double seconds_of(struct replicas *replicas, const struct gateway_lag *limit,
                         const struct gateway_replica *seen)
{
    double now = (double)clock_us() / 1e6;
    double longest = limit->seconds > 0 ? 2 * limit->seconds : LONGEST_SECONDS;
    if (replicas->longest != longest)
        lag_init(&replicas->lag, longest);
    replicas->longest = longest;
    lag_mark(&replicas->lag, seen->position, now);
    double measured = lag_seconds(&replicas->lag, seen->position - seen->behind, now);
    return seen->seconds > measured ? seen->seconds : measured;
}

static bool is_behind(const struct gateway_lag *limit, const struct replica_report *report)
{
    return report->known && ((limit->seconds > 0 && report->seconds > limit->seconds) ||
                             (limit->bytes > 0 && report->bytes > limit->bytes));
}

static void leave(const struct shared *shared, const struct version *version, const struct gateway_lag *limit,
                  const struct replica_report *report)
{
    char reason[JUDGE_REASON], most[32];
    if (limit->seconds > 0)
        (void)snprintf(most, sizeof most, "%g s", limit->seconds);
    else
        (void)snprintf(most, sizeof most, "%g MB", limit->bytes / 1e6);
    (void)snprintf(reason, sizeof reason, "the replica %.100s is %.1f s and %.1f MB behind (%s may be)",
                   report->name, report->seconds, report->bytes / 1e6, most);
    breaker_open(shared->breaker, version, reason, false);
}

/* A version that has nobody has nothing to do with it. */
static void judge(struct shared *shared, const struct gateway_lag *limit, const struct replica_report *report)
{
    struct replicas *replicas = shared->replicas;
    struct routes *routes = shared_routes(shared);
    const struct version *version;
    bool used = false;
    for (size_t i = 1; (version = routes_at(routes, i)); i++)
        used = used || version_is_used(version);
    replicas->above = used && is_behind(limit, report) ? replicas->above + 1 : 0;
    for (size_t i = 1; replicas->above >= LOOKS && (version = routes_at(routes, i)); i++)
        if (version_is_used(version))
            leave(shared, version, limit, report);
    routes_release(routes);
}

bool replicas_look(struct shared *shared, struct session *session, struct error *err)
{
    const struct gateway_settings *settings = shared->settings;
    const struct gateway_lag *limit = &settings->breaker_lag;
    struct replicas *replicas = shared->replicas;
    struct replica_report report = {0};
    struct gateway_replica seen;
    int64_t now_us = clock_us();
    bool wanted = limit->seconds > 0 || limit->bytes > 0;
    if (wanted && replicas->asked_us && now_us - replicas->asked_us < ASK_US)
        return true;
    replicas->asked_us = now_us;
    if (wanted && settings->engine->gateway->replica(session, &seen, err)) {
        say_sight(shared, &seen);
        report.known = seen.name[0] != '\0';
        report.bytes = seen.behind;
        report.seconds = report.known ? seconds_of(replicas, limit, &seen) : 0;
        (void)snprintf(report.name, sizeof report.name, "%s", seen.name);
    } else if (wanted) {
        if (err->class == ERROR_LOST)
            return false;
        say(shared, SIGHT_FAILED, err->message);
    }
    put(replicas, &report);
    judge(shared, limit, &report);
    return true;
}

void replicas_metrics(struct replicas *replicas, struct text *out)
{
    struct replica_report report;
    replicas_tell(replicas, &report);
    if (!report.known)
        return;
    text_printf(out,
                "# HELP segue_gateway_replica_lag_seconds Of the replica that is furthest behind.\n"
                "# TYPE segue_gateway_replica_lag_seconds gauge\nsegue_gateway_replica_lag_seconds %g\n"
                "# HELP segue_gateway_replica_lag_bytes Of the server's log, likewise.\n"
                "# TYPE segue_gateway_replica_lag_bytes gauge\nsegue_gateway_replica_lag_bytes %.0f\n",
                report.seconds, report.bytes);
}
