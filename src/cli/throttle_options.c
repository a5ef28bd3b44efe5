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

bool throttle_options(const struct invocation *call, struct run_settings *out, struct error *err)
{
    const char *p95 = given_value(call, "max-p95"), *lag = given_value(call, "max-lag");
    const char *window = given_value(call, "window");
    double lag_ms = out->max_lag_seconds * 1000;
    if (p95 && !max_p95(p95, out, err))
        return false;
    if (lag && strcmp(lag, "off") == 0)
        lag_ms = 0;
    else if (!given_duration_ms(call, "max-lag", 100, MOST_LAG_MS, &lag_ms, err))
        return false;
    out->max_lag_seconds = lag_ms / 1000;
    out->throttle_query = given_value(call, "throttle-query");
    return !window || windows_parse(window, &out->windows, err);
}
