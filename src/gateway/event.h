/*
 * The gateway's log: a line an event on standard error, as logfmt or as JSON, each by one write, so that lines of several threads do not mix. No event
 * tells a secret or a statement.
 */
#ifndef SEGUE_GATEWAY_EVENT_H
#define SEGUE_GATEWAY_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum event_level { EVENT_ERROR, EVENT_WARNING, EVENT_INFO, EVENT_DEBUG };

struct event_settings {
    enum event_level level; /* nothing below it is written */
    bool json;
};

struct event {
    struct text line; /* empty: it is not written */
    bool json;
};

/* Begins a line; whatever follows does nothing where the level is not wanted. */
void event_begin(struct event *event, const struct event_settings *settings, enum event_level level,
                 const char *name);
/* NULL is left out. Text of strangers: anything may be in it. */
void event_text(struct event *event, const char *key, const char *value);
void event_count(struct event *event, const char *key, uint64_t value);
void event_seconds(struct event *event, const char *key, double value);
/* Writes the line. */
void event_end(struct event *event);

#endif
