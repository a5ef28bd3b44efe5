#include "catalog/carry.h"

#include <jansson.h>

static void strings(struct arena *arena, const json_t *list, const char ***out, size_t *n)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *value = json_string_value(json_array_get(list, i));
        if (value)
            ARENA_PUSH(arena, *out, *n, arena_strdup(arena, value));
    }
}

bool carry_from_json(struct arena *arena, const char *json, struct carry **out, struct error *err)
{
    json_error_t fault;
    json_t *root = json_loads(json, 0, &fault);
    if (!root)
        return error_set(err, ERROR_BUG, "what hangs on the table is no JSON: %s", fault.text);
    struct carry *carry = arena_alloc(arena, sizeof *carry);
    strings(arena, json_object_get(root, "obstacles"), &carry->obstacles, &carry->n_obstacles);
    strings(arena, json_object_get(root, "locks"), &carry->locks, &carry->n_locks);
    strings(arena, json_object_get(root, "scanned"), &carry->scanned, &carry->n_scanned);
    strings(arena, json_object_get(root, "referred"), &carry->referred, &carry->n_referred);
    strings(arena, json_object_get(root, "views"), &carry->views, &carry->n_views);
    strings(arena, json_object_get(root, "sequences"), &carry->sequences, &carry->n_sequences);
    json_t *identity;
    size_t i;
    json_array_foreach(json_object_get(root, "identities"), i, identity)
    {
        const char *sequence = json_string_value(json_object_get(identity, "sequence"));
        if (sequence)
            ARENA_PUSH(arena, carry->identities, carry->n_identities, arena_strdup(arena, sequence));
    }
    carry->n_indexes = json_array_size(json_object_get(root, "indexes"));
    carry->n_keys = json_array_size(json_object_get(root, "validate"));
    json_decref(root);
    *out = carry;
    return true;
}
