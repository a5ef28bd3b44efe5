#include "runbook/rehearsed.h"

#include <jansson.h>
#include <string.h>

static void json_cleanup(json_t **json)
{
    json_decref(*json);
}

static bool refuse(struct error *err)
{
    error_set(err, ERROR_USAGE, "this is not what segue rehearse --json writes");
    return error_hint(err, "segue rehearse --json FILE >rehearsal.json");
}

static const char *text(struct arena *arena, const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));
    return arena_strdup(arena, value ? value : "");
}

bool rehearsed_from_json(struct arena *arena, const char *json, struct rehearsed **out, struct error *err)
{
    json_error_t problem;
    SEGUE_CLEANUP(json_cleanup) json_t *root = json_loads(json, 0, &problem);
    const json_t *steps = json_object_get(json_object_get(root, "durations"), "steps");
    size_t i;
    const json_t *step;
    struct rehearsed *rehearsed = arena_alloc(arena, sizeof *rehearsed);
    if (!json_is_array(steps))
        return refuse(err);
    *rehearsed = (struct rehearsed){.digest = text(arena, root, "digest"),
                                    .at = text(arena, root, "rehearsed_at"),
                                    .percent = json_number_value(json_object_get(root, "percent"))};
    json_array_foreach(steps, i, step)
    {
        const struct rehearsed_step read = {.id = text(arena, step, "step"),
                                            .back = strcmp(text(arena, step, "verb"), "rollback") == 0,
                                            .low = json_number_value(json_object_get(step, "low")),
                                            .likely = json_number_value(json_object_get(step, "likely")),
                                            .high = json_number_value(json_object_get(step, "high"))};
        ARENA_PUSH(arena, rehearsed->steps, rehearsed->n_steps, read);
    }
    *out = rehearsed;
    return true;
}

const struct rehearsed_step *rehearsed_step(const struct rehearsed *rehearsed, const char *id, bool back)
{
    for (size_t i = 0; rehearsed && i < rehearsed->n_steps; i++)
        if (rehearsed->steps[i].back == back && strcmp(rehearsed->steps[i].id, id) == 0)
            return &rehearsed->steps[i];
    return NULL;
}
