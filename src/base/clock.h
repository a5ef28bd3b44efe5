/* Time: one monotonic clock for durations, in microseconds. */
#ifndef SEGUE_BASE_CLOCK_H
#define SEGUE_BASE_CLOCK_H

#include <stdint.h>

/* Microseconds since an arbitrary point; never goes back. */
int64_t clock_us(void);
/* Sleeps for about that long; returns early when a signal arrives, so that Ctrl-C is heard at once. */
void clock_sleep_us(int64_t microseconds);

#endif
