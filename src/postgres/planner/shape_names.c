/* The names of what a table gets for the time of two versions: hidden columns, functions, triggers, views. */
#include <string.h>

#include "postgres/format.h"
#include "postgres/planner/shape.h"

static const char *hidden_name(const struct model *model, size_t number, const char *name)
{
    struct arena *arena = model->arena;
    return pg_object_name(arena, arena_printf(arena, "_segue_%zu", number), name, NULL);
}

static void name_hidden(struct model *model, struct model_table *table)
{
    size_t number = 0, first = 0;
    for (size_t i = 0; i < table->n_columns; i++) {
        if (table->columns[i].inherited && table->columns[i].order >= first)
            first = table->columns[i].order + 1;
    }
    for (size_t i = 0; i < table->n_columns; i++) {
        struct model_column *column = &table->columns[i];
        if (column->inherited && column->hidden) {
            number++; /* named with its parent's, which adds it before the table adds its own */
        } else if (column->hidden) {
            column->order = first++;
            column->physical = hidden_name(model, ++number, column->name);
        } else
            column->physical = column->origin->name;
    }
}

static bool needs_function(const struct conversion *conversion)
{
    return conversion->expr && (conversion->annotation || conversion->has_subquery ||
                                conversion->through_text || conversion->n_columns != 1);
}

static const char *function_name(struct arena *arena, const char *verb, const struct model_table *table,
                                 size_t column, const char *suffix)
{
    const char *prefix = arena_printf(arena, "%s_%s_%zu", verb, table->ordinal, column + 1);
    return pg_format(arena, "segue.%I", pg_object_name(arena, prefix, suffix, NULL));
}

static void name_functions(struct model *model, struct model_table *table)
{
    struct arena *arena = model->arena;
    for (size_t i = 0; i < table->n_columns; i++) {
        struct model_column *column = &table->columns[i];
        if (column->inherited)
            continue; /* the parent's function serves */
        const char *suffix = arena_printf(arena, "%s_%s", table->name, column->name);
        const struct {
            struct conversion *conversion;
            const char *verb;
        } both[] = {{&column->up, "up"}, {&column->down, "down"}, {&column->fill, "fill"}};
        for (size_t k = 0; k < SEGUE_COUNT(both); k++) {
            bool using = both[k].conversion == &column->up && column->using_expr;
            if (needs_function(both[k].conversion) || (both[k].conversion->expr && using))
                both[k].conversion->function = function_name(arena, both[k].verb, table, i, suffix);
        }
        if (column->up.annotation && column->up.annotation->otherwise) {
            column->up.tried = function_name(arena, "try", table, i, suffix);
            column->up.constant = function_name(arena, "otherwise", table, i, suffix);
        }
    }
}

static const char *const trigger_prefixes[] = {"zzz_segue_sync", "~segue_sync", "\xf4\x8f\xbf\xbfsegue_sync"};

/* A name that sorts behind every BEFORE ROW trigger of the table and of those below it, so that the sync trigger sees what they made of the row. */
static size_t behind_triggers(const struct model *model, const struct model_table *table, size_t choice)
{
    const struct table *origin = table->origin;
    for (size_t i = 0; i < origin->n_triggers; i++) {
        const struct catalog_trigger *trigger = &origin->triggers[i];
        while (trigger->before && trigger->row && choice + 1 < SEGUE_COUNT(trigger_prefixes) &&
               strcmp(trigger->name, trigger_prefixes[choice]) >= 0)
            choice++;
    }
    for (size_t i = 0; i < table->n_children; i++)
        choice = behind_triggers(model, &model->tables[table->children[i]], choice);
    return choice;
}

static const char *last_trigger_name(const struct model *model, const struct model_table *table,
                                     const char *what)
{
    const char *prefix = trigger_prefixes[behind_triggers(model, table, 0)];
    return pg_format(model->arena, "%I", arena_printf(model->arena, "%s_%s", prefix, what));
}

static void name_objects(struct model *model, struct model_table *table)
{
    struct arena *arena = model->arena;
    const char *schema = model->catalog->schema;
    table->real = pg_format(arena, "%Q", schema, table->origin->name);
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        table->has_hidden = table->has_hidden || column->hidden;
        table->has_walk = table->has_walk || (column->hidden && (column->up.expr || column->fill.expr));
        if (table->partition && column->inherited)
            continue; /* applications see it through its parent */
        bool renamed = column->origin && strcmp(column->name, column->origin->name) != 0;
        table->versioned = table->versioned || column->hidden || column->dropped || renamed ||
                           column->default_changed || column->number_function || column->domain_default;
    }
    table->versioned = table->versioned || table->renamed;
    if (table->versioned) {
        table->old_view = pg_format(arena, "%Q", model->old_version, table->origin->name);
        table->new_view = pg_format(arena, "%Q", model->new_version, table->name);
        table->old_views = table->old_view;
        for (size_t i = model->n_older_versions; i > 0; i--)
            table->old_views = pg_format(arena, "%s, %Q", table->old_views, model->older_versions[i - 1],
                                         table->origin->name);
    }
    if (table->partition)
        return;
    bool converts = table->has_walk;
    for (size_t i = 0; i < table->n_columns; i++)
        converts = converts || (column_leaves(&table->columns[i]) && table->columns[i].down.expr);
    if (!converts)
        return;
    table->sync_function = pg_format(
        arena, "segue.%I",
        pg_object_name(arena, arena_printf(arena, "sync_%s", table->ordinal), table->origin->name, NULL));
    table->sync_insert = last_trigger_name(model, table, "insert");
    table->sync_update = last_trigger_name(model, table, "update");
}

void shape_names(struct model *model, struct model_table *table)
{
    name_hidden(model, table);
    name_functions(model, table);
    name_objects(model, table);
}
