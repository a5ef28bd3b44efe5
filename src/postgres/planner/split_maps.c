/* Rows of one side of a split as rows of the other: for each map a function, bound by parse tree (BEGIN ATOMIC), and its columns in SQL. */
#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/split_internal.h"

void split_append_match(struct text *out, const struct split_map *map, const char *left, const char *right)
{
    for (size_t i = 0; i < map->n_keys; i++) {
        const char *name = split_physical(map->to, map->keys[i].column);
        pg_append(out, "%s%s.%I = %s.%I", i ? " AND " : "", left, name, right, name);
    }
}

static void append_cell(struct text *out, const struct split_map *map, const struct split_value *value,
                        const char *prefix, bool cast, bool first)
{
    pg_append(out, "%s%s%I", first ? "" : ", ", prefix, split_physical(map->to, value->column));
    if (cast)
        pg_append(out, "::%s", split_type(map->to, value->column));
}

void split_append_cells(struct text *out, const struct split_map *map, const char *prefix, bool keys,
                        bool values, bool cast)
{
    bool first = true;
    for (size_t i = 0; keys && i < map->n_keys; i++, first = false)
        append_cell(out, map, &map->keys[i], prefix, cast, first);
    for (size_t i = 0; values && i < map->n_values; i++, first = false)
        append_cell(out, map, &map->values[i], prefix, cast, first);
}

static void append_rows(struct text *out, const struct split_map *map, bool equal, bool keys,
                        const char *left, const char *right)
{
    text_append(out, equal ? "pg_catalog.record_image_eq(ROW(" : "pg_catalog.record_image_ne(ROW(");
    split_append_cells(out, map, left, keys, !keys, false);
    text_append(out, "), ROW(");
    split_append_cells(out, map, right, keys, !keys, !keys);
    text_append(out, "))");
}

void split_append_keys(struct text *out, const struct split_map *map, bool equal, const char *left,
                       const char *right)
{
    append_rows(out, map, equal, true, left, right);
}

void split_append_values(struct text *out, const struct split_map *map, bool equal, const char *target,
                         const char *source)
{
    append_rows(out, map, equal, false, target, source);
}

void split_append_set(struct text *out, const struct split_map *map, const char *source)
{
    for (size_t i = 0; i < map->n_values; i++) {
        const char *name = split_physical(map->to, map->values[i].column);
        pg_append(out, "%s%I = %s%I", i ? ", " : "", name, source, name);
    }
}

const char *split_absent(struct model *model, const struct split_side *side,
                         const struct split_column *column)
{
    const struct model_column *known = column->model;
    const char *type = split_type(side, column);
    if (side->old_version && known->down.expr)
        return pg_format(model->arena, "(%s)::%s", known->down.expr, type);
    const char *expr = side->old_version ? known->origin->default_expr : known->default_expr;
    if (side->old_version && known->origin->default_volatile)
        return NULL;
    return pg_format(model->arena, "(%s)::%s", expr ? expr : "NULL", type);
}

const char *split_map_function(struct model *model, const struct split_map *map)
{
    SEGUE_CLEANUP(text_free) struct text sql = {0};
    pg_append(&sql, "CREATE OR REPLACE FUNCTION %s(%s) RETURNS TABLE (", map->function, map->from->real);
    for (size_t i = 0; i < map->n_keys + map->n_values; i++) {
        const struct split_value *value = i < map->n_keys ? &map->keys[i] : &map->values[i - map->n_keys];
        pg_append(&sql, "%s%I %s", i ? ", " : "", split_physical(map->to, value->column),
                  split_type(map->to, value->column));
    }
    text_append(&sql, ") LANGUAGE sql STABLE ROWS 1 BEGIN ATOMIC SELECT ");
    for (size_t i = 0; i < map->n_keys + map->n_values; i++) {
        const struct split_value *value = i < map->n_keys ? &map->keys[i] : &map->values[i - map->n_keys];
        /* A bare literal has no type of its own yet. */
        if (value->constant)
            pg_append(&sql, "%s(%s)::%s", i ? ", " : "", value->expr, split_type(map->to, value->column));
        else
            pg_append(&sql, "%s(%s)", i ? ", " : "", value->expr);
    }
    text_append(&sql, " FROM (SELECT ");
    for (size_t i = 0; i < map->from->n_columns; i++)
        pg_append(&sql, "%s($1).%I AS %I", i ? ", " : "", split_physical(map->from, &map->from->columns[i]),
                  map->from->columns[i].name);
    pg_append(&sql, ") AS %I", map->alias);
    for (size_t i = 0; i < map->n_conditions; i++)
        pg_append(&sql, "%s(%s)", i ? " AND " : " WHERE ", map->conditions[i]);
    text_append(&sql, "; END");
    return arena_strdup(model->arena, sql.data);
}
