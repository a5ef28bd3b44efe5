/* Do the rows present fit the table that they are copied to? Asked before anything is touched. */
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/split.h"

static const char *plain_name(const struct split_side *side)
{
    return side->table->origin ? side->table->origin->name : side->table->name;
}

/* A type that is made only in the expand phase cannot be asked about yet. */
static bool needs_new_type(const struct model *model, const char *text)
{
    for (size_t i = 0; i < model->types->n; i++) {
        const struct schema_type *type = &model->types->list[i];
        if ((!type->origin || type->replaced) && strstr(text, type->physical_name))
            return true;
    }
    return false;
}

static bool can_ask(const struct model *model, const struct split_map *map)
{
    for (size_t i = 0; i < map->n_keys + map->n_values; i++) {
        const struct split_value *value = i < map->n_keys ? &map->keys[i] : &map->values[i - map->n_keys];
        if (needs_new_type(model, value->expr) || needs_new_type(model, split_type(map->to, value->column)))
            return false;
    }
    return true;
}

/* "(SELECT the new row's columns, _segue_label FROM the old table WHERE it has a copy) AS <new table>" */
static const char *copied_rows(struct steps *steps, const struct split_map *map)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    const char **keys = NULL, **types = NULL;
    size_t n = 0;
    steps_walk_key(steps, map->from->table, &keys, &types, &n);
    text_append(&out, "(SELECT ");
    for (size_t i = 0; i < map->n_keys + map->n_values; i++) {
        const struct split_value *value = i < map->n_keys ? &map->keys[i] : &map->values[i - map->n_keys];
        pg_append(&out, "(%s)::%s AS %I, ", value->expr, split_type(map->to, value->column),
                  value->column->name);
    }
    pg_append(&out, "_segue_label FROM (SELECT ");
    for (size_t i = 0; i < map->from->n_columns; i++)
        pg_append(&out, "%I, ", map->from->columns[i].name);
    text_append(&out, n ? "concat_ws(', '" : "'ctid=' || ctid::text");
    for (size_t i = 0; i < n; i++)
        pg_append(&out, ", %L || %s::text", arena_printf(steps->arena, "%s=", keys[i]), keys[i]);
    pg_append(&out, "%s AS _segue_label FROM %s) AS %I", n ? ")" : "", map->from->real, map->alias);
    for (size_t i = 0; i < map->n_conditions; i++)
        pg_append(&out, "%s(%s)", i ? " AND " : " WHERE ", map->conditions[i]);
    pg_append(&out, ") AS %I", plain_name(map->to));
    return arena_strdup(steps->arena, out.data);
}

static void add(struct steps *steps, const struct split_map *map, const char *what, const char *title,
                const char *count, const char *sample, const char *message, const char *hint)
{
    struct step *step = step_begin(steps, PHASE_CHECK, STEP_CHECK, plain_name(map->from), what, title);
    step->check = arena_alloc(steps->arena, sizeof *step->check);
    *step->check = (struct check){.count = count, .sample = sample, .message = message, .hint = hint};
    step_lock(steps, map->from->real, "ACCESS SHARE");
    step->duration = DURATION_SCAN;
}

static void check_rows(struct steps *steps, const struct split_map *map, const char *what, const char *title,
                       const char *bad, const char *message, const char *hint)
{
    const char *rows = copied_rows(steps, map);
    add(steps, map, what, title, pg_format(steps->arena, "SELECT count(*) FROM %s WHERE %s", rows, bad),
        pg_format(steps->arena, "SELECT _segue_label FROM %s WHERE %s LIMIT 5", rows, bad), message, hint);
}

static void check_not_null(struct steps *steps, const struct split_map *map)
{
    struct arena *arena = steps->arena;
    for (size_t i = 0; i < map->n_values; i++) {
        const struct split_column *column = map->values[i].column;
        if (!column->not_null)
            continue;
        const char *name = arena_printf(arena, "%s.%s", plain_name(map->to), column->name);
        check_rows(steps, map, arena_printf(arena, "%s-not-null", column->name),
                   arena_printf(arena, "every copied row has a value for %s", name),
                   pg_format(arena, "%I IS NULL", column->name),
                   arena_printf(arena, "%s is NOT NULL, but gets NULL for %%s rows of %s", name,
                                plain_name(map->from)),
                   "give these rows a value with coalesce(…, …), or leave them out with where");
    }
}

static const struct split_value *value_of(const struct split_map *map, const char *column)
{
    for (size_t i = 0; i < map->n_keys + map->n_values; i++) {
        const struct split_value *value = i < map->n_keys ? &map->keys[i] : &map->values[i - map->n_keys];
        if (strcmp(value->column->name, column) == 0)
            return value;
    }
    return NULL;
}

static bool gives_all(const struct split_map *map, const struct constraint_def *def)
{
    for (size_t i = 0; i < def->n_columns; i++)
        if (!value_of(map, def->columns[i]))
            return false;
    return def->n_columns > 0;
}

static bool is_its_key(const struct split_map *map, const struct constraint_def *def)
{
    for (size_t i = 0; i < def->n_columns; i++) {
        const struct split_value *value = value_of(map, def->columns[i]);
        if (!value || value < map->keys || value >= map->keys + map->n_keys)
            return false;
    }
    return def->n_columns == map->n_keys;
}

static void check_unique(struct steps *steps, const struct split_map *map, const struct constraint_def *def)
{
    struct arena *arena = steps->arena;
    SEGUE_CLEANUP(text_free) struct text filter = {0};
    const char *list = pg_identifier_list(arena, def->columns, def->n_columns);
    for (size_t i = 0; i < def->n_columns; i++)
        pg_append(&filter, "%s%I IS NOT NULL", i ? " AND " : "", def->columns[i]);
    const char *groups = pg_format(arena, "FROM %s WHERE %s GROUP BY %s HAVING count(*) > 1",
                                   copied_rows(steps, map), filter.data, list);
    add(steps, map, "unique", arena_printf(arena, "no two copied rows have the same (%s)", list),
        pg_format(arena, "SELECT count(*) FROM (SELECT 1 %s) AS duplicates", groups),
        pg_format(arena, "SELECT string_agg(_segue_label, '; ') %s LIMIT 5", groups),
        arena_printf(arena, "%%s values of (%s) would be in table %s more than once", list,
                     plain_name(map->to)),
        "mend these rows first, or leave them out with where");
}

static void check_foreign_key(struct steps *steps, const struct split_map *map,
                              const struct constraint_def *def)
{
    struct arena *arena = steps->arena;
    const struct catalog *catalog = steps->model->catalog;
    if (def->references.schema && strcmp(def->references.schema, catalog->schema) != 0)
        return;
    const struct table *parent = catalog_table(catalog, def->references.name);
    const char **columns = def->ref_columns;
    size_t n = def->n_ref_columns;
    for (size_t i = 0; parent && !def->n_ref_columns && i < parent->n_constraints; i++)
        for (size_t k = 0; parent->constraints[i].kind == 'p' && k < parent->constraints[i].n_columns; k++)
            ARENA_PUSH(arena, columns, n,
                       table_column_number(parent, parent->constraints[i].columns[k])->name);
    if (!parent || n != def->n_columns)
        return;
    SEGUE_CLEANUP(text_free) struct text bad = {0};
    for (size_t i = 0; i < n; i++)
        pg_append(&bad, "%I.%I IS NOT NULL AND ", plain_name(map->to), def->columns[i]);
    pg_append(&bad, "NOT EXISTS (SELECT 1 FROM %Q AS _segue_parent WHERE ", catalog->schema, parent->name);
    for (size_t i = 0; i < n; i++)
        pg_append(&bad, "%s_segue_parent.%I = %I.%I", i ? " AND " : "", columns[i], plain_name(map->to),
                  def->columns[i]);
    text_append(&bad, ")");
    check_rows(steps, map, "foreign-key",
               arena_printf(arena, "every copied row finds its row in %s", parent->name),
               arena_strdup(arena, bad.data),
               arena_printf(arena, "%%s rows of %s would point to rows of %s that do not exist",
                            plain_name(map->from), parent->name),
               "mend these rows first, or leave them out with where");
}

static void check_constraints(struct steps *steps, const struct split *split, const struct split_map *map)
{
    const struct table_def *table = map->to->table->change->definition;
    struct arena *arena = steps->arena;
    for (size_t i = 0; i < table->n_constraints; i++) {
        const struct constraint_def *def = table->constraints[i];
        if (!gives_all(map, def))
            continue;
        if (def->kind == CONSTRAINT_CHECK) {
            const char *open = strchr(def->definition, '('), *close = strrchr(def->definition, ')');
            if (!open || !close || needs_new_type(steps->model, def->definition))
                continue;
            check_rows(
                steps, map, "check", arena_printf(arena, "the copied rows satisfy %s", def->definition),
                pg_format(arena, "%s IS FALSE", arena_strndup(arena, open, (size_t)(close - open) + 1)),
                arena_printf(arena, "%%s rows of %s violate %s of %s", plain_name(map->from),
                             def->name ? def->name : "a CHECK", plain_name(map->to)),
                "mend these rows first, or leave them out with where");
        } else if (def->kind == CONSTRAINT_FOREIGN_KEY) {
            check_foreign_key(steps, map, def);
        } else if (!split->many && !is_its_key(map, def)) {
            check_unique(steps, map, def);
        }
    }
}

/* Rows that share a copy must say the same of it: else which of them would be right? */
static void check_shared(struct steps *steps, const struct split_map *map)
{
    struct arena *arena = steps->arena;
    SEGUE_CLEANUP(text_free) struct text keys = {0};
    SEGUE_CLEANUP(text_free) struct text values = {0};
    SEGUE_CLEANUP(text_free) struct text label = {0};
    if (!map->n_values || model_allows(steps->model, "ambiguous-copy"))
        return;
    for (size_t i = 0; i < map->n_keys; i++) {
        const char *name = map->keys[i].column->name;
        pg_append(&keys, "%s%I", i ? ", " : "", name);
        pg_append(&label, ", %L || %I::text", arena_printf(arena, "%s=", name), name);
    }
    for (size_t i = 0; i < map->n_values; i++)
        pg_append(&values, "%s%I", i ? ", " : "", map->values[i].column->name);
    const char *groups = pg_format(arena, "FROM %s GROUP BY %s HAVING count(DISTINCT ROW(%s)::text) > 1",
                                   copied_rows(steps, map), keys.data, values.data);
    add(steps, map, "shared",
        arena_printf(arena, "rows with the same (%s) have the same (%s)", keys.data, values.data),
        pg_format(arena, "SELECT count(*) FROM (SELECT 1 %s) AS ambiguous", groups),
        pg_format(arena, "SELECT concat_ws(', '%s) || ' (' || count(*) || ' rows)' %s LIMIT 5", label.data,
                  groups),
        arena_printf(arena,
                     "for %%s values of (%s) the rows of %s do not agree on (%s), and share one row of %s",
                     keys.data, plain_name(map->from), values.data, plain_name(map->to)),
        "make them the same first, or, when any of them will do, write -- segue: allow ambiguous-copy because \"…\"");
}

void steps_split_check(struct steps *steps)
{
    for (size_t i = 0; i < steps->model->n_splits; i++) {
        const struct split *split = steps->model->splits[i];
        for (size_t p = 0; p < split->n_pairs; p++) {
            const struct split_map *map = split_copy(split, &split->pairs[p]);
            if (!can_ask(steps->model, map))
                continue;
            check_not_null(steps, map);
            if (!map->to->whole)
                continue;
            check_constraints(steps, split, map);
            if (split->many)
                check_shared(steps, map);
        }
    }
}
