#include "base/latch.h"

#include <errno.h>
#include <time.h>

void latch_init(struct latch *latch)
{
    pthread_condattr_t attributes;
    (void)pthread_condattr_init(&attributes);
    /* A clock that somebody sets must not wake the waiter too early, nor too late. */
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    (void)pthread_mutex_init(&latch->lock, NULL);
    (void)pthread_cond_init(&latch->left, &attributes);
    (void)pthread_condattr_destroy(&attributes);
    latch->inside = 0;
}

void latch_destroy(struct latch *latch)
{
    (void)pthread_cond_destroy(&latch->left);
    (void)pthread_mutex_destroy(&latch->lock);
}

void latch_enter(struct latch *latch)
{
    (void)pthread_mutex_lock(&latch->lock);
    latch->inside++;
    (void)pthread_mutex_unlock(&latch->lock);
}

/* Signalled under the lock: the waiter may destroy the latch as soon as it can take it. */
void latch_leave(struct latch *latch)
{
    (void)pthread_mutex_lock(&latch->lock);
    if (--latch->inside == 0)
        (void)pthread_cond_broadcast(&latch->left);
    (void)pthread_mutex_unlock(&latch->lock);
}

static struct timespec after(double seconds)
{
    struct timespec at;
    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    long nanoseconds = at.tv_nsec + (long)((seconds - (double)(long)seconds) * 1e9);
    at.tv_sec += (time_t)seconds + nanoseconds / 1000000000L;
    at.tv_nsec = nanoseconds % 1000000000L;
    return at;
}

bool latch_wait(struct latch *latch, double seconds)
{
    const struct timespec until = after(seconds);
    int late = 0;
    (void)pthread_mutex_lock(&latch->lock);
    while (latch->inside > 0 && late != ETIMEDOUT)
        late = pthread_cond_timedwait(&latch->left, &latch->lock, &until);
    bool empty = latch->inside == 0;
    (void)pthread_mutex_unlock(&latch->lock);
    return empty;
}
