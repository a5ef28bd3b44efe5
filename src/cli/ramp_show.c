/* segue ramp without a share: the shares that there are, and how breakers stand. */
#include <stdio.h>
#include <string.h>

#include "cli/ramp.h"
#include "cli/report.h"

static json_t *as_json(const struct gateway_version *version)
{
    json_t *out = json_pack("{s:o, s:f, s:f, s:o, s:o}", "version", json_text(version->name), "share",
                            version->share, "reads", version->reads, "breaker", json_text(version->breaker),
                            "reason", json_text(version->tripped));
    if (strcmp(version->breaker, "closed") != 0) {
        (void)json_object_set_new(out, "seconds", json_real(version->seconds));
        (void)json_object_set_new(out, "resumes", json_real(version->resumes));
        (void)json_object_set_new(out, "resumes_reads", json_real(version->resumes_reads));
        (void)json_object_set_new(out, "tried_again_in",
                                  version->again < 0 ? json_null() : json_real(version->again));
    }
    return out;
}

static void print_breaker(const struct gateway_version *version)
{
    if (strcmp(version->breaker, "closed") == 0)
        return;
    printf("  its breaker is %s since %.0f s: %s\n", version->breaker, version->seconds,
           version->tripped ? version->tripped : "");
    if (version->again >= 0)
        printf("  it is tried again in %.0f s\n", version->again);
    else if (strcmp(version->breaker, "open") == 0)
        printf("  it is not tried again by itself (--breaker-probe)\n");
    if (version->resumes > 0)
        printf("  if it does well then, it gets %g %% of the sessions back\n", version->resumes);
    if (version->resumes_reads > 0)
        printf("  if it does well then, it gets %g %% of the reads back\n", version->resumes_reads);
}

static void print_version(const struct gateway_version *version)
{
    printf("%s has %g %% of the sessions", version->name, version->share);
    if (version->reads > 0)
        printf(", and %g %% of the reads of others", version->reads);
    printf(".\n");
    print_breaker(version);
}

json_t *ramp_gateways(const struct gateway_life *lives, size_t n)
{
    json_t *out = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(out, json_pack("{s:o, s:o}", "place", json_text(lives[i].place), "sessions",
                                             json_loads(lives[i].sessions, 0, NULL)));
    return out;
}

bool ramp_show(const struct invocation *call, struct session *session, struct error *err)
{
    struct gateway_view view;
    struct gateway_life *lives;
    size_t n;
    if (!call->engine->gateway->view(session, call->schema, call->arena, &view, err) ||
        !call->engine->gateway->list(session, call->arena, &lives, &n, err))
        return false;
    if (call->json) {
        json_t *versions = json_array();
        for (size_t i = 1; i < view.n_versions; i++)
            json_array_append_new(versions, as_json(&view.versions[i]));
        json_print(json_pack("{s:o, s:o}", "versions", versions, "gateways", ramp_gateways(lives, n)));
        return true;
    }
    if (view.n_versions < 2)
        printf("No version is live beside the one that schema \"%s\" runs on.\n", call->schema);
    for (size_t i = 1; i < view.n_versions; i++)
        print_version(&view.versions[i]);
    for (size_t i = 0; i < n; i++)
        ramp_print_gateway(&lives[i]);
    return true;
}
