#include "compare/shape.h"

#include <string.h>

#include "base/text.h"

static const size_t NONE = (size_t)-1;

const char *shape_kind_name(enum shape_kind kind)
{
    static const char *const names[] = {"error",       "column_gone",  "column_new",
                                        "column_type", "column_order", "parameter"};
    return names[kind];
}

static void add(struct arena *arena, struct shape_differences *out, enum shape_kind kind, const char *what)
{
    const struct shape_difference difference = {kind, what};
    ARENA_PUSH(arena, out->list, out->n, difference);
}

/* The column of that name which is not taken yet; several may have one name, and then their order pairs them. */
static size_t find(const struct statement_shape *shape, const char *name, const bool *taken)
{
    for (size_t i = 0; i < shape->n_columns; i++)
        if (!taken[i] && strcmp(shape->columns[i].name, name) == 0)
            return i;
    return NONE;
}

static const char *listed(const struct statement_shape *shape, struct arena *arena)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    for (size_t i = 0; i < shape->n_columns; i++)
        text_printf(&out, "%s%s", i ? ", " : "", shape->columns[i].name);
    return arena_strdup(arena, text_string(&out));
}

static void compare_columns(const struct statement_shape *current, const struct statement_shape *new,
                            struct arena *arena, struct shape_differences *out)
{
    bool *taken = arena_alloc(arena, new->n_columns + 1);
    bool ordered = true;
    size_t last = NONE;
    for (size_t i = 0; i < current->n_columns; i++) {
        const struct statement_column *column = &current->columns[i];
        size_t at = find(new, column->name, taken);
        if (at == NONE) {
            add(arena, out, SHAPE_COLUMN_GONE,
                arena_printf(arena, "column %s (%s) of the result is gone", column->name, column->type));
            continue;
        }
        taken[at] = true;
        ordered = ordered && (last == NONE || at > last);
        last = at;
        if (strcmp(column->type, new->columns[at].type) != 0)
            add(arena, out, SHAPE_COLUMN_TYPE,
                arena_printf(arena, "column %s is %s instead of %s", column->name, new->columns[at].type,
                             column->type));
    }
    for (size_t i = 0; i < new->n_columns; i++)
        if (!taken[i])
            add(arena, out, SHAPE_COLUMN_NEW,
                arena_printf(arena, "column %s (%s) of the result is new", new->columns[i].name,
                             new->columns[i].type));
    if (!ordered)
        add(arena, out, SHAPE_COLUMN_ORDER,
            arena_printf(arena, "the columns come as %s instead of %s", listed(new, arena),
                         listed(current, arena)));
}

static void compare_parameters(const struct statement_shape *current, const struct statement_shape *new,
                               struct arena *arena, struct shape_differences *out)
{
    if (current->n_parameters != new->n_parameters)
        add(arena, out, SHAPE_PARAMETER,
            arena_printf(arena, "it has %zu parameters instead of %zu", new->n_parameters,
                         current->n_parameters));
    for (size_t i = 0; i < current->n_parameters && i < new->n_parameters; i++)
        if (strcmp(current->parameters[i], new->parameters[i]) != 0)
            add(arena, out, SHAPE_PARAMETER,
                arena_printf(arena, "parameter $%zu is %s instead of %s", i + 1, new->parameters[i],
                             current->parameters[i]));
}

enum shape_verdict shape_compare(const struct statement_shape *current, const struct statement_shape *new,
                                 struct arena *arena, struct shape_differences *out)
{
    *out = (struct shape_differences){0};
    if (current->busy || new->busy)
        return SHAPE_UNKNOWN;
    if (current->sqlstate)
        return new->sqlstate ? SHAPE_NEITHER : SHAPE_NEW_ALONE;
    if (new->sqlstate) {
        add(arena, out, SHAPE_ERROR, arena_printf(arena, "fails: %s: %s", new->sqlstate, new->message));
        return SHAPE_DIFFERS;
    }
    compare_columns(current, new, arena, out);
    compare_parameters(current, new, arena, out);
    return out->n ? SHAPE_DIFFERS : SHAPE_SAME;
}
