/* The JSON form of what is under way, as sql/catalog_live.sql prints it. */
#include <jansson.h>

#include "catalog/catalog.h"

static const char *text(struct arena *arena, const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));
    return arena_strdup(arena, value ? value : "");
}

static struct live_migration read_live(struct arena *arena, const json_t *object)
{
    struct live_migration live = {.name = text(arena, object, "name"),
                                  .schema = text(arena, object, "schema"),
                                  .old_version = text(arena, object, "old_version"),
                                  .new_version = text(arena, object, "new_version")};
    const json_t *touches = json_object_get(object, "touches");
    for (size_t i = 0; i < json_array_size(touches); i++) {
        const char *touch = json_string_value(json_array_get(touches, i));
        if (touch)
            ARENA_PUSH(arena, live.touches, live.n_touches, arena_strdup(arena, touch));
    }
    return live;
}

bool catalog_live_from_json(struct arena *arena, const char *json, struct catalog *catalog, struct error *err)
{
    json_error_t fault;
    json_t *root = json_loads(json, 0, &fault);
    if (!root)
        return error_set(err, ERROR_BUG, "the list of what is under way is no JSON: %s", fault.text);
    for (size_t i = 0; i < json_array_size(root); i++) {
        struct live_migration live = read_live(arena, json_array_get(root, i));
        ARENA_PUSH(arena, catalog->live, catalog->n_live, live);
    }
    json_decref(root);
    return true;
}
