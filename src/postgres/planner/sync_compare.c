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
    const char *operand = sync_operand(model, table, "", physical);
    bool composite = operand[0] == '(';
    pg_append(out, "pg_catalog.record_image_ne(ROW(%s), ROW(%s(%s)::%s%s))", operand, composite ? "(" : "",
              sync_value(model, table, conversion, old_version, ""), type,
              composite ? ")::pg_catalog.text" : "");
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

bool sync_compared(const struct model_table *table, const size_t *group, size_t which)
{
    bool any_up = false, any_down = false;
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        bool new_side = column->hidden && !column->dropped, old_side = column_leaves(column);
        if (group[i] != which)
            continue;
        if ((new_side && (!column->up.expr || column->up.has_subquery)) ||
            (old_side && (!column->down.expr || column->down.has_subquery)))
            return false;
        any_up = any_up || new_side;
        any_down = any_down || old_side;
    }
    return any_up && any_down;
}

/* One group as "(all ups hold) OR (all downs hold)"; nothing when a way is missing: then the last writer need not be seen. */
static void append_group(struct model *model, const struct model_table *table, const size_t *group,
                         size_t which, struct text *out)
{
    SEGUE_CLEANUP(text_free) struct text ups = {0};
    SEGUE_CLEANUP(text_free) struct text downs = {0};
    if (!sync_compared(table, group, which))
        return;
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (group[i] != which)
            continue;
        if (column->hidden && !column->dropped) {
            text_append(&ups, ups.length ? " OR " : "");
            append_differs(model, table, column->physical, column->type, &column->up, true, &ups);
        }
        if (column_leaves(column)) {
            text_append(&downs, downs.length ? " OR " : "");
            append_differs(model, table, column->origin->name, column->origin->type, &column->down, false,
                           &downs);
        }
    }
    pg_append(out, "%s(NOT (%s) OR NOT (%s))", out->length ? " AND " : "", ups.data, downs.data);
}

const char *sync_agreement(struct model *model, const struct model_table *table)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    const size_t *group = sync_groups(model, table);
    for (size_t i = 0; i < table->n_columns; i++)
        append_group(model, table, group, i, &out);
    return out.length ? arena_strdup(model->arena, out.data) : NULL;
}
