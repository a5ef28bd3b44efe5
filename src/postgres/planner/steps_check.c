/* Phase check: do the rows present satisfy what the file will demand of them? Nothing is touched. */
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/exclusion.h"
#include "postgres/planner/fix.h"
#include "postgres/planner/marks.h"
#include "postgres/planner/shape.h"
#include "postgres/planner/split.h"
#include "postgres/planner/steps.h"
#include "postgres/planner/steps_partition.h"
#include "postgres/planner/sync.h"

const char *steps_row_label(struct steps *steps, const struct model_table *table, const char *alias)
{
    const char **keys = NULL, **types = NULL;
    size_t n = 0;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    steps_walk_key(steps, table, &keys, &types, &n);
    if (!n)
        return arena_printf(steps->arena, "'ctid=' || %sctid::text", alias);
    text_append(&out, "concat_ws(', '");
    for (size_t i = 0; i < n; i++)
        pg_append(&out, ", %L || %s%s::text", arena_printf(steps->arena, "%s=", keys[i]), alias, keys[i]);
    text_append(&out, ")");
    return arena_strdup(steps->arena, out.data);
}

const char *steps_real_name(struct steps *steps, const struct model_table *table)
{
    return table->real ? table->real
                       : pg_format(steps->arena, "%Q", steps->model->catalog->schema, table->origin->name);
}

void steps_check_count(struct steps *steps, const struct model_table *table, const char *what,
                       const char *title, const char *count, const char *sample, const char *message,
                       const char *hint)
{
    struct step *step = step_begin(steps, steps->late ? PHASE_EXPAND : PHASE_CHECK, STEP_CHECK,
                                   table->origin->name, what, title);
    struct check *check = arena_alloc(steps->arena, sizeof *check);
    *check = (struct check){.count = count, .sample = sample, .message = message, .hint = hint};
    step->check = check;
    step_lock(steps, steps_real_name(steps, table), "ACCESS SHARE");
    step->duration = DURATION_SCAN;
}

void steps_check_may_fail(struct steps *steps)
{
    steps->plan->steps[steps->plan->n_steps - 1].check->may_fail = true;
}

/* A check of single rows by a condition that bad ones fulfil. */
void steps_check_rows(struct steps *steps, const struct model_table *table, const char *what,
                      const char *title, const char *condition, const char *message, const char *hint)
{
    const char *name = table->origin->name;
    const char *real = steps_real_name(steps, table);
    const char *count =
        pg_format(steps->arena, "SELECT count(*) FROM %s AS %I WHERE %s", real, name, condition);
    const char *sample = pg_format(steps->arena, "SELECT %s FROM %s AS %I WHERE %s LIMIT 5",
                                   steps_row_label(steps, table, ""), real, name, condition);
    steps_check_count(steps, table, what, title, count, sample, message, hint);
}

bool steps_needs_new_type(const struct model *model, const char *expr)
{
    for (size_t i = 0; i < model->types->n; i++) {
        const struct schema_type *type = &model->types->list[i];
        if ((!type->origin || type->replaced) && strstr(expr, type->physical_name))
            return true;
    }
    return false;
}

static void check_not_null(struct steps *steps, const struct model_table *table,
                           const struct model_column *column)
{
    struct arena *arena = steps->arena;
    const char *what = arena_printf(arena, "%s-not-null", column->name);
    const char *name = table->origin->name;
    if (column->hidden && column->up.expr && column->not_null) {
        bool copies_not_null = !column->up.annotation && !column->using_expr && column->origin->not_null;
        if (copies_not_null || steps_needs_new_type(steps->model, column->up.expr))
            return;
        const char *expr = column->up.expr;
        /* The annotation may name the table as the new version does. */
        struct error ignored;
        if (!column->up.has_subquery &&
            !sql_expr_unqualify(arena, expr, column->up.annotation ? column->up.annotation->table.name : name,
                                &expr, &ignored))
            expr = column->up.expr;
        steps_check_rows(
            steps, table, what,
            arena_printf(arena, "up of %s.%s gives every row a value", name, column->name),
            pg_format(arena, "(%s)%s IS NULL", expr,
                      sync_is_composite(steps->model, column, false) ? "::text" : ""),
            arena_printf(arena, "%s.%s is NOT NULL, but its up gives NULL for %%s rows", name, column->name),
            "let up give a value for these rows, for example with coalesce(…, …)");
        steps_check_may_fail(steps);
    } else if (!column->hidden && column->not_null_set) {
        steps_check_rows(
            steps, table, what, arena_printf(arena, "%s.%s has no NULL", name, column->origin->name),
            pg_format(arena, "%I IS NULL", column->origin->name),
            arena_printf(arena, "%s.%s is to be NOT NULL, but is NULL in %%s rows", name,
                         column->origin->name),
            arena_printf(arena, "give these rows a value first, or write -- segue: up %s.%s = <expression>",
                         name, column->name));
    }
}

const char *steps_check_expression(struct arena *arena, const char *definition)
{
    const char *open = strchr(definition, '(');
    const char *close = strrchr(definition, ')');
    return open && close ? arena_strndup(arena, open, (size_t)(close - open + 1)) : "(true)";
}

static void check_check(struct steps *steps, const struct model_table *table,
                        const struct model_constraint *constraint, const char *definition)
{
    struct arena *arena = steps->arena;
    const char *name = table->origin->name;
    steps_check_rows(
        steps, table, constraint->name,
        arena_printf(arena, "the rows of %s satisfy constraint %s", name, constraint->name),
        pg_format(arena, "%s IS FALSE", steps_check_expression(arena, definition)),
        arena_printf(arena, "%%s rows of %s violate constraint \"%s\"", name, constraint->name),
        "mend these rows first, or write up for the column so that only the new version is bound");
}

static void check_unique(struct steps *steps, const struct model_table *table, const char *object,
                         const char **columns, size_t n, bool nulls_not_distinct)
{
    struct arena *arena = steps->arena;
    SEGUE_CLEANUP(text_free) struct text list = {0};
    SEGUE_CLEANUP(text_free) struct text filter = {0};
    SEGUE_CLEANUP(text_free) struct text label = {0};
    for (size_t i = 0; i < n; i++) {
        const char *physical = columns[i];
        for (size_t k = 0; k < table->n_columns; k++) {
            const struct model_column *column = &table->columns[k];
            if (column->origin && !column->dropped && strcmp(column->name, columns[i]) == 0)
                physical = column->origin->name;
        }
        pg_append(&list, "%s%I", i ? ", " : "", physical);
        pg_append(&filter, "%s%I IS NOT NULL", i ? " AND " : "", physical);
        pg_append(&label, ", %L || %I::text", arena_printf(arena, "%s=", physical), physical);
    }
    const char *groups = pg_format(arena, "FROM %s WHERE %s GROUP BY %s HAVING count(*) > 1", table->real,
                                   nulls_not_distinct ? "true" : filter.data, list.data);
    steps_check_count(
        steps, table, object,
        arena_printf(arena, "no two rows of %s have the same (%s)", table->origin->name, list.data),
        arena_printf(arena, "SELECT count(*) FROM (SELECT 1 %s) AS duplicates", groups),
        arena_printf(arena, "SELECT concat_ws(', '%s) || ' (' || count(*) || ' rows)' %s LIMIT 5", label.data,
                     groups),
        arena_printf(
            arena, "%%s values of (%s) in table %s are there more than once, so that \"%s\" cannot be unique",
            list.data, table->origin->name, object),
        "remove the duplicates first, or write up for the column so that only the new version is bound");
}

/* The columns a foreign key points to: those it names, or the primary key. */
static size_t referenced_columns(struct steps *steps, const struct constraint_def *def,
                                 const struct table *parent, const char ***out)
{
    *out = def->ref_columns;
    if (def->n_ref_columns)
        return def->n_ref_columns;
    size_t n = 0;
    const char **names = NULL;
    for (size_t i = 0; i < parent->n_constraints; i++) {
        const struct catalog_constraint *key = &parent->constraints[i];
        for (size_t k = 0; key->kind == 'p' && k < key->n_columns; k++)
            ARENA_PUSH(steps->arena, names, n, table_column_number(parent, key->columns[k])->name);
    }
    *out = names;
    return n;
}

static void check_foreign_key(struct steps *steps, const struct model_table *table,
                              const struct model_constraint *constraint)
{
    struct arena *arena = steps->arena;
    const struct constraint_def *def = constraint->def;
    const struct catalog *catalog = steps->model->catalog;
    if (def->references.schema && strcmp(def->references.schema, catalog->schema) != 0)
        return; /* another schema's columns are not in the snapshot: VALIDATE will tell */
    struct model_table *parent = model_table(steps->model, def->references.name);
    if (!parent || !parent->origin)
        return; /* a table of this file: it has no rows yet */
    const char **columns;
    size_t n = referenced_columns(steps, def, parent->origin, &columns);
    if (n != def->n_columns)
        return;
    SEGUE_CLEANUP(text_free) struct text filter = {0};
    SEGUE_CLEANUP(text_free) struct text join = {0};
    struct rename *renames = NULL;
    size_t n_renames = 0;
    steps_physical_names(steps, table, &renames, &n_renames);
    for (size_t i = 0; i < n; i++) {
        const char *own = def->columns[i];
        for (size_t k = 0; k < n_renames; k++)
            own = strcmp(renames[k].from, def->columns[i]) == 0 ? renames[k].to : own;
        const struct model_column *target = model_column(parent, columns[i]);
        if (target && target->hidden)
            return; /* its values are made by the backfill: VALIDATE will tell */
        pg_append(&filter, "%schild.%I IS NOT NULL", !i ? "" : def->match_full ? " OR " : " AND ", own);
        pg_append(&join, "%sparent.%I = child.%I", i ? " AND " : "", target ? target->physical : columns[i],
                  own);
    }
    const char *from = pg_format(
        arena, "FROM %s AS child WHERE (%s) AND NOT EXISTS (SELECT 1 FROM %s AS parent WHERE %s)",
        table->real, filter.data, pg_format(arena, "%Q", catalog->schema, parent->origin->name), join.data);
    steps_check_count(
        steps, table, constraint->name,
        arena_printf(arena, "every row of %s finds its row in %s", table->origin->name, parent->origin->name),
        arena_printf(arena, "SELECT count(*) %s", from),
        arena_printf(arena, "SELECT %s %s LIMIT 5", steps_row_label(steps, table, "child."), from),
        arena_printf(
            arena, "%%s rows of %s violate foreign key \"%s\": they point to rows of %s that do not exist%s",
            table->origin->name, constraint->name, parent->origin->name,
            def->match_full && n > 1 ? ", or are NULL in part, which MATCH FULL does not allow" : ""),
        "mend or remove these rows first");
}

static bool check_constraint(struct steps *steps, const struct model_table *table,
                             const struct model_constraint *constraint, struct error *err)
{
    const struct constraint_def *def = constraint->def;
    if (constraint->origin || constraint->dropped || def->not_valid ||
        constraint_on_hidden(table, constraint))
        return true;
    if (def->kind == CONSTRAINT_UNIQUE || def->kind == CONSTRAINT_PRIMARY_KEY) {
        bool same = strstr(constraint->definition, "NULLS NOT DISTINCT") != NULL;
        check_unique(steps, table, constraint->name, def->columns, def->n_columns, same);
    } else if (def->kind == CONSTRAINT_EXCLUSION) {
        return true; /* exclusion_check_rows */
    } else if (def->kind == CONSTRAINT_FOREIGN_KEY) {
        check_foreign_key(steps, table, constraint);
    } else {
        struct rename *renames = NULL;
        size_t n = 0;
        const char *definition;
        steps_physical_names(steps, table, &renames, &n);
        if (!sql_constraint_rename(steps->arena, constraint->definition, renames, n, false, false,
                                   &definition, err))
            return false;
        check_check(steps, table, constraint, definition);
    }
    return true;
}

/* Rows that the file mends first are looked at when that is done. */
static bool is_now(const struct steps *steps, const struct model_table *table, const struct change *change)
{
    return fix_comes_before(steps->model, table, change) == steps->late;
}

static bool check_table(struct steps *steps, const struct model_table *table, struct error *err)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (!column->dropped && !column->inherited && is_now(steps, table, column->change))
            check_not_null(steps, table, column);
    }
    for (size_t i = 0; i < table->n_constraints; i++) {
        const struct model_constraint *constraint = &table->constraints[i];
        if (is_now(steps, table, constraint->change) &&
            (!check_constraint(steps, table, constraint, err) ||
             !steps_check_new_shape(steps, table, constraint, err) ||
             !exclusion_check_rows(steps, table, constraint, err)))
            return false;
    }
    for (size_t i = 0; i < table->n_indexes; i++) {
        const struct model_index *index = &table->indexes[i];
        if (!index->origin && !index->dropped && index->def->unique && index->def->n_key_columns &&
            !index->def->has_where && !index_on_hidden(table, index) && is_now(steps, table, index->change))
            check_unique(steps, table, index->name, index->def->key_columns, index->def->n_key_columns,
                         index->def->nulls_not_distinct);
    }
    return true;
}

bool steps_check(struct steps *steps, struct error *err)
{
    if (!steps->late) {
        steps_split_check(steps);
        steps_partition_check(steps);
        steps_check_marks(steps);
    }
    if (!steps_check_domains(steps, err))
        return false;
    for (size_t t = 0; t < steps->model->n_tables; t++) {
        const struct model_table *table = &steps->model->tables[t];
        if (table->change && table->origin && !table->dropped && !check_table(steps, table, err))
            return false;
    }
    return true;
}
