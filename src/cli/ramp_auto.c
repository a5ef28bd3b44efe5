/* segue ramp --auto: the share grows as long as what gateways measure is well within the breaker's limits. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "cli/ramp.h"
#include "cli/report.h"
#include "cli/version.h"

enum { ENOUGH = 100 /* answers, of all gateways together */, REASON = 160 };

static const double STEPS[] = {1, 5, 25, 50, 100};

/* What is climbed. */
struct climb {
    const struct invocation *call;
    struct session *session;
    char version[RAMP_VERSION]; /* "": no share was set yet */
    double share;
};

static double share_of(const struct invocation *call, const struct gateway_version *version)
{
    return given(call, "reads") ? version->reads : version->share;
}

/* That the share is still what was set. */
static bool stands(const struct climb *climb, struct error *err)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    const struct gateway_version *version;
    if (!ramp_find(climb->call, climb->session, arena, climb->version, &version, err))
        return false;
    if (!version) {
        error_set(err, ERROR_REFUSED, "%s is no longer live beside the current version", climb->version);
        return error_hint(err, "`segue status` shows what is under way");
    }
    if (version->tripped) {
        error_set(err, ERROR_REFUSED, "a breaker took all sessions from %s, at %g %%", climb->version,
                  climb->share);
        error_detail(err, "%s", version->tripped);
        return error_hint(err, "mend the version, or segue rollback; --force climbs again");
    }
    double share = share_of(climb->call, version);
    if (share != climb->share) {
        error_set(err, ERROR_REFUSED, "somebody else has set the share of %s to %g %%", climb->version,
                  share);
        return error_hint(err, "it stays as it is; --auto goes on from there");
    }
    return true;
}

/* What the gateways have measured of the share. */
struct measured {
    json_int_t answers;
    double errors, p95_ms; /* of the gateway that has the worst ones */
    char waits[REASON];    /* why it has to go on; "": it need not */
};

static double real(json_t *of, const char *name)
{
    return json_number_value(json_object_get(of, name));
}

static void add(struct measured *measured, const char *place, json_t *step)
{
    double errors = real(step, "errors");
    double p95_ms = real(step, "p95_ms");
    const char *verdict = json_string_value(json_object_get(step, "verdict"));
    measured->answers += json_integer_value(json_object_get(step, "answers"));
    measured->errors = errors > measured->errors ? errors : measured->errors;
    measured->p95_ms = p95_ms > measured->p95_ms ? p95_ms : measured->p95_ms;
    if (verdict && strcmp(verdict, "worse") == 0)
        (void)snprintf(
            measured->waits, sizeof measured->waits,
            "not well within the limits at %s: %.2f %% errors (current version: %.2f %%), p95 %.2f ms (%.2f ms), p99 at least %.2f ms (at most %.2f ms)",
            place, errors, real(step, "current_errors"), p95_ms, real(step, "current_p95_ms"),
            real(step, "p99_ms"), real(step, "current_p99_ms"));
}

static bool measure(const struct climb *climb, struct measured *out, struct error *err)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct gateway_life *lives;
    size_t n;
    *out = (struct measured){0};
    if (!climb->call->engine->gateway->list(climb->session, arena, &lives, &n, err))
        return false;
    if (n == 0) {
        error_set(err, ERROR_REFUSED, "no gateway is at work that would measure how %s does", climb->version);
        return error_hint(err, "segue gateway; the share stays as it is");
    }
    for (size_t i = 0; i < n; i++) {
        json_t *sessions = json_loads(lives[i].sessions, 0, NULL);
        add(out, lives[i].place, json_object_get(json_object_get(sessions, "steps"), climb->version));
        json_decref(sessions);
    }
    if (!out->waits[0] && out->answers < ENOUGH)
        (void)snprintf(out->waits, sizeof out->waits, "for more answers than the %lld so far",
                       (long long)out->answers);
    return true;
}

static void say_held(const struct climb *climb, const struct measured *measured, double seconds)
{
    if (climb->call->json)
        json_print(json_pack("{s:o, s:f, s:f, s:I, s:f, s:f}", "version", json_text(climb->version), "share",
                             climb->share, "held_seconds", seconds, "answers", measured->answers, "errors",
                             measured->errors, "p95_ms", measured->p95_ms));
    else
        printf("  %g %% held for %.0f s: %lld answers, %.2f %% errors, p95 %.2f ms.\n", climb->share, seconds,
               (long long)measured->answers, measured->errors, measured->p95_ms);
    (void)fflush(stdout);
}

/* Stays at a share for so long, and until what is measured lets it grow. */
static bool hold(const struct climb *climb, double seconds, struct error *err)
{
    struct measured measured = {0};
    int64_t begun_us = clock_us();
    double passed = 0;
    bool said = false;
    do {
        if (!interrupt_sleep(1, err) || !stands(climb, err) || !measure(climb, &measured, err))
            return false;
        passed = (double)(clock_us() - begun_us) / 1e6;
        if (passed >= seconds && measured.waits[0] && !said && !climb->call->json) {
            printf("  waits: %s\n", measured.waits);
            (void)fflush(stdout);
            said = true;
        }
    } while (passed < seconds || measured.waits[0]);
    say_held(climb, &measured, passed);
    return true;
}

static bool go_through(struct climb *climb, const double *shares, size_t n, double seconds, struct error *err)
{
    for (size_t i = 0; i < n; i++) {
        climb->share = shares[i];
        if (!ramp_to(climb->call, climb->session, shares[i], climb->version, err))
            return false;
        if (!hold(climb, seconds, err))
            return false;
    }
    return true;
}

/* The steps of those that nobody named: from the present share on, so that no session is moved back. */
static bool plan(const struct invocation *call, struct session *session, double *shares, size_t *n,
                 struct error *err)
{
    const char *to = given_value(call, "to");
    const struct gateway_version *version;
    if (!ramp_find(call, session, call->arena, to ? version_schema(call, to) : NULL, &version, err))
        return false;
    double present = version ? share_of(call, version) : 0;
    for (size_t i = 0; i < SEGUE_COUNT(STEPS); i++)
        if (STEPS[i] >= present)
            shares[(*n)++] = STEPS[i];
    return true;
}

bool ramp_auto(const struct invocation *call, struct session *session, const double *shares, size_t n,
               double seconds, struct error *err)
{
    struct climb climb = {.call = call, .session = session};
    double planned[SEGUE_COUNT(STEPS)];
    if (n == 0) {
        if (!plan(call, session, planned, &n, err))
            return false;
        shares = planned;
    }
    bool good = go_through(&climb, shares, n, seconds, err);
    if (!good && err->class == ERROR_INTERRUPTED && climb.version[0])
        error_detail(err, "%s keeps %g %% of the %s", climb.version, climb.share,
                     given(call, "reads") ? "reads" : "sessions");
    return good;
}
