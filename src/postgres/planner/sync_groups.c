/* Which columns of a table hang together. */
#include <string.h>

#include "postgres/planner/shape.h"
#include "postgres/planner/sync.h"

static void join_groups(size_t *group, size_t n, size_t a, size_t b)
{
    size_t from = group[a], to = group[b];
    for (size_t i = 0; i < n; i++) {
        if (group[i] == from)
            group[i] = to;
    }
}

static void join_sources(const struct model_table *table, size_t index, const struct conversion *conversion,
                         bool old_version, size_t *group)
{
    for (size_t k = 0; k < conversion->n_columns; k++) {
        for (size_t i = 0; i < table->n_columns; i++) {
            const struct model_column *column = &table->columns[i];
            bool is_source =
                old_version
                    ? column_leaves(column) && strcmp(column->origin->name, conversion->columns[k]) == 0
                    : column->hidden && !column->dropped && strcmp(column->name, conversion->columns[k]) == 0;
            if (is_source)
                join_groups(group, table->n_columns, index, i);
        }
    }
}

const size_t *sync_groups(struct model *model, const struct model_table *table)
{
    size_t *group = arena_alloc(model->arena, table->n_columns * sizeof *group);
    for (size_t i = 0; i < table->n_columns; i++)
        group[i] = i;
    for (size_t i = 0; i < table->n_columns; i++) {
        join_sources(table, i, &table->columns[i].up, true, group);
        join_sources(table, i, &table->columns[i].down, false, group);
    }
    return group;
}
