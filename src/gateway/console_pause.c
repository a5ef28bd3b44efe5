/* PAUSE and RESUME: what begins waits, for a time that is said before. */

#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "gateway/console_internal.h"
#include "gateway/event.h"
#include "gateway/hold.h"
#include "gateway/roll.h"

static const double SECONDS = 10, SECONDS_MAX = 600;

static void say(const struct console *console, enum event_level level, const char *name, double seconds)
{
    struct event event;
    event_begin(&event, &console->shared->settings->events, level, name);
    event_seconds(&event, "seconds", seconds);
    event_end(&event);
}

static double since_begin(const struct pause *pause)
{
    return (double)(clock_us() - pause->began_us) / 1e6;
}

/* Lets all go. */
static void end(struct console *console, enum event_level level, const char *name)
{
    console->pause.on = false;
    console_hurry(console, false);
    hold_until(console->shared, HOLD_OF_OPERATOR, 0);
    say(console, level, name, since_begin(&console->pause));
}

/* Whoever waits for transactions to end hears that they will not be waited for. */
static void tell_failure(struct console *console, const char *sqlstate, const char *hint, const char *message)
{
    struct caller *waiter = console->pause.waiter;
    console->pause.waiter = NULL;
    if (!waiter)
        return;
    struct console_answer *answer = console_answer_new();
    console_fail(answer, sqlstate, hint, "%s", message);
    caller_answered(waiter, answer);
}

static void succeed(struct console *console, struct console_answer *answer)
{
    const struct pause *pause = &console->pause;
    double left = (double)(pause->until_us - clock_us()) / 1e6;
    answer->tag = "PAUSE";
    if (pause->busy == 0)
        console_note(answer,
                     "no session was in a transaction; what begins waits until RESUME, at most %.1f s", left);
    else
        console_note(
            answer,
            "%u session%s in a transaction, the last of which ended after %.3f s; what begins waits until RESUME, at most %.1f s more",
            pause->busy, pause->busy == 1 ? " was" : "s were", since_begin(pause), left);
}

static bool read_seconds(const char *argument, double *out)
{
    char *end = NULL;
    *out = SECONDS;
    if (!*argument)
        return true;
    *out = strtod(argument, &end);
    return end != argument && (!*end || ((*end == 'S' || *end == 's') && !end[1])) && isfinite(*out) &&
           *out > 0 && *out <= SECONDS_MAX;
}

void pause_begin(struct caller *caller, const char *argument, struct console_answer *answer)
{
    struct console *console = caller->console;
    struct pause *pause = &console->pause;
    double seconds;
    if (!read_seconds(argument, &seconds)) {
        console_fail(answer, "22023", "PAUSE 30, for instance; without a number it is 10 seconds",
                     "PAUSE takes seconds, more than 0 and at most %g", SECONDS_MAX);
        return;
    }
    if (atomic_load(&console->shared->draining)) {
        console_fail(answer, "57P03", NULL, "the gateway is shutting down");
        return;
    }
    if (pause->on) {
        console_fail(answer, "55006", "RESUME ends it", "sessions are paused already, for %.1f s more",
                     (double)(pause->until_us - clock_us()) / 1e6);
        return;
    }
    *pause = (struct pause){.on = true, .began_us = clock_us()};
    pause->until_us = pause->began_us + (int64_t)(seconds * 1e6);
    hold_until(console->shared, HOLD_OF_OPERATOR, pause->until_us);
    console_hurry(console, true);
    say(console, EVENT_INFO, "pause", seconds);
    /* From here on nothing begins: each worker counts after it has learned so. */
    pause->busy = pause->busy_now = roll_count_busy(console->shared);
    answer->waits = pause->busy > 0;
    if (answer->waits)
        pause->waiter = caller;
    else
        succeed(console, answer);
}

void pause_end(struct caller *caller, const char *argument, struct console_answer *answer)
{
    struct console *console = caller->console;
    (void)argument;
    answer->tag = "RESUME";
    if (!console->pause.on) {
        console_note(answer, "nothing was paused");
        return;
    }
    end(console, EVENT_INFO, "resume");
    tell_failure(console, "57014", NULL, "RESUME ended the pause before all transactions had");
}

void pause_give_up(struct caller *caller, bool tell)
{
    struct console *console = caller->console;
    if (console->pause.waiter != caller)
        return;
    if (!tell)
        console->pause.waiter = NULL;
    end(console, EVENT_INFO, "resume");
    tell_failure(console, "57014", NULL, "the pause was cancelled; sessions go on");
}

/* Its time is over. */
static void expire(struct console *console)
{
    char message[128];
    unsigned busy = console->pause.busy_now;
    (void)snprintf(message, sizeof message,
                   "%u session%s still in a transaction after %.1f s; sessions go on", busy,
                   busy == 1 ? " was" : "s were", since_begin(&console->pause));
    end(console, EVENT_WARNING, "pause_over");
    tell_failure(console, "57014",
                 "SHOW SESSIONS names them, KILL ends one; PAUSE with more seconds waits longer", message);
}

void pause_look(struct console *console)
{
    struct pause *pause = &console->pause;
    if (!pause->on)
        return;
    if (atomic_load(&console->shared->draining)) {
        end(console, EVENT_INFO, "resume");
        tell_failure(console, "57P03", NULL, "the gateway is shutting down; sessions go on");
    } else if (clock_us() >= pause->until_us) {
        expire(console);
    } else if (pause->waiter && (pause->busy_now = roll_count_busy(console->shared)) == 0) {
        struct caller *waiter = pause->waiter;
        struct console_answer *answer = console_answer_new();
        pause->waiter = NULL;
        succeed(console, answer);
        caller_answered(waiter, answer);
    }
}
