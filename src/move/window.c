#include "move/window.h"

#include <ctype.h>
#include <stddef.h>
#include <strings.h>

enum { DAY = 24 * 60 };

/* "HH:MM" at *text, which moves on; -1: it is none. 24:00 is the end of the day. */
static int minute_of_day(const char **text)
{
    const char *t = *text;
    int hour = 0, minute, digits = 0;
    while (isdigit((unsigned char)*t) && digits++ < 2)
        hour = hour * 10 + (*t++ - '0');
    if (digits == 0 || t[0] != ':' || !isdigit((unsigned char)t[1]) || !isdigit((unsigned char)t[2]))
        return -1;
    minute = (t[1] - '0') * 10 + (t[2] - '0');
    *text = t + 3;
    if (minute > 59 || hour * 60 + minute > DAY)
        return -1;
    return hour * 60 + minute;
}

static void skip_blanks(const char **text)
{
    while (**text == ' ')
        (*text)++;
}

static bool one(const char **text, struct windows *out)
{
    if (out->n == WINDOWS_MAX)
        return false;
    skip_blanks(text);
    int from = minute_of_day(text);
    if (from < 0 || **text != '-')
        return false;
    (*text)++;
    int to = minute_of_day(text);
    if (to < 0 || from == to)
        return false;
    out->list[out->n].from = from % DAY;
    out->list[out->n++].to = to;
    skip_blanks(text);
    return true;
}

bool windows_parse(const char *text, struct windows *out, struct error *err)
{
    const char *at = text;
    *out = (struct windows){0};
    bool good = one(&at, out);
    while (good && *at == ',') {
        at++;
        good = one(&at, out);
    }
    if (good && strcasecmp(at, "UTC") == 0)
        out->utc = true;
    else if (*at)
        good = false;
    if (good)
        return true;
    error_set(err, ERROR_USAGE, "\"%s\" is no window of the day", text);
    return error_hint(
        err,
        "01:00-05:00, or several: 22:00-04:00,12:00-13:00; at most %d, in the server's time zone, or "
        "with UTC behind them",
        WINDOWS_MAX);
}

bool windows_open(const struct windows *windows, int minute)
{
    for (int i = 0; i < windows->n; i++) {
        int from = windows->list[i].from, to = windows->list[i].to;
        if (from < to ? minute >= from && minute < to : minute >= from || minute < to)
            return true;
    }
    return windows->n == 0;
}

int windows_minutes_to_open(const struct windows *windows, int minute)
{
    for (int wait = 0; wait < DAY; wait++)
        if (windows_open(windows, (minute + wait) % DAY))
            return wait;
    return DAY;
}
