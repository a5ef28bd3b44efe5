/* What a foreign key may point to: the unique keys of a table. */
#include <string.h>

#include "postgres/check_shape.h"

/* The server takes no deferrable key for a foreign key. */
static bool deferrable(const struct table *table, const char *index)
{
    const struct catalog_constraint *constraint = table_constraint(table, index);
    return constraint && strstr(constraint->definition, " DEFERRABLE");
}

static bool may_be_referenced(const struct table *table, const struct catalog_index *index)
{
    for (size_t i = 0; i < index->n_keys; i++)
        if (index->keys[i] == 0)
            return false;
    return index->unique && index->valid && index->n_keys && !strstr(index->definition, " WHERE ") &&
           !deferrable(table, index->name);
}

static size_t place_of_number(const struct table *table, int number)
{
    size_t i = 0;
    while (i + 1 < table->n_columns && table->columns[i].number != number)
        i++;
    return i;
}

void check_keys_read(struct check_shapes *shapes, struct check_table *table, const struct table *origin)
{
    for (size_t i = 0; i < origin->n_indexes; i++) {
        const struct catalog_index *index = &origin->indexes[i];
        if (!may_be_referenced(origin, index))
            continue;
        size_t *columns = arena_alloc(shapes->arena, index->n_keys * sizeof *columns);
        for (size_t k = 0; k < index->n_keys; k++)
            columns[k] = place_of_number(origin, index->keys[k]);
        struct check_key key = {
            .name = index->name, .columns = columns, .n = index->n_keys, .primary = index->primary};
        ARENA_PUSH(shapes->arena, table->keys, table->n_keys, key);
    }
}

/* A key on columns that are not all there is passed over. */
static void add(struct check_shapes *shapes, struct check_table *table, const char *name,
                const char *const *names, size_t n, bool primary)
{
    size_t *columns = arena_alloc(shapes->arena, n * sizeof *columns);
    for (size_t i = 0; i < n; i++) {
        const struct check_column *column = check_table_column(table, names[i], CHECK_NEW);
        if (!column)
            return;
        columns[i] = (size_t)(column - table->columns);
    }
    struct check_key key = {.name = name, .columns = columns, .n = n, .primary = primary};
    ARENA_PUSH(shapes->arena, table->keys, table->n_keys, key);
}

static void drop(struct check_table *table, const char *name)
{
    for (size_t i = 0; i < table->n_keys; i++)
        if (table->keys[i].name && strcmp(table->keys[i].name, name) == 0)
            table->keys[i].dropped = true;
}

void check_keys_apply(struct check_shapes *shapes, struct check_table *table, const struct change *change)
{
    const struct constraint_def *def = change->constraint;
    const struct index_def *index = change->index;
    switch (change->kind) {
    case CHANGE_ADD_CONSTRAINT:
        if ((def->kind == CONSTRAINT_UNIQUE || def->kind == CONSTRAINT_PRIMARY_KEY) && def->n_columns &&
            !strstr(def->definition, " DEFERRABLE"))
            add(shapes, table, def->name, def->columns, def->n_columns, def->kind == CONSTRAINT_PRIMARY_KEY);
        break;
    case CHANGE_CREATE_INDEX:
        if (index->unique && index->n_key_columns && !index->has_where)
            add(shapes, table, change->object, index->key_columns, index->n_key_columns, false);
        break;
    case CHANGE_DROP_CONSTRAINT: drop(table, change->object); break;
    case CHANGE_DROP_INDEX: drop(table, change->table.name); break;
    default: break;
    }
}
