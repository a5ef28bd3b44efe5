/* The switch: comments that the file sets. */
#include "postgres/format.h"
#include "postgres/planner/switch.h"

/* Comments that the file sets, under the final names. */
void switch_comments(struct switch_acts *acts, const struct model_table *table)
{
    struct arena *arena = acts->steps->arena;
    const char *name = switch_final_name(acts, table);
    if (table->comment)
        switch_noticed(acts, table,
                       pg_format(arena, "COMMENT ON TABLE %s IS %L", name, table->comment->expr));
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (column->not_null_comment && !column->dropped)
            switch_act(acts, pg_format(arena, "COMMENT ON CONSTRAINT %I ON %s IS %L", column->not_null_name,
                                       name, column->not_null_comment->expr));
        if (column->comment && !column->dropped)
            switch_noticed(
                acts, table,
                pg_format(arena, "COMMENT ON COLUMN %s.%I IS %L", name, column->name, column->comment->expr));
    }
    for (size_t i = 0; i < table->n_constraints; i++) {
        const struct model_constraint *constraint = &table->constraints[i];
        if (constraint->comment && !constraint->dropped)
            switch_act(acts, pg_format(arena, "COMMENT ON CONSTRAINT %I ON %s IS %L", constraint->name, name,
                                       constraint->comment->expr));
    }
    for (size_t i = 0; i < table->n_indexes; i++) {
        const struct model_index *index = &table->indexes[i];
        if (index->comment && !index->dropped)
            switch_index(acts, table, index->name,
                         pg_format(arena, "COMMENT ON INDEX %Q IS %L", acts->steps->model->catalog->schema,
                                   index->name, index->comment->expr));
    }
}
