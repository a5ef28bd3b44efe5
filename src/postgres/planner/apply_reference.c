/* What foreign keys of the file point to: new tables are made while others still have their old names; names change below. */
#include <string.h>

#include "postgres/planner/apply.h"
#include "postgres/planner/shape.h"
#include "postgres/sqltree.h"

struct pointing {
    struct model *model;
    struct model_table *table; /* the new one */
    const char *leaving; /* the key that a foreign key of it would rest on, though the file has dropped it */
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

/* Whether a key of the old version is over just the columns that a new foreign key points to. */
static bool points_to(struct model_table *parent, const int *numbers, size_t n,
                      const struct constraint_def *def)
{
    const struct model_constraint *primary = model_primary_key(parent);
    bool named = def->n_ref_columns > 0;
    const char *const *names = named                     ? def->ref_columns
                               : primary && primary->def ? primary->def->columns
                                                         : NULL;
    size_t n_names = named ? def->n_ref_columns : primary && primary->def ? primary->def->n_columns : 0;
    size_t found = 0;
    for (size_t i = 0; i < n_names; i++) {
        const struct model_column *column = model_column(parent, names[i]);
        for (size_t k = 0; column && k < n; k++)
            found += column == model_column_number(parent, numbers[k]) && !column_will_be_replaced(column);
    }
    return n_names == n && found == n;
}

const char *apply_leaving_key(struct model_table *parent, const struct constraint_def *def, bool *constraint)
{
    for (size_t i = 0; i < parent->n_constraints; i++) {
        const struct catalog_constraint *key = parent->constraints[i].origin;
        if (key && parent->constraints[i].dropped && (key->kind == 'p' || key->kind == 'u') &&
            points_to(parent, key->columns, key->n_columns, def)) {
            *constraint = true;
            return key->name;
        }
    }
    for (size_t i = 0; i < parent->n_indexes; i++) {
        const struct catalog_index *index = parent->indexes[i].origin;
        if (index && parent->indexes[i].dropped && index->unique && !index->constraint &&
            points_to(parent, index->keys, index->n_keys, def)) {
            *constraint = false;
            return index->name;
        }
    }
    return NULL;
}

static void retarget(struct sql_target *target, void *context)
{
    struct pointing *pointing = context;
    struct arena *arena = pointing->model->arena;
    const char *schema = target->table.schema;
    bool ours = !schema || strcmp(schema, pointing->model->catalog->schema) == 0;
    struct model_table *parent = ours ? model_table(pointing->model, target->table.name) : NULL;
    if (parent && parent->origin) {
        const struct constraint_def def = {.ref_columns = target->columns,
                                           .n_ref_columns = target->n_columns};
        bool constraint;
        const char *leaving = apply_leaving_key(parent, &def, &constraint);
        pointing->leaving = leaving ? leaving : pointing->leaving;
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
    struct pointing pointing = {.model = model, .table = table};
    const char *sql;
    if (!sql_references_rewrite(model->arena, change->sql, retarget, &pointing, &sql, err))
        return refuse(model, change->place, err, "table \"%s\": %s", table->name, err->message);
    if (pointing.leaving) {
        refuse(model, change->place, err,
               "a foreign key of \"%s\" would rest on \"%s\", which the file drops", table->name,
               pointing.leaving);
        return error_hint(err, "add it in a migration of its own, after this one");
    }
    apply_statement(model, table, sql);
    return true;
}

/* A foreign key that the file has added to another table follows the name of a column that it points to. */
static bool follow_name(struct model *model, struct model_constraint *constraint, const char *from,
                        const char *to, struct error *err)
{
    struct constraint_def *def = constraint->def;
    bool not_valid = def->not_valid; /* no part of the definition */
    bool any = false;
    for (size_t i = 0; i < def->n_ref_columns; i++) {
        if (strcmp(def->ref_columns[i], from) == 0) {
            def->ref_columns[i] = to;
            any = true;
        }
    }
    if (!any)
        return true;
    if (!sql_foreign_key_rewrite(model->arena, constraint->definition, NULL, 0, &def->references,
                                 def->ref_columns, def->n_ref_columns, false, &constraint->definition, err) ||
        !sql_constraint_parse(model->arena, constraint->definition, &constraint->def, err))
        return false;
    constraint->def->not_valid = not_valid;
    return true;
}

bool apply_rename_referenced(struct model *model, const struct model_table *parent, const char *from,
                             const char *to, struct error *err)
{
    for (size_t t = 0; t < model->n_tables; t++) {
        struct model_table *table = &model->tables[t];
        for (size_t i = 0; table != parent && i < table->n_constraints; i++) {
            struct model_constraint *constraint = &table->constraints[i];
            if (!constraint->origin && constraint->def->kind == CONSTRAINT_FOREIGN_KEY &&
                model_referenced(model, constraint) == parent &&
                !follow_name(model, constraint, from, to, err))
                return false;
        }
    }
    return true;
}
