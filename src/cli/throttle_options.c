#include "cli/throttle_options.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/parse.h"

static const double MOST_RATIO = 100, LEAST_MS = 0.01, MOST_MS = 60e3, MOST_LAG_MS = 86400e3;

static bool refuse_p95(const char *value, struct error *err)
{
    error_set(err, ERROR_USAGE, "--max-p95 %s is no limit", value);
    return error_hint(err, "1.1 (a ratio, from 1 to %.0f), 10%% (so much longer), 5ms (a time), or off",
                      MOST_RATIO);
}

static bool max_p95(const char *value, struct run_settings *out, struct error *err)
{
    char *end;
    double number = strtod(value, &end), ms;
    out->max_p95_ratio = out->max_p95_seconds = 0;
    if (strcmp(value, "off") == 0)
        return true;
    if (end == value || !isfinite(number) || number < 0)
        return refuse_p95(value, err);
    if (strcmp(end, "%") == 0 || !*end) {
        out->max_p95_ratio = *end ? 1 + number / 100 : number;
        bool good = out->max_p95_ratio >= 1 && out->max_p95_ratio <= MOST_RATIO;
        return good || refuse_p95(value, err);
    }
    if (!parse_duration_ms(value, &ms) || ms < LEAST_MS || ms > MOST_MS)
        return refuse_p95(value, err);
    out->max_p95_seconds = ms / 1000;
    return true;
}

/* What has a ceiling of its own, and how it is called. */
static const struct {
    const char *name;
    enum throttle_signal signal;
} ceilings[] = {{"sessions", SIGNAL_SESSIONS},
                {"lock-waits", SIGNAL_LOCKS},
                {"wal", SIGNAL_WAL},
                {"checkpoints", SIGNAL_CHECKPOINTS},
                {"statements", SIGNAL_STATEMENTS}};

static bool refuse_ceiling(const char *value, struct error *err)
{
    error_set(err, ERROR_USAGE, "--ceiling %s is none", value);
    return error_hint(
        err, "sessions=N, lock-waits=N, wal=NMB (a second), checkpoints=N (a minute) or statements=N "
             "(times as long as before); or off in place of N");
}

/* "off", or a number above 0; of WAL with its unit. */
static bool ceiling_value(const char *text, bool bytes, double *out)
{
    static const struct {
        const char *name;
        double bytes;
    } units[] = {{"kB", 1e3}, {"MB", 1e6}, {"GB", 1e9}};
    char *end;
    double number = strtod(text, &end);
    if (strcmp(text, "off") == 0) {
        *out = -1;
        return true;
    }
    if (end == text || !isfinite(number) || number <= 0)
        return false;
    *out = number;
    if (!bytes)
        return !*end;
    for (size_t i = 0; i < SEGUE_COUNT(units); i++) {
        if (strcmp(end, units[i].name) == 0) {
            *out = number * units[i].bytes;
            return true;
        }
    }
    return false;
}

static bool one_ceiling(const char *value, struct run_settings *out, struct error *err)
{
    const char *equals = strchr(value, '=');
    for (size_t i = 0; equals && i < SEGUE_COUNT(ceilings); i++) {
        size_t length = (size_t)(equals - value);
        if (strlen(ceilings[i].name) == length && strncmp(value, ceilings[i].name, length) == 0)
            return ceiling_value(equals + 1, ceilings[i].signal == SIGNAL_WAL,
                                 &out->ceilings[ceilings[i].signal]) ||
                   refuse_ceiling(value, err);
    }
    return refuse_ceiling(value, err);
}

bool throttle_options(const struct invocation *call, struct run_settings *out, struct error *err)
{
    const char *p95 = given_value(call, "max-p95"), *lag = given_value(call, "max-lag");
    const char *window = given_value(call, "window");
    size_t n;
    const char **list = given_values(call, "ceiling", &n);
    double lag_ms = out->max_lag_seconds * 1000;
    if (p95 && !max_p95(p95, out, err))
        return false;
    if (lag && strcmp(lag, "off") == 0)
        lag_ms = 0;
    else if (!given_duration_ms(call, "max-lag", 100, MOST_LAG_MS, &lag_ms, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!one_ceiling(list[i], out, err))
            return false;
    out->max_lag_seconds = lag_ms / 1000;
    out->throttle_query = given_value(call, "throttle-query");
    return !window || windows_parse(window, &out->windows, err);
}
