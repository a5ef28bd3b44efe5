/* What the console shows. */

#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "gateway/breaker.h"
#include "gateway/console_internal.h"
#include "gateway/replicas.h"
#include "gateway/roll.h"
#include "gateway/rules.h"
#include "gateway/worker.h"

const struct console_column columns_version[] = {{"version", CONSOLE_TEXT}, {0}};

const struct console_column columns_sessions[] = {{"pid", CONSOLE_COUNT},      {"user", CONSOLE_TEXT},
                                                  {"database", CONSOLE_TEXT},  {"application", CONSOLE_TEXT},
                                                  {"client", CONSOLE_TEXT},    {"version", CONSOLE_TEXT},
                                                  {"state", CONSOLE_TEXT},     {"since", CONSOLE_TEXT},
                                                  {"stays", CONSOLE_TEXT},     {"rule", CONSOLE_TEXT},
                                                  {"bytes_in", CONSOLE_COUNT}, {"bytes_out", CONSOLE_COUNT},
                                                  {"tls", CONSOLE_TEXT},       {0}};

const struct console_column columns_versions[] = {
    {"version", CONSOLE_TEXT},   {"role", CONSOLE_TEXT},      {"share", CONSOLE_NUMBER},
    {"sessions", CONSOLE_COUNT}, {"requests", CONSOLE_COUNT}, {"errors", CONSOLE_COUNT},
    {"p50_ms", CONSOLE_NUMBER},  {"p95_ms", CONSOLE_NUMBER},  {"p99_ms", CONSOLE_NUMBER},
    {"breaker", CONSOLE_TEXT},   {"reason", CONSOLE_TEXT},    {0}};

const struct console_column columns_stats[] = {{"uptime_seconds", CONSOLE_COUNT},
                                               {"sessions", CONSOLE_COUNT},
                                               {"starting", CONSOLE_COUNT},
                                               {"idle", CONSOLE_COUNT},
                                               {"active", CONSOLE_COUNT},
                                               {"in_transaction", CONSOLE_COUNT},
                                               {"begun", CONSOLE_COUNT},
                                               {"errors", CONSOLE_COUNT},
                                               {"bytes_in", CONSOLE_COUNT},
                                               {"bytes_out", CONSOLE_COUNT},
                                               {"paused_seconds", CONSOLE_NUMBER},
                                               {"draining", CONSOLE_TEXT},
                                               {"replica", CONSOLE_TEXT},
                                               {"replica_lag_seconds", CONSOLE_NUMBER},
                                               {"replica_lag_bytes", CONSOLE_NUMBER},
                                               {0}};

const struct console_column columns_listen[] = {{"what", CONSOLE_TEXT}, {"where", CONSOLE_TEXT}, {0}};

const struct console_column columns_config[] = {
    {"name", CONSOLE_TEXT}, {"value", CONSOLE_TEXT}, {"reloads", CONSOLE_TEXT}, {0}};

const struct console_column columns_rules[] = {{"place", CONSOLE_TEXT},
                                               {"whom", CONSOLE_TEXT},
                                               {"where", CONSOLE_TEXT},
                                               {"sessions", CONSOLE_COUNT},
                                               {0}};

void show_version(struct caller *caller, const char *argument, struct console_answer *answer)
{
    (void)caller;
    (void)argument;
    console_put(answer, "segue " SEGUE_VERSION);
}

/* As the server prints a timestamp. */
static void put_moment(struct console_answer *answer, int64_t ago_us)
{
    char when[32];
    struct tm utc;
    time_t then = time(NULL) - (time_t)(ago_us / 1000000);
    (void)strftime(when, sizeof when, "%Y-%m-%d %H:%M:%S+00", gmtime_r(&then, &utc));
    console_put(answer, when);
}

void show_sessions(struct caller *caller, const char *argument, struct console_answer *answer)
{
    struct roll_entry *entries;
    size_t n;
    (void)argument;
    roll_call(caller->console->shared, answer->arena, &entries, &n);
    for (size_t i = 0; i < n; i++) {
        const struct roll_entry *entry = &entries[i];
        console_put_count(answer, entry->pid);
        console_put(answer, entry->user);
        console_put(answer, entry->database);
        console_put(answer, entry->application);
        console_put(answer, entry->client);
        console_put(answer, entry->version);
        console_put(answer, entry->doing);
        put_moment(answer, entry->age_us);
        console_put(answer, entry->stays);
        console_put(answer, entry->rule ? rule_place(entry->rule) : NULL);
        console_put_count(answer, entry->bytes_in);
        console_put_count(answer, entry->bytes_out);
        console_put(answer, entry->encrypted ? "on" : "off");
    }
}

static void put_percentile(struct console_answer *answer, const struct metrics_of_version *seen, double share)
{
    if (seen->answers == 0)
        console_put(answer, NULL);
    else
        console_put_number(answer, metrics_percentile(seen, share) / 1000);
}

/* Of a new version; of others there is none. */
static void put_breaker(struct console_answer *answer, const struct shared *shared,
                        const struct version *version)
{
    struct breaker_report report = {0};
    if (version)
        breaker_tell(shared->breaker, version, &report);
    console_put(answer, version ? breaker_word(report.state) : NULL);
    console_put(answer, version && report.reason[0] ? report.reason : NULL);
}

/* share: percent, or below 0: it has none. */
static void put_version(struct console_answer *answer, const struct shared *shared,
                        const struct version *version, const char *role, double share)
{
    struct metrics_of_version seen;
    metrics_sum(shared, version, &seen);
    console_put(answer, version ? version->name : NULL);
    console_put(answer, role);
    if (share < 0)
        console_put(answer, NULL);
    else
        console_put_number(answer, share);
    if (version)
        console_put_count(answer, atomic_load_explicit(&version->sessions, memory_order_relaxed));
    else
        console_put(answer, NULL);
    console_put_count(answer, seen.answers);
    console_put_count(answer, seen.faults);
    put_percentile(answer, &seen, 0.50);
    put_percentile(answer, &seen, 0.95);
    put_percentile(answer, &seen, 0.99);
    put_breaker(answer, shared, strcmp(role, "new") == 0 ? version : NULL);
}

static bool is_live(const struct routes *routes, const struct version *version)
{
    const struct version *live;
    for (size_t i = 0; (live = routes_at(routes, i)); i++)
        if (live == version)
            return true;
    return false;
}

/* The current one, the new ones, those that have been, and what is on none. A session takes the newest version whose share it falls into. */
void show_versions(struct caller *caller, const char *argument, struct console_answer *answer)
{
    struct shared *shared = caller->console->shared;
    struct routes *routes = shared_routes(shared);
    const struct version *version;
    double most = 0;
    (void)argument;
    for (size_t i = 1; routes_at(routes, i); i++)
        if (routes_share(routes, i) > most)
            most = routes_share(routes, i);
    for (size_t i = 0; (version = routes_at(routes, i)); i++)
        put_version(answer, shared, version, i ? "new" : "current",
                    100 * (i ? routes_share(routes, i) : 1 - most));
    for (unsigned id = 0; (version = versions_at(shared->versions, id)); id++)
        if (!is_live(routes, version))
            put_version(answer, shared, version, "past", -1);
    put_version(answer, shared, NULL, "none", -1);
    routes_release(routes);
}

/* The one that is furthest behind, where --breaker-lag looks at them. */
static void put_replica(struct console_answer *answer, struct replicas *replicas)
{
    struct replica_report report;
    replicas_tell(replicas, &report);
    if (!report.known) {
        for (int i = 0; i < 3; i++)
            console_put(answer, NULL);
        return;
    }
    console_put(answer, report.name);
    console_put_number(answer, report.seconds);
    console_put_number(answer, report.bytes);
}

void show_stats(struct caller *caller, const char *argument, struct console_answer *answer)
{
    const struct console *console = caller->console;
    const struct shared *shared = console->shared;
    struct metrics_of_all all;
    int64_t now = clock_us();
    (void)argument;
    metrics_sum_all(shared, &all);
    console_put_count(answer, (uint64_t)((now - console->began_us) / 1000000));
    console_put_count(answer, atomic_load(&shared->sessions));
    for (enum metrics_state state = STATE_STARTING; state <= STATE_IN_TRANSACTION; state++)
        console_put_count(answer, all.sessions[state]);
    console_put_count(answer, all.begun);
    console_put_count(answer, all.errors);
    console_put_count(answer, all.bytes_in);
    console_put_count(answer, all.bytes_out);
    console_put_number(answer, console->pause.on ? (double)(console->pause.until_us - now) / 1e6 : 0);
    console_put(answer, atomic_load(&shared->draining) ? "yes" : "no");
    put_replica(answer, shared->replicas);
}

static void put_place(struct console_answer *answer, const char *what, const char *where)
{
    if (!where)
        return;
    console_put(answer, what);
    console_put(answer, where);
}

void show_listen(struct caller *caller, const char *argument, struct console_answer *answer)
{
    const struct console *console = caller->console;
    const struct gateway_settings *settings = console->shared->settings;
    (void)argument;
    for (size_t i = 0; i < console->listeners.n; i++)
        put_place(answer, "clients", console->listeners.items[i].where);
    put_place(answer, "metrics", settings->metrics);
    put_place(answer, "hand-over", settings->hand_over);
    put_place(answer, "console", console->socket.path);
}

static void put_setting(void *context, const char *name, const char *value, bool reloads)
{
    struct console_answer *answer = context;
    console_put(answer, name);
    console_put(answer, value);
    console_put(answer, reloads ? "yes" : "no");
}

void show_config(struct caller *caller, const char *argument, struct console_answer *answer)
{
    const struct gateway_settings *settings = caller->console->shared->settings;
    (void)argument;
    settings->tell(settings, put_setting, answer);
}

void show_rules(struct caller *caller, const char *argument, struct console_answer *answer)
{
    const struct rules *rules = caller->console->shared->settings->rules;
    const struct rule *rule;
    struct roll_entry *entries;
    size_t n;
    (void)argument;
    roll_call(caller->console->shared, answer->arena, &entries, &n);
    for (size_t i = 0; (rule = rules_at(rules, i)); i++) {
        SEGUE_CLEANUP(text_free) struct text whom = {0};
        SEGUE_CLEANUP(text_free) struct text where = {0};
        uint64_t sessions = 0;
        for (size_t j = 0; j < n; j++)
            sessions += entries[j].rule == rule;
        rule_tell_whom(rule, &whom);
        rule_tell_where(rule, &where);
        console_put(answer, rule_place(rule));
        console_put(answer, text_string(&whom));
        console_put(answer, text_string(&where));
        console_put_count(answer, sessions);
    }
}
