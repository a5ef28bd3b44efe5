/* segue ramp: moves sessions between versions, through the gateways. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "cli/command.h"
#include "cli/ramp.h"
#include "cli/report.h"
#include "cli/state.h"
#include "cli/version.h"
#include "gateway/password.h"

enum { LOOKS = 50 };
static const double LOOK_SECONDS = 0.1;

/* The shares of the command line, each from 0 to 100. */
static bool read_shares(const struct invocation *call, double *shares, struct error *err)
{
    for (size_t i = 0; i < call->n_arguments; i++) {
        const char *word = call->arguments[i];
        char *end;
        errno = 0;
        shares[i] = strtod(word, &end);
        if (end == word || *end || errno || !(shares[i] >= 0 && shares[i] <= 100)) {
            error_set(err, ERROR_USAGE, "\"%s\" is no share", word);
            return error_hint(err, "give a number from 0 to 100: percent of the sessions");
        }
    }
    return true;
}

/* Waits until every gateway follows. */
static bool await(const struct invocation *call, struct session *session, int64_t turn, size_t *n,
                  struct gateway_life **lives, struct error *err)
{
    for (int look = 0; look < LOOKS; look++) {
        bool all = true;
        if (!call->engine->gateway->list(session, call->arena, lives, n, err))
            return false;
        for (size_t i = 0; i < *n; i++)
            all = all && (*lives)[i].turn >= turn;
        if (all)
            return true;
        if (!interrupt_sleep(LOOK_SECONDS, err))
            return false;
    }
    error_set(err, ERROR_BUSY, "not all gateways follow yet");
    return error_hint(err, "the share is set; those that cannot reach the database follow when they can");
}

static void print_counts(const char *place, json_t *counts, const char *word)
{
    for (void *at = json_object_iter(counts); at; at = json_object_iter_next(counts, at))
        printf("  %s: %lld %s%s\n", place, (long long)json_integer_value(json_object_iter_value(at)), word,
               json_object_iter_key(at));
}

void ramp_print_gateway(const struct gateway_life *life)
{
    json_t *sessions = json_loads(life->sessions, 0, NULL);
    print_counts(life->place, json_object_get(sessions, "versions"), "on ");
    json_t *staying = json_object_get(sessions, "staying");
    print_counts(life->place, staying, "cannot move: ");
    if (json_object_get(staying, PASSWORD_ASKED_FOR))
        printf(
            "  how they can move without telling the gateway a password: docs/gateway.md, \"Passwords\"\n");
    json_decref(sessions);
}

bool ramp_find(const struct invocation *call, struct session *session, struct arena *arena, const char *name,
               const struct gateway_version **out, struct error *err)
{
    struct gateway_view view;
    *out = NULL;
    if (!call->engine->gateway->view(session, call->schema, arena, &view, err))
        return false;
    for (size_t i = view.n_versions; i-- > 1 && !*out;)
        if (!name || strcmp(view.versions[i].name, name) == 0)
            *out = view.versions + i;
    return true;
}

/* A version that a breaker has taken all sessions from gets some again only by somebody who has read why. */
static bool may_climb(const struct invocation *call, struct session *session, double share, struct error *err)
{
    const char *to = given_value(call, "to");
    const struct gateway_version *version;
    if (share <= 0 || given(call, "force"))
        return true;
    if (!ramp_find(call, session, call->arena, to ? version_schema(call, to) : NULL, &version, err))
        return false;
    if (!version || !version->tripped)
        return true;
    error_set(err, ERROR_REFUSED, "a breaker took all sessions from %s", version->name);
    error_detail(err, "%s", version->tripped);
    return error_hint(err, "mend the version, or segue rollback; --force gives it a share again");
}

bool ramp_to(const struct invocation *call, struct session *session, double share, char *version,
             struct error *err)
{
    int64_t turn;
    size_t n;
    struct gateway_life *lives;
    if (!may_climb(call, session, share, err) ||
        !call->engine->gateway->ramp(session, call->schema, given_value(call, "to"), share,
                                     given(call, "reads"), version, &turn, err) ||
        !await(call, session, turn, &n, &lives, err))
        return false;
    if (call->json) {
        json_print(json_pack("{s:o, s:f, s:o}", "version", json_text(version), "share", share, "gateways",
                             ramp_gateways(lives, n)));
        return true;
    }
    printf("%s gets %g %% of the %s, through %zu gateway%s.\n", version, share,
           given(call, "reads") ? "reads" : "sessions", n, n == 1 ? "" : "s");
    for (size_t i = 0; i < n; i++)
        ramp_print_gateway(&lives[i]);
    if (n == 0)
        printf("  No segue gateway is at work on this database; one that begins follows the share.\n");
    (void)fflush(stdout);
    return true;
}

static bool run(struct invocation *call, struct error *err)
{
    double every_ms = 0;
    double *shares = arena_alloc(call->arena, (call->n_arguments + 1) * sizeof *shares);
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    if (!read_shares(call, shares, err) || !given_duration_ms(call, "every", 0, 8.64e7, &every_ms, err) ||
        !call_open(call, "segue ramp", true, &session, err) || !state_required(call, session, err))
        return false;
    if (given(call, "auto"))
        return ramp_auto(call, session, shares, call->n_arguments, every_ms / 1000, err);
    if (call->n_arguments == 0)
        return ramp_show(call, session, err);
    char version[RAMP_VERSION];
    for (size_t i = 0; i < call->n_arguments; i++)
        if ((i > 0 && !interrupt_sleep(every_ms / 1000, err)) ||
            !ramp_to(call, session, shares[i], version, err))
            return false;
    return true;
}

static const struct command_option options[] = {
    {.name = "to",
     .value = "VERSION",
     .help = "The version that gets the share; without it, the newest that is live."},
    {.name = "reads",
     .help =
         "The share is one of the statements that only read, outside of transactions; the sessions that ask them stay on the version that they are on."},
    {.name = "force", .help = "Give a share to a version again that a breaker took all sessions from."},
    {.name = "auto",
     .help =
         "Climbs by itself, by the shares given or from 1 to 100: each is kept until enough was answered that is well within the breaker's limits. Ends with status 1 and the reason when a breaker takes the sessions back. Interrupted, it leaves the share as it is."},
    {.name = "every",
     .value = "TIME",
     .help = "How long to stay at each share before the next; with --auto, at least.",
     .fallback = "30s"},
    {0},
};

static const struct command_argument arguments[] = {
    {.name = "PERCENT",
     .help =
         "The share of sessions, from 0 to 100; several are gone through in order. Without one, shares are shown.",
     .optional = true,
     .repeated = true},
    {0},
};

static const char *const description[] = {
    "Sets the share of sessions that gateways (segue gateway) put on the new version while both versions are live. A share holds for sessions that are open as well: each is moved "
    "between two transactions, to a backend of the other version, with its settings and prepared statements. Sessions that hold what cannot be made again (temporary tables, advisory locks, "
    "LISTEN, cursors WITH HOLD) stay until they end.",
    "A share of 0 takes all sessions back, and with them the reads (--reads).",
    NULL,
};

static const struct command_example examples[] = {
    {"segue ramp 1 5 25 100 --every 5m", "Moves all sessions to the new version, in four steps."},
    {"segue ramp --auto --every 2m",
     "Moves them as long as the new version does well, and says why when it does not."},
    {"segue ramp", "Shows the shares, and how breakers stand."},
    {"segue ramp --reads 5", "Has every twentieth read answered by the new version; what writes stays."},
    {"segue ramp 0", "Takes all of them back."},
    {0},
};

const struct command command_ramp = {
    .name = "ramp",
    .summary = "move sessions between versions, through the gateways",
    .options = options,
    .arguments = arguments,
    .description = description,
    .examples = examples,
    .run = run,
};
