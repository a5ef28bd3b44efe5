/* The foreign keys of new tables: these are made while the tables that they point to still have their old names. */
#include <string.h>

#include "postgres/planner/apply.h"

struct pointing {
    struct model *model;
    struct model_table *table; /* the new one */
};

static void point_at(struct pointing *pointing, const struct model_table *parent,
                     const struct model_column *column)
{
    struct model_reference reference = {parent->origin, (size_t)(column - parent->columns)};
    ARENA_PUSH(pointing->model->arena, pointing->table->pointed, pointing->table->n_pointed, reference);
}

/* The columns of the primary key, which are meant when the foreign key names none. */
static void point_at_key(struct pointing *pointing, const struct model_table *parent)
{
    for (size_t i = 0; i < parent->origin->n_constraints; i++) {
        const struct catalog_constraint *key = &parent->origin->constraints[i];
        for (size_t k = 0; key->kind == 'p' && k < key->n_columns; k++) {
            const struct model_column *column = model_column_number(parent, key->columns[k]);
            if (column)
                point_at(pointing, parent, column);
        }
    }
}

static void retarget(struct sql_target *target, void *context)
{
    struct pointing *pointing = context;
    struct arena *arena = pointing->model->arena;
    const char *schema = target->table.schema;
    bool ours = !schema || strcmp(schema, pointing->model->catalog->schema) == 0;
    struct model_table *parent = ours ? model_table(pointing->model, target->table.name) : NULL;
    if (parent && parent->origin) {
        target->table.name = parent->origin->name;
        if (!target->n_columns)
            point_at_key(pointing, parent);
        for (size_t i = 0; i < target->n_columns; i++) {
            const struct model_column *column = model_column(parent, target->columns[i]);
            if (!column)
                continue;
            if (column->origin)
                target->columns[i] = column->origin->name;
            point_at(pointing, parent, column);
        }
    }
    ARENA_PUSH(arena, pointing->table->references, pointing->table->n_references, target->table);
}

bool apply_new_table_statement(struct model *model, struct model_table *table, const struct change *change,
                               struct error *err)
{
    struct pointing pointing = {model, table};
    const char *sql;
    if (!sql_references_rewrite(model->arena, change->sql, retarget, &pointing, &sql, err))
        return refuse(model, change->place, err, "table \"%s\": %s", table->name, err->message);
    apply_statement(model, table, sql);
    return true;
}
