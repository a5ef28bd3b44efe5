/* What must hold between the two shapes of a row, as SQL. */
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/shape.h"
#include "postgres/planner/sync.h"

/* "column differs from its conversion", by image; cast to the column's own type so that its modifier has acted on both. */
static void append_differs(struct model *model, const struct model_table *table, const char *physical,
                           const char *type, const struct conversion *conversion, bool old_version,
                           struct text *out)
{
    pg_append(out, "pg_catalog.record_image_ne(ROW(%I), ROW((%s)::%s))", physical,
              sync_value(model, table, conversion, old_version, ""), type);
}

const char *sync_mismatch(struct model *model, const struct model_table *table)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (!column->hidden || !column->up.expr || column->up.has_subquery)
            continue;
        text_append(&out, out.length ? " OR " : "");
        append_differs(model, table, column->physical, column->type, &column->up, true, &out);
    }
    return out.length ? arena_strdup(model->arena, out.data) : NULL;
}

/* Columns that convert into one another hang together: a group agrees as a whole, by its last writer. */
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

/* One group as "(all ups hold) OR (all downs hold)"; nothing when a way is missing: then the last writer need not be seen. */
static void append_group(struct model *model, const struct model_table *table, const size_t *group,
                         size_t which, struct text *out)
{
    SEGUE_CLEANUP(text_free) struct text ups = {0};
    SEGUE_CLEANUP(text_free) struct text downs = {0};
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (group[i] != which)
            continue;
        bool new_side = column->hidden && !column->dropped, old_side = column_leaves(column);
        if ((new_side && (!column->up.expr || column->up.has_subquery)) ||
            (old_side && (!column->down.expr || column->down.has_subquery)))
            return;
        if (new_side) {
            text_append(&ups, ups.length ? " OR " : "");
            append_differs(model, table, column->physical, column->type, &column->up, true, &ups);
        }
        if (old_side) {
            text_append(&downs, downs.length ? " OR " : "");
            append_differs(model, table, column->origin->name, column->origin->type, &column->down, false,
                           &downs);
        }
    }
    if (!ups.length || !downs.length)
        return;
    pg_append(out, "%s(NOT (%s) OR NOT (%s))", out->length ? " AND " : "", ups.data, downs.data);
}

const char *sync_agreement(struct model *model, const struct model_table *table)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    size_t *group = arena_alloc(model->arena, table->n_columns * sizeof *group);
    for (size_t i = 0; i < table->n_columns; i++)
        group[i] = i;
    for (size_t i = 0; i < table->n_columns; i++) {
        join_sources(table, i, &table->columns[i].up, true, group);
        join_sources(table, i, &table->columns[i].down, false, group);
    }
    for (size_t i = 0; i < table->n_columns; i++)
        append_group(model, table, group, i, &out);
    return out.length ? arena_strdup(model->arena, out.data) : NULL;
}
