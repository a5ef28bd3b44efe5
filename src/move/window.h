/* Windows of the day in which work is allowed: "01:00-05:00", "22:30-04:00,12:00-13:00", in minutes of the day. Arithmetic only. */
#ifndef SEGUE_MOVE_WINDOW_H
#define SEGUE_MOVE_WINDOW_H

#include <stdbool.h>

#include "base/error.h"

enum { WINDOWS_MAX = 8 };

struct windows {
    struct {
        int from, to; /* minutes; from > to: over midnight. `to` itself is outside */
    } list[WINDOWS_MAX];
    int n;    /* 0: any time */
    bool utc; /* their times are UTC; else those of the server's session */
};

/* "HH:MM-HH:MM", several with commas between, "UTC" behind the last. ERROR_USAGE. */
bool windows_parse(const char *text, struct windows *out, struct error *err) SEGUE_MUST_CHECK;
/* Whether the minute of the day lies inside one of them. */
bool windows_open(const struct windows *windows, int minute);
/* Minutes until the next one opens; 0: one is open. */
int windows_minutes_to_open(const struct windows *windows, int minute);

#endif
