/* The two shapes of a row that are compared: how they are shown, and how one is made from the other. */
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/shape.h"
#include "postgres/planner/sync.h"

/* Whether the column is on that side of a group that is compared. */
static bool on_side(const struct model_table *table, const size_t *group, size_t i, bool old_version)
{
    const struct model_column *column = &table->columns[i];
    bool side = old_version ? column_leaves(column) : column->hidden && !column->dropped;
    return side && sync_compared(table, group, group[i]);
}

const char *sync_shape(struct model *model, const struct model_table *table, bool old_version)
{
    SEGUE_CLEANUP(text_free) struct text names = {0};
    SEGUE_CLEANUP(text_free) struct text values = {0};
    const size_t *group = sync_groups(model, table);
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (!on_side(table, group, i, old_version))
            continue;
        const char *comma = names.length ? ", " : "";
        pg_append(&names, "%s%L", comma, old_version ? column->origin->name : column->name);
        pg_append(&values, "%s%I::pg_catalog.text", comma,
                  old_version ? column->origin->name : column->physical);
    }
    if (!names.length)
        return NULL;
    return arena_printf(model->arena,
                        "pg_catalog.json_object(ARRAY[%s]::pg_catalog.text[], ARRAY[%s]::pg_catalog.text[])"
                        "::pg_catalog.text",
                        names.data, values.data);
}

const char *sync_mend(struct model *model, const struct model_table *table, bool old_version)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    const size_t *group = sync_groups(model, table);
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (!on_side(table, group, i, old_version))
            continue;
        /* The server computes it itself. */
        if (old_version && column->origin->generated)
            continue;
        pg_append(&out, "%s%I = %s", out.length ? ", " : "",
                  old_version ? column->origin->name : column->physical,
                  sync_value(model, table, old_version ? &column->down : &column->up, !old_version, ""));
    }
    return out.length ? arena_strdup(model->arena, out.data) : NULL;
}
