/* Primary keys: added, dropped, changed to other columns. */
#include <string.h>

#include "postgres/format.h"
#include "postgres/planner/apply.h"
#include "postgres/planner/not_null.h"

bool apply_primary_key(struct model *model, const struct change *change, struct model_table *table,
                       struct error *err)
{
    const struct constraint_def *def = change->constraint;
    const struct model_constraint *present = model_primary_key(table);
    if (present) {
        refuse(model, change->place, err, "table \"%s\" has a primary key already: \"%s\"", table->name,
               present->name);
        return error_hint(err, "drop it above: ALTER TABLE %s DROP CONSTRAINT %s", table->name,
                          present->name);
    }
    for (size_t i = 0; i < def->n_columns; i++) {
        struct model_column *column = model_column(table, def->columns[i]);
        if (!column->not_null && column->origin && !column->origin->not_null)
            column->not_null_set = true;
        column->not_null = true;
        column->not_null_dropped = false;
        not_null_demand(model, table, column, NULL);
        if (!column->change)
            column->change = change;
    }
    return true;
}

static bool same_columns(const int *a, size_t n_a, const int *b, size_t n_b)
{
    size_t shared = 0;
    for (size_t i = 0; i < n_a; i++) {
        for (size_t k = 0; k < n_b; k++)
            shared += a[i] == b[k];
    }
    return shared == n_a && shared == n_b;
}

const char *apply_key_user(const struct model *model, const struct model_table *table,
                           const struct model_constraint *key)
{
    const struct catalog_constraint *origin = key->origin;
    const char *name = pg_format(model->arena, "%Q", model->catalog->schema, table->origin->name);
    for (size_t t = 0; t < model->n_tables; t++) {
        const struct model_table *child = &model->tables[t];
        for (size_t i = 0; !child->dropped && i < child->n_constraints; i++) {
            const struct model_constraint *user = &child->constraints[i];
            if (user->origin && !user->dropped && user->origin->kind == 'f' &&
                strcmp(user->origin->ref_table, name) == 0 &&
                same_columns(user->origin->ref_columns, user->origin->n_ref_columns, origin->columns,
                             origin->n_columns))
                return user->name;
        }
    }
    for (size_t i = 0; i < table->origin->n_incoming; i++) {
        const struct incoming_key *user = &table->origin->incoming[i];
        bool here = false;
        for (size_t t = 0; t < model->n_tables; t++) {
            const struct table *child = model->tables[t].origin;
            here = here || (child && strcmp(pg_format(model->arena, "%Q", child->schema, child->name),
                                            user->table) == 0);
        }
        if (!here && same_columns(user->ref_columns, user->n_ref_columns, origin->columns, origin->n_columns))
            return user->constraint;
    }
    return NULL;
}
