#include "gateway/reload.h"

#include "gateway/event.h"

static void say(const struct shared *shared, enum event_level level, const char *name, const char *key,
                const char *value, const char *where)
{
    struct event event;
    event_begin(&event, &shared->settings->events, level, name);
    event_text(&event, key, value);
    event_text(&event, "where", where);
    event_end(&event);
}

static bool failed(const struct shared *shared, const struct error *err)
{
    say(shared, EVENT_ERROR, "reload_failed", "reason", err->message, err->where[0] ? err->where : NULL);
    return false;
}

static bool read_all(struct shared *shared, struct error *err)
{
    const struct gateway_settings *now = shared->settings, *next = now;
    SEGUE_CLEANUP(text_free) struct text fixed = {0};
    error_clear(err);
    if (now->reread && !now->reread(now, &next, &fixed, err))
        return failed(shared, err);
    if (shared->client_tls && !tls_context_reload(shared->client_tls, &next->tls, err))
        return failed(shared, err);
    bool good = !shared->server_tls || tls_context_reload(shared->server_tls, NULL, err);
    if (!good) /* the server's side is no part of the settings that may change */
        (void)failed(shared, err);
    if (fixed.length > 0)
        say(shared, EVENT_WARNING, "restart_needed", "settings", text_string(&fixed), NULL);
    shared->settings = next;
    shared_look(shared);
    say(shared, EVENT_INFO, "reload", NULL, NULL, NULL);
    return good;
}

bool reload(struct shared *shared, struct error *err)
{
    (void)pthread_mutex_lock(&shared->reload_lock);
    bool good = read_all(shared, err);
    (void)pthread_mutex_unlock(&shared->reload_lock);
    return good;
}
