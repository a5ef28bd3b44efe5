#include "gateway/breaker_rows.h"

#include <string.h>

#include "engine/engine.h"
#include "gateway/breaker.h"
#include "gateway/event.h"

/* What cannot be written, for want of a privilege perhaps, is so no less: sessions stay where they are, and it is tried again. */
static bool goes_on(const struct shared *shared, const struct version *version, const struct error *err)
{
    struct event event;
    if (err->class == ERROR_LOST)
        return false;
    event_begin(&event, &shared->settings->events, EVENT_ERROR, "breaker_unwritten");
    event_text(&event, "version", version->name);
    event_text(&event, "reason", err->message);
    event_end(&event);
    return true;
}

bool breaker_rows_write(struct shared *shared, struct session *session, struct error *err)
{
    const struct gateway_settings *settings = shared->settings;
    const struct gateway_engine *engine = settings->engine->gateway;
    const struct version *version;
    char reason[JUDGE_REASON];
    while ((version = breaker_untold(shared->breaker, reason))) {
        if (!engine->trip(session, settings->schema, version->name, reason, settings->probe_seconds, err))
            return goes_on(shared, version, err);
        breaker_told(shared->breaker, version);
    }
    while ((version = breaker_recovered(shared->breaker)))
        if (!engine->recover(session, settings->schema, version->name, err) && !goes_on(shared, version, err))
            return false;
    return true;
}

static enum breaker_state state_of(const char *word)
{
    enum breaker_state state = BREAKER_HALF_OPEN;
    while (state > BREAKER_CLOSED && strcmp(word, breaker_word(state)) != 0)
        state--;
    return state;
}

bool breaker_rows_follow(struct shared *shared, struct session *session, const struct gateway_view *view,
                         struct error *err)
{
    const struct gateway_settings *settings = shared->settings;
    for (size_t i = 1; i < view->n_versions; i++) {
        const struct gateway_version *seen = &view->versions[i];
        const struct version *version = versions_get(shared->versions, seen->name);
        if (version)
            breaker_follow(shared->breaker, version, state_of(seen->breaker),
                           seen->tripped ? seen->tripped : "");
        if (version && seen->again == 0 &&
            !settings->engine->gateway->probe(session, settings->schema, seen->name, err) &&
            !goes_on(shared, version, err))
            return false;
    }
    return true;
}
