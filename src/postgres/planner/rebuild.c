#include "postgres/planner/rebuild.h"

#include "catalog/carry.h"

static const char *shape_obstacle(const struct model *model, const struct model_table *table)
{
    if (table->member || table->n_children)
        return "it belongs to a family of tables";
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (column->hidden && column->number_function)
            return "a sequence of the file numbers its rows";
        if (column->copied)
            return "it is split or merged";
    }
    for (size_t i = 0; i < model->n_late; i++)
        if (model->late[i].parent < model->n_tables && &model->tables[model->late[i].parent] == table)
            return "the file attaches tables to it";
    return NULL;
}

void rebuild_choose(struct model *model)
{
    for (size_t i = 0; i < model->n_tables; i++) {
        struct model_table *table = &model->tables[i];
        if (!table->change || !table->origin || table->dropped || !table->has_walk || !table->origin->carry)
            continue;
        const struct carry *carry = table->origin->carry;
        table->not_rebuilt = carry->n_obstacles ? carry->obstacles[0] : shape_obstacle(model, table);
        table->rebuilt = !table->not_rebuilt;
    }
}
