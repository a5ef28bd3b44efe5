/* Work that cannot be paced (a scan, an index build) can still begin at the right time: not outside the window, and not while the
 * operator's query says no. */

#include <stdio.h>
#include <string.h>

#include "run/executor_internal.h"
#include "run/throttling.h"

static const double HOLD_LOOK_SECONDS = 0.5;

/* Why the step must not begin now; nothing: it may. */
static void reason(const struct run_settings *settings, const struct server_signals *signals, char *out,
                   size_t size)
{
    const struct windows *windows = &settings->windows;
    const struct server_signal *minute = windows->utc ? &signals->minute_utc : &signals->minute_here;
    int left = minute->readable ? windows_minutes_to_open(windows, (int)minute->value) : 0;
    *out = '\0';
    if (settings->throttle_query && !signals->query.readable)
        (void)snprintf(out, size, "--throttle-query cannot be read: %s", signals->query.why);
    else if (settings->throttle_query && signals->query.value > 0)
        (void)snprintf(out, size, "--throttle-query says %g", signals->query.value);
    else if (windows->n > 0 && left > 0)
        (void)snprintf(out, size, "the window opens in %d:%02d hours", left / 60, left % 60);
}

bool throttling_hold(struct executor *executor, const struct step *step, struct error *err)
{
    const struct run_settings *settings = executor->settings;
    struct server_signals signals = {0};
    char why[300];
    bool said = false;
    while (settings->throttle_query || settings->windows.n > 0) {
        if (!executor->engine->read_signals(executor->session, settings->throttle_query, &signals, err))
            return false;
        reason(settings, &signals, why, sizeof why);
        if (!*why)
            break;
        if (!said)
            report_message(executor, "%s is not begun yet: %s", step->title, why);
        said = true;
        executor_sleep(HOLD_LOOK_SECONDS);
        if (!executor_checkpoint(executor, err))
            return false;
    }
    if (said)
        report_message(executor, "going on");
    return true;
}
