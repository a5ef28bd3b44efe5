/* Numbers that the migration itself takes from sequences, and sequences that are behind their columns. */

#include <string.h>

#include "rehearse/rehearse_internal.h"

static bool read(struct rehearsal *rehearsal, struct observed_sequence **out, size_t *n, struct error *err)
{
    const struct engine *engine = rehearsal->settings->engine;
    const struct session_settings settings = {.url = place_url(rehearsal, rehearsal->quiet.database),
                                              .application_name = "segue rehearse"};
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    return engine->open(&settings, &session, err) &&
           engine->observe_sequences(session, rehearsal->arena, out, n, err);
}

bool sequences_before(struct rehearsal *rehearsal, struct error *err)
{
    struct observed_sequence *found = NULL;
    size_t n = 0;
    if (!read(rehearsal, &found, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        const struct sequence_step step = {.before = found[i]};
        ARENA_PUSH(rehearsal->arena, rehearsal->sequences, rehearsal->n_sequences, step);
    }
    return true;
}

static struct sequence_step *step_of(struct rehearsal *rehearsal, const char *name)
{
    for (size_t i = 0; i < rehearsal->n_sequences; i++)
        if (rehearsal->sequences[i].before.name && strcmp(rehearsal->sequences[i].before.name, name) == 0)
            return &rehearsal->sequences[i];
    const struct sequence_step fresh = {0};
    ARENA_PUSH(rehearsal->arena, rehearsal->sequences, rehearsal->n_sequences, fresh);
    return &rehearsal->sequences[rehearsal->n_sequences - 1];
}

bool sequences_after(struct rehearsal *rehearsal, struct error *err)
{
    struct observed_sequence *found = NULL;
    size_t n = 0;
    if (!read(rehearsal, &found, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        step_of(rehearsal, found[i].name)->after = found[i];
    return true;
}
