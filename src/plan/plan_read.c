/*
 * A plan read from JSON. Members that this release does not know are passed over, absent ones stay empty, and a
 * plan of a later format is refused: a newer release resumes an older one's plan, never the other way round.
 */
#include "plan/fields_internal.h"
#include "plan/plan.h"

#include <jansson.h>
#include <string.h>

enum { FORMAT = 1 };

static bool read_object(struct arena *arena, const struct shape *shape, const json_t *json, char *object,
                        struct error *err);

static bool wrong(const struct field *field, const char *what, struct error *err)
{
    return error_set(err, ERROR_REFUSED, "this is not a plan: \"%s\" is not %s", field->name, what);
}

static bool read_string(struct arena *arena, const struct field *field, const json_t *json, const char **out,
                        struct error *err)
{
    if (!json_is_string(json))
        return wrong(field, "a string", err);
    *out = arena_strdup(arena, json_string_value(json));
    return true;
}

static bool read_strings(struct arena *arena, const struct field *field, const json_t *json, char *object,
                         struct error *err)
{
    if (!json_is_array(json))
        return wrong(field, "a list", err);
    size_t n = json_array_size(json);
    const char **strings = n ? arena_alloc(arena, n * sizeof *strings) : NULL;
    for (size_t i = 0; i < n; i++)
        if (!read_string(arena, field, json_array_get(json, i), &strings[i], err))
            return false;
    *(const char ***)(void *)(object + field->offset) = strings;
    *(size_t *)(void *)(object + field->count_offset) = n;
    return true;
}

static bool read_enum(const struct field *field, const json_t *json, int *out, struct error *err)
{
    const char *word = json_string_value(json);
    for (int value = 0; word && value < field->n_words; value++) {
        if (strcmp(word, field->word(value)) == 0) {
            *out = value;
            return true;
        }
    }
    return wrong(field, "a word of this format", err);
}

static bool read_pointer(struct arena *arena, const struct field *field, const json_t *json, char *object,
                         struct error *err)
{
    char *inner = arena_alloc(arena, field->shape->size);
    *(void **)(void *)(object + field->offset) = inner;
    return read_object(arena, field->shape, json, inner, err);
}

static bool read_objects(struct arena *arena, const struct field *field, const json_t *json, char *object,
                         struct error *err)
{
    if (!json_is_array(json))
        return wrong(field, "a list", err);
    size_t n = json_array_size(json);
    char *array = n ? arena_alloc(arena, n * field->shape->size) : NULL;
    for (size_t i = 0; i < n; i++)
        if (!read_object(arena, field->shape, json_array_get(json, i), array + i * field->shape->size, err))
            return false;
    *(void **)(void *)(object + field->offset) = array;
    *(size_t *)(void *)(object + field->count_offset) = n;
    return true;
}

static bool read_scalar(const struct field *field, const json_t *json, void *at, struct error *err)
{
    switch (field->type) {
    case FIELD_INT:
        if (!json_is_integer(json))
            return wrong(field, "a whole number", err);
        *(int *)at = (int)json_integer_value(json);
        return true;
    case FIELD_DOUBLE:
        if (!json_is_number(json))
            return wrong(field, "a number", err);
        *(double *)at = json_number_value(json);
        return true;
    case FIELD_BOOL:
    case FIELD_FLAG:
        if (!json_is_boolean(json))
            return wrong(field, "true or false", err);
        if (field->type == FIELD_BOOL)
            *(bool *)at = json_is_true(json);
        else if (json_is_true(json))
            *(unsigned *)at |= field->bit;
        return true;
    default: return error_set(err, ERROR_BUG, "\"%s\" is no scalar", field->name);
    }
}

static bool read_value(struct arena *arena, const struct field *field, const json_t *json, char *object,
                       struct error *err)
{
    void *at = object + field->offset;
    switch (field->type) {
    case FIELD_STRING: return read_string(arena, field, json, (const char **)at, err);
    case FIELD_STRINGS: return read_strings(arena, field, json, object, err);
    case FIELD_ENUM: return read_enum(field, json, (int *)at, err);
    case FIELD_OBJECT: return read_pointer(arena, field, json, object, err);
    case FIELD_OBJECTS: return read_objects(arena, field, json, object, err);
    default: return read_scalar(field, json, at, err);
    }
}

static bool read_object(struct arena *arena, const struct shape *shape, const json_t *json, char *object,
                        struct error *err)
{
    if (!json_is_object(json))
        return error_set(err, ERROR_REFUSED, "this is not a plan: an object was expected");
    for (size_t i = 0; i < shape->n_fields; i++) {
        const struct field *field = &shape->fields[i];
        const json_t *value = json_object_get(json, field->name);
        if (!value || json_is_null(value)) {
            if (field->required)
                return error_set(err, ERROR_REFUSED, "this is not a plan: \"%s\" is missing", field->name);
            continue;
        }
        if (!read_value(arena, field, value, object, err))
            return false;
    }
    return true;
}

/* keys and key_types share one count. */
static bool walks_are_whole(const json_t *json, struct error *err)
{
    size_t i;
    json_t *step;
    json_array_foreach(json_object_get(json, "steps"), i, step)
    {
        const json_t *walk = json_object_get(step, "walk");
        if (json_array_size(json_object_get(walk, "keys")) !=
            json_array_size(json_object_get(walk, "key_types")))
            return error_set(err, ERROR_REFUSED,
                             "this is not a plan: a walk's keys and key types do not match");
    }
    json_t *table;
    json_array_foreach(json_object_get(json, "tables"), i, table)
    {
        size_t n_types = json_array_size(json_object_get(table, "key_types"));
        /* None at all: of an earlier release. */
        if (n_types && n_types != json_array_size(json_object_get(table, "keys")))
            return error_set(err, ERROR_REFUSED,
                             "this is not a plan: a table's keys and key types do not match");
    }
    return true;
}

/* Execution relies on it: phases only go up. */
static bool phases_ascend(const struct plan *plan, struct error *err)
{
    for (size_t i = 1; i < plan->n_steps; i++)
        if (plan->steps[i].phase < plan->steps[i - 1].phase)
            return error_set(err, ERROR_REFUSED, "this is not a plan: step %s stands after a later phase",
                             plan->steps[i].id);
    return true;
}

static bool read_plan(struct arena *arena, const json_t *json, struct plan *plan, struct error *err)
{
    json_int_t format = json_integer_value(json_object_get(json, "format"));
    if (format > FORMAT) {
        error_set(err, ERROR_REFUSED, "the plan has format %lld, and this segue reads up to %d",
                  (long long)format, FORMAT);
        return error_hint(err, "go on with the release of segue that started the migration, or a later one");
    }
    return walks_are_whole(json, err) && read_object(arena, &plan_shape, json, (char *)plan, err) &&
           phases_ascend(plan, err);
}

bool plan_from_json(struct arena *arena, const char *json, struct plan **out, struct error *err)
{
    json_error_t mistake;
    json_t *root = json_loads(json, 0, &mistake);
    if (!root)
        return error_set(err, ERROR_REFUSED, "this is not a plan: %s in line %d", mistake.text, mistake.line);
    struct plan *plan = arena_alloc(arena, sizeof *plan);
    bool done = read_plan(arena, root, plan, err);
    json_decref(root);
    if (done)
        *out = plan;
    return done;
}
