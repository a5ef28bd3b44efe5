/*
 * How a column's value is compared and asked for NULL. Composite values are taken as text: their image holds a tuple header, which
 * differs between equal values by how they were made, and `IS NULL` is about their fields.
 */
#include <string.h>

#include "postgres/format.h"
#include "postgres/planner/sync.h"

bool sync_is_composite(const struct model *model, const struct model_column *column, bool old_version)
{
    if (old_version)
        return column->origin && column->origin->type_kind == 'c';
    const struct schema_type *type = types_written(model->types, column->type);
    bool same = column->origin && strcmp(column->origin->type, column->type) == 0;
    return type ? type->kind == 'c' : same && column->origin->type_kind == 'c';
}

const char *sync_operand(struct model *model, const struct model_table *table, const char *record,
                         const char *physical)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        bool old = column->origin && strcmp(column->origin->name, physical) == 0;
        bool now = !column->dropped && column->physical && strcmp(column->physical, physical) == 0;
        if ((old || now) && sync_is_composite(model, column, old))
            return pg_format(model->arena, "(%s%I)::pg_catalog.text", record, physical);
    }
    return pg_format(model->arena, "%s%I", record, physical);
}
