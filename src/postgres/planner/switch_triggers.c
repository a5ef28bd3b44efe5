/* The switch: the triggers of the application. */
#include <string.h>

#include "postgres/format.h"
#include "postgres/planner/switch.h"

static bool type_changes(const struct model_table *table)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (model_column_replaced(column) && strcmp(column->origin->type, column->type) != 0)
            return true;
    }
    return false;
}

/*
 * PL/pgSQL keeps a compiled trigger function with the types that NEW had, and a session that lives through the switch would
 * fail once ("type of parameter … does not match that when preparing the plan"). A new row version of pg_proc makes every
 * session compile anew; setting the cost that it has already changes nothing else.
 */
void switch_recompile_triggers(struct switch_acts *acts, const struct model_table *table)
{
    const struct table *origin = table->origin;
    if (!type_changes(table))
        return;
    for (size_t i = 0; i < origin->n_triggers; i++) {
        const struct catalog_trigger *trigger = &origin->triggers[i];
        bool again = false;
        if (!trigger->function || !trigger->function_owned)
            continue;
        for (size_t k = 0; k < i; k++)
            again = again || (origin->triggers[k].function &&
                              strcmp(origin->triggers[k].function, trigger->function) == 0);
        if (!again)
            switch_act(acts, pg_format(acts->steps->arena, "ALTER FUNCTION %s COST %s", trigger->function,
                                       trigger->function_cost));
    }
}
