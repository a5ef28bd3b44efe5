#include "gateway/event.h"

#include <inttypes.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void key_of(struct event *event, const char *key)
{
    if (event->json)
        text_printf(&event->line, "%s\"%s\":", event->line.length > 1 ? "," : "", key);
    else
        text_printf(&event->line, "%s%s=", event->line.length > 0 ? " " : "", key);
}

/* Of JSON's rules, which do for logfmt as well. */
static void quote(struct text *out, const char *value)
{
    text_append_char(out, '"');
    for (const unsigned char *at = (const unsigned char *)value; *at; at++)
        if (*at == '"' || *at == '\\')
            text_printf(out, "\\%c", *at);
        else if (*at < ' ' || *at >= 0x7f)
            text_printf(out, "\\u%04x", *at); /* no line of its own making, no escape of a terminal */
        else
            text_append_char(out, (char)*at);
    text_append_char(out, '"');
}

static bool is_plain(const char *value)
{
    for (const unsigned char *at = (const unsigned char *)value; *at; at++)
        if (*at <= ' ' || *at >= 0x7f || strchr("\"\\=", *at))
            return false;
    return *value != '\0';
}

void event_begin(struct event *event, const struct event_settings *settings, enum event_level level,
                 const char *name)
{
    static const char *const levels[] = {"error", "warning", "info", "debug"};
    *event = (struct event){.json = settings->json};
    if (level > settings->level)
        return;
    if (event->json)
        text_append_char(&event->line, '{');
    struct timespec now;
    struct tm utc;
    char when[32];
    (void)clock_gettime(CLOCK_REALTIME, &now);
    size_t n = strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%S", gmtime_r(&now.tv_sec, &utc));
    when[n] = '\0';
    key_of(event, "time");
    const char *mark = event->json ? "\"" : "";
    text_printf(&event->line, "%s%s.%03ldZ%s", mark, when, now.tv_nsec / 1000000, mark);
    event_text(event, "level", levels[level]);
    event_text(event, "event", name);
}

void event_text(struct event *event, const char *key, const char *value)
{
    if (event->line.length == 0 || !value)
        return;
    key_of(event, key);
    if (event->json || !is_plain(value))
        quote(&event->line, value);
    else
        text_append(&event->line, value);
}

void event_count(struct event *event, const char *key, uint64_t value)
{
    if (event->line.length == 0)
        return;
    key_of(event, key);
    text_printf(&event->line, "%" PRIu64, value);
}

void event_seconds(struct event *event, const char *key, double value)
{
    if (event->line.length == 0)
        return;
    key_of(event, key);
    text_printf(&event->line, "%.3f", value);
}

void event_end(struct event *event)
{
    if (event->line.length == 0)
        return;
    text_append(&event->line, event->json ? "}\n" : "\n");
    /* A log that nobody takes must not stop the gateway: what cannot be written now is lost. A pipe that is ready takes a line whole (PIPE_BUF). */
    struct pollfd log = {.fd = STDERR_FILENO, .events = POLLOUT};
    if (poll(&log, 1, 0) == 1) {
        ssize_t written = write(STDERR_FILENO, event->line.data, event->line.length);
        (void)written;
    }
    text_free(&event->line);
}
