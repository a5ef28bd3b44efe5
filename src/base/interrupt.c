#include "base/interrupt.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>

#include "base/clock.h"

enum { SIGNALS_BEFORE_DEATH = 3, SLEEP_US = 50000 };

/* Lock-free atomics are as safe in a handler as sig_atomic_t and may also be read by other threads. */
/* NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables): the signal flag is one of the few globals. */
static atomic_int signals;
static atomic_int forgotten;
/* NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables) */

static void on_signal(int number)
{
    if (atomic_fetch_add(&signals, 1) + 1 >= SIGNALS_BEFORE_DEATH) {
        (void)signal(number, SIG_DFL);
        (void)raise(number);
    }
}

void interrupt_install(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
}

bool interrupted(void)
{
    return atomic_load(&signals) > atomic_load(&forgotten);
}

int interrupt_count(void)
{
    return atomic_load(&signals);
}

void interrupt_reset(void)
{
    atomic_store(&forgotten, atomic_load(&signals));
}

bool interrupt_sleep(double seconds, struct error *err)
{
    int64_t end = clock_us() + (int64_t)(seconds * 1e6);
    while (clock_us() < end) {
        if (interrupted())
            return error_set(err, ERROR_INTERRUPTED, "interrupted");
        clock_sleep_us(SLEEP_US);
    }
    return true;
}
