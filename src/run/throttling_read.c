/* From what the server tells to the readings of the throttle. */

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "run/throttling_internal.h"

/* A server on which fewer sessions than that run statements is not crowded, however few there were before. */
static const double LEAST_SESSIONS_CEILING = 8;
static const double WEIGHT = 0.3;
static const double LONGEST_LAG_MARKED = 60;

void throttling_observe_init(struct throttling *throttling)
{
    throttling->observed = (struct observed){0};
    lag_init(&throttling->observed.lag, fmax(throttling->settings->max_lag_seconds, LONGEST_LAG_MARKED));
}

static void take(struct throttle_reading *out, const struct server_signal *signal)
{
    out->readable = signal->readable;
    out->value = signal->value;
    (void)snprintf(out->why, sizeof out->why, "%s", signal->why);
}

static void read_lag(struct observed *seen, double ceiling, double now, struct throttle_reading *lag,
                     struct throttle_reading *gone)
{
    const struct server_signals *server = &seen->now;
    if (server->position.readable)
        lag_mark(&seen->lag, server->position.value, now);
    bool any = !server->standbys.readable || server->standbys.value > 0;
    lag->wanted = ceiling > 0 && any;
    lag->ceiling = ceiling;
    take(lag, &server->replayed);
    if (lag->readable && any)
        lag->value = fmax(lag_seconds(&seen->lag, server->replayed.value, now), server->reported_lag.value);
    gone->wanted = ceiling > 0 && server->standbys.readable;
    gone->readable = true;
    if (server->standbys.readable)
        seen->most_standbys = fmax(seen->most_standbys, server->standbys.value);
    gone->value = seen->most_standbys - server->standbys.value;
}

static void read_wal(struct observed *seen, double now, struct throttle_reading *out)
{
    const struct server_signals *server = &seen->now;
    take(out, &server->position);
    out->wanted = true;
    out->ceiling = server->position_ceiling;
    if (!server->position.readable)
        return;
    if (seen->read_at > 0 && now > seen->read_at) {
        double rate = (server->position.value - seen->position) / (now - seen->read_at);
        seen->wal_rate += (rate - seen->wal_rate) * WEIGHT;
    }
    seen->position = server->position.value;
    out->value = seen->wal_rate;
}

/* Checkpoints a minute from the time between the last two, which counts as longer the longer there was none. */
static void read_checkpoints(struct observed *seen, double now, struct throttle_reading *out)
{
    const struct server_signals *server = &seen->now;
    take(out, &server->checkpoints);
    out->wanted = true;
    out->ceiling = server->checkpoints_ceiling;
    out->value = 0;
    if (!server->checkpoints.readable)
        return;
    if (seen->read_at > 0 && server->checkpoints.value > seen->checkpoints) {
        seen->forced_apart = seen->forced_at > 0 ? now - seen->forced_at : 0;
        seen->forced_at = now;
    }
    seen->checkpoints = server->checkpoints.value;
    if (seen->forced_apart > 0)
        out->value = 60 / fmax(seen->forced_apart, now - seen->forced_at);
}

static void read_window(const struct throttling *throttling, struct throttle_reading *out)
{
    const struct windows *windows = &throttling->settings->windows;
    const struct server_signals *server = &throttling->observed.now;
    const struct server_signal *minute = windows->utc ? &server->minute_utc : &server->minute_here;
    take(out, minute);
    out->wanted = windows->n > 0;
    if (minute->readable)
        out->value = windows_minutes_to_open(windows, (int)minute->value);
}

static void take_ceilings(const struct run_settings *settings, struct throttle_reading *out)
{
    for (int i = 0; i < SIGNAL_COUNT; i++) {
        out[i].wanted = out[i].wanted && settings->ceilings[i] >= 0;
        out[i].given = settings->ceilings[i] > 0;
        if (out[i].given)
            out[i].ceiling = settings->ceilings[i];
    }
}

void throttling_readings(struct throttling *throttling, double now, struct throttle_reading *out, bool *quiet)
{
    struct observed *seen = &throttling->observed;
    for (int i = 0; i < SIGNAL_COUNT; i++)
        out[i] = (struct throttle_reading){0};
    read_lag(seen, throttling->settings->max_lag_seconds, now, &out[SIGNAL_LAG], &out[SIGNAL_STANDBYS]);
    take(&out[SIGNAL_SESSIONS], &seen->now.sessions);
    take(&out[SIGNAL_LOCKS], &seen->now.lock_waits);
    out[SIGNAL_SESSIONS].wanted = out[SIGNAL_LOCKS].wanted = true;
    out[SIGNAL_SESSIONS].ceiling = LEAST_SESSIONS_CEILING;
    read_wal(seen, now, &out[SIGNAL_WAL]);
    read_checkpoints(seen, now, &out[SIGNAL_CHECKPOINTS]);
    take(&out[SIGNAL_QUERY], &seen->now.query);
    out[SIGNAL_QUERY].wanted = throttling->settings->throttle_query != NULL;
    throttling_statements_reading(throttling, &out[SIGNAL_STATEMENTS]);
    read_window(throttling, &out[SIGNAL_WINDOW]);
    seen->read_at = now;
    take_ceilings(throttling->settings, out);
    *quiet = seen->now.at_work.readable && seen->now.at_work.value == 0;
    /* What only guards statements that nobody asked to guard. */
    if (!throttling->probing)
        for (int i = 0; i < SIGNAL_COUNT; i++)
            out[i].wanted = out[i].wanted && (i == SIGNAL_QUERY || i == SIGNAL_WINDOW || i == SIGNAL_LAG);
}

static json_t *probe_json(const struct latency *latency, bool readable, const char *why)
{
    return json_pack("{s:b, s:f, s:f, s:f, s:f, s:s?}", "readable", readable, "p95_ms",
                     latency_p95(latency) * 1e3, "baseline_ms", latency->baseline * 1e3, "limit_ms",
                     latency_limit(latency) * 1e3, "duty", latency_duty(latency), "why",
                     readable ? NULL : why);
}

char *throttling_json(const struct throttling *throttling)
{
    const struct throttle *throttle = &throttling->throttle;
    json_t *all = json_object(), *probes = json_object(), *signals = json_object();
    for (int i = 0; i < PROBE_KINDS && throttle->probing; i++)
        json_object_set_new(
            probes, throttle_probe_key((enum throttle_probe)i),
            probe_json(&throttle->probes[i], throttle->probe_readable[i], throttle->probe_why[i]));
    for (int i = 0; i < SIGNAL_COUNT; i++) {
        const struct throttle_reading *reading = &throttle->readings[i];
        if (reading->wanted)
            json_object_set_new(signals, throttle_signal_key((enum throttle_signal)i),
                                json_pack("{s:b, s:f, s:f, s:s?}", "readable", reading->readable, "value",
                                          reading->value, "ceiling", reading->ceiling, "why",
                                          reading->readable ? NULL : reading->why));
    }
    json_object_set_new(all, "measuring", json_boolean(!throttle->begun));
    json_object_set_new(all, "quiet", json_boolean(throttle->quiet));
    json_object_set_new(all, "probes", probes);
    json_object_set_new(all, "signals", signals);
    char *text = json_dumps(all, JSON_COMPACT);
    json_decref(all);
    return text;
}
