/* Phase expand: versions, types, new tables, hidden columns with their triggers and the running version's views, and what is shared. */
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/family.h"
#include "postgres/planner/fix.h"
#include "postgres/planner/rewrite.h"
#include "postgres/planner/sequence.h"
#include "postgres/planner/shape.h"
#include "postgres/planner/split.h"
#include "postgres/planner/statement.h"
#include "postgres/planner/steps.h"
#include "postgres/planner/steps_family.h"
#include "postgres/planner/sync.h"
#include "postgres/planner/views.h"

static void version_schema(struct steps *steps)
{
    const char *version = steps->model->new_version;
    struct step *step = step_begin(steps, PHASE_EXPAND, STEP_TRANSACTION, NULL, "version",
                                   arena_printf(steps->arena, "make version schema %s", version));
    step->flags = STEP_NO_LOCKS;
    step_why(steps, "an application chooses its version by its search_path");
    step_act(steps, pg_format(steps->arena, "CREATE SCHEMA %I", version));
    step_act(steps, pg_format(steps->arena, "GRANT USAGE ON SCHEMA %I TO PUBLIC", version));
    step_undo(steps, pg_format(steps->arena, "DROP SCHEMA IF EXISTS %I", version));
}

/* A column that is not there yet, or is another one when the file is done, cannot be pointed to from now on. */
static bool check_pointed(const struct steps *steps, const struct model_table *table, struct error *err)
{
    const struct model *model = steps->model;
    for (size_t i = 0; i < table->n_pointed; i++) {
        for (size_t k = 0; k < model->n_tables; k++) {
            const struct model_table *parent = &model->tables[k];
            if (parent->origin != table->pointed[i].table)
                continue;
            const struct model_column *column = &parent->columns[table->pointed[i].column];
            if (!column->hidden && !column->dropped)
                continue;
            refuse(
                model, table->change->place, err,
                "the new table \"%s\" has a foreign key to column \"%s\" of table \"%s\", which this file changes",
                table->name, column->name, parent->name);
            return error_hint(err, "add the foreign key in a migration of its own, after this one");
        }
    }
    return true;
}

static bool new_table(struct steps *steps, const struct model_table *table, struct error *err)
{
    if (!check_pointed(steps, table, err))
        return false;
    struct step *step = step_begin(steps, PHASE_EXPAND, STEP_TRANSACTION, table->name, "create",
                                   arena_printf(steps->arena, "create table %s", table->name));
    step->duration = DURATION_INSTANT;
    for (size_t i = 0; i < table->n_statements; i++)
        step_act(steps, table->statements[i]);
    step_undo(steps, pg_format(steps->arena, "DROP TABLE IF EXISTS %s", table->real));
    if (!table->n_references)
        step->flags = STEP_NO_LOCKS;
    const struct partition_def *part = table->change->partition;
    if (part && part->other.name && !part->bound) {
        step_lock(steps,
                  pg_format(steps->arena, "%Q",
                            part->other.schema ? part->other.schema : steps->model->catalog->schema,
                            part->other.name),
                  "SHARE UPDATE EXCLUSIVE");
        step->flags = 0;
    }
    for (size_t i = 0; i < table->n_references; i++) {
        const char *schema =
            table->references[i].schema ? table->references[i].schema : steps->model->catalog->schema;
        if (strcmp(table->references[i].name, table->name) != 0)
            step_lock(steps, pg_format(steps->arena, "%Q", schema, table->references[i].name),
                      "SHARE ROW EXCLUSIVE");
    }
    return true;
}

static bool functions(struct steps *steps, struct model_table *table, struct error *err)
{
    const char **statements = NULL, **signatures = NULL;
    size_t n = 0, n_signatures = 0;
    sequence_functions(steps->model, table, &statements, &n);
    if (!sync_conversion_functions(steps->model, table, &statements, &n, err))
        return refuse(steps->model, table->change->place, err, "table \"%s\": %s", table->name, err->message);
    if (table->sync_function)
        ARENA_PUSH(steps->arena, statements, n, sync_first_stage(steps->model, table));
    if (!n)
        return true;
    struct step *step =
        step_begin(steps, PHASE_EXPAND, STEP_TRANSACTION, table->origin->name, "functions",
                   arena_printf(steps->arena, "create the conversion functions of %s", table->origin->name));
    step->flags = STEP_NO_LOCKS;
    for (size_t i = 0; i < n; i++)
        step_act(steps, statements[i]);
    sequence_function_signatures(steps->model, table, &signatures, &n_signatures);
    sync_function_signatures(steps->model, table, &signatures, &n_signatures);
    for (size_t i = n_signatures; i > 0; i--)
        step_undo(steps, pg_format(steps->arena, "DROP FUNCTION IF EXISTS %s", signatures[i - 1]));
    return true;
}

/* ADD COLUMN for every hidden column, in one statement. A child gets them from its parent; but where it declares the old column
 * itself, it declares the new one as well, before its parent does. */
static void add_columns(struct steps *steps, const struct model_table *table, bool inherited)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (!column->hidden || column->dropped || column->inherited != inherited ||
            (inherited && !(column->origin && column->origin->merged)))
            continue;
        pg_append(&out, "%sADD COLUMN %I %s", out.length ? ", " : "", column->physical, column->type);
        if (column->collation)
            pg_append(&out, " COLLATE %s", column->collation);
        if (column->fast_default)
            pg_append(&out, " DEFAULT %s", column->fast_default);
        else if (shape_hides_domain_default(steps->model, column))
            text_append(&out, " DEFAULT NULL");
    }
    if (out.length)
        step_act(steps, pg_format(steps->arena, "ALTER TABLE %s %s", table->real, out.data));
}

/* The default for rows yet to come, where ADD COLUMN's own was for the rows already there. */
static void future_defaults(struct steps *steps, const struct model_table *table)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (!column->hidden || column->dropped || column->inherited || column->up.expr)
            continue;
        if (column->number_function) {
            step_act(steps, pg_format(steps->arena, "ALTER TABLE %s ALTER COLUMN %I SET DEFAULT %s()",
                                      table->real, column->physical, column->number_function));
            continue;
        }
        const char *future = column->old_default ? column->old_default : column->default_expr;
        bool same = column->fast_default && future && strcmp(column->fast_default, future) == 0;
        if (same || (!future && !column->fast_default))
            continue;
        if (future)
            step_act(steps, pg_format(steps->arena, "ALTER TABLE %s ALTER COLUMN %I SET DEFAULT %s",
                                      table->real, column->physical, future));
        else
            step_act(steps, pg_format(steps->arena, "ALTER TABLE %s ALTER COLUMN %I DROP DEFAULT",
                                      table->real, column->physical));
    }
}

static void column_grants(struct steps *steps, const struct model_table *table)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (!model_column_replaced(column))
            continue;
        for (size_t k = 0; k < column->origin->n_grants; k++) {
            const char *to = strstr(column->origin->grants[k], " TO ");
            if (to)
                step_act(steps, pg_format(steps->arena, "GRANT %s (%I) ON %s%s",
                                          arena_strndup(steps->arena, column->origin->grants[k],
                                                        (size_t)(to - column->origin->grants[k])),
                                          column->physical, table->real, to));
        }
    }
}

static void drop_columns_again(struct steps *steps, const struct model_table *table)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        bool merged = column->inherited && column->origin && column->origin->merged;
        if (column->hidden && !column->dropped && (!column->inherited || merged))
            pg_append(&out, "%sDROP COLUMN IF EXISTS %I", out.length ? ", " : "", column->physical);
    }
    if (out.length)
        step_undo(steps, pg_format(steps->arena, "ALTER TABLE %s %s", table->real, out.data));
}

static void add_triggers(struct steps *steps, const struct model_table *table)
{
    struct arena *arena = steps->arena;
    if (!table->sync_function)
        return;
    step_act(steps, sync_insert_trigger(steps->model, table));
    step_act(steps, sync_update_trigger(steps->model, table));
    step_act(steps, pg_format(arena, "ALTER TABLE %s ENABLE ALWAYS TRIGGER %s, ENABLE ALWAYS TRIGGER %s",
                              table->real, table->sync_insert, table->sync_update));
}

void steps_hidden_columns(struct steps *steps, const struct model_table *table)
{
    add_columns(steps, table, false);
    future_defaults(steps, table);
    column_grants(steps, table);
}

static void edge_undo(struct steps *steps, const struct model_table *table)
{
    struct arena *arena = steps->arena;
    if (table->versioned)
        step_undo(steps, pg_format(arena, "DROP VIEW IF EXISTS %s", table->old_views));
    if (table->sync_function) {
        step_undo(steps,
                  pg_format(arena, "DROP TRIGGER IF EXISTS %s ON %s", table->sync_insert, table->real));
        step_undo(steps,
                  pg_format(arena, "DROP TRIGGER IF EXISTS %s ON %s", table->sync_update, table->real));
    }
}

void steps_edge_views(struct steps *steps, const struct model_table *table)
{
    const char **view = NULL;
    size_t n = 0;
    add_triggers(steps, table);
    if (table->versioned)
        view_old(steps->model, table, &view, &n);
    for (size_t k = 0; k < n; k++)
        step_act(steps, view[k]);
    edge_undo(steps, table);
}

void steps_edge_undo_columns(struct steps *steps, const struct model_table *table)
{
    drop_columns_again(steps, table);
}

/* The edge: columns, triggers and the running version's view in one short transaction, because a gap between any two of them
 * is a gap in which the old version's writes fail or are lost. What is below the table follows in the same one. */
static void edge(struct steps *steps, const struct model_table *table)
{
    struct arena *arena = steps->arena;
    const struct model_table **members = NULL;
    size_t n_members = 0;
    struct step *step = step_begin(
        steps, PHASE_EXPAND, STEP_TRANSACTION, table->origin->name, table->has_hidden ? "columns" : "view",
        arena_printf(arena, "%s %s",
                     table->has_hidden ? "add the hidden columns of" : "make the running version's view of",
                     table->origin->name));
    step->duration = rewrite_may_be_long(steps->model, table) ? DURATION_HELD : DURATION_INSTANT;
    step_why(steps, "columns, triggers and the running version's view appear together");
    step_lock(steps, table->real,
              table->has_hidden      ? "ACCESS EXCLUSIVE"
              : table->sync_function ? "SHARE ROW EXCLUSIVE"
                                     : "ACCESS SHARE");
    family_members(steps->model, table, arena, &members, &n_members);
    for (size_t i = n_members; i > 0; i--)
        add_columns(steps, members[i - 1], true);
    for (size_t i = 0; i < n_members; i++) {
        steps_hidden_columns(steps, members[i]);
        steps_edge_views(steps, members[i]);
    }
    for (size_t i = 0; i < n_members; i++)
        drop_columns_again(steps, members[i]);
}

/* Whether the table or anything below it is seen differently by the versions. */
static bool has_edge(const struct model *model, const struct model_table *table)
{
    bool any = table->versioned;
    for (size_t i = 0; i < table->n_children; i++)
        any = any || has_edge(model, &model->tables[table->children[i]]);
    return any;
}

/* New tables and statements that stand above a change of the file (NULL: all), in its order. */
static bool make_above(struct steps *steps, const struct change *change, size_t *next, struct error *err)
{
    const struct model *model = steps->model;
    for (; *next < model->n_tables; (*next)++) {
        const struct model_table *table = &model->tables[*next];
        if (!table->change || table->origin || table->late || table->made_with)
            continue;
        if (change && table->change > change)
            break;
        steps_statements_expand(steps, table->change);
        if (!new_table(steps, table, err))
            return false;
    }
    steps_statements_expand(steps, change);
    return true;
}

/* In the order of the file: what is new, what runs as it stands, and rows that are mended. Then it is looked at what the file demands
 * of these rows. */
static bool make_and_mend(struct steps *steps, struct error *err)
{
    const struct model *model = steps->model;
    size_t next = 0;
    for (size_t i = 0; i < model->n_fixes; i++) {
        if (model->fixes[i].phase != PHASE_EXPAND)
            continue;
        if (!make_above(steps, model->fixes[i].change, &next, err) ||
            !steps_fix(steps, &model->fixes[i], err))
            return false;
    }
    if (!make_above(steps, NULL, &next, err))
        return false;
    steps->late = true;
    bool good = steps_check(steps, err);
    steps->late = false;
    return good;
}

bool steps_expand(struct steps *steps, struct error *err)
{
    struct model *model = steps->model;
    version_schema(steps);
    steps_statements_early(steps, true);
    steps_expand_types(steps);
    steps_statements_early(steps, false);
    steps_create_sequences(steps);
    if (!make_and_mend(steps, err))
        return false;
    for (size_t i = 0; i < model->n_tables; i++) {
        struct model_table *table = &model->tables[i];
        if (table->change && table->origin && !table->dropped && !functions(steps, table, err))
            return false;
    }
    for (size_t i = 0; i < model->n_tables; i++) {
        const struct model_table *table = &model->tables[i];
        if (!table->change || !table->origin || table->dropped)
            continue;
        if (!table->member && !table->rebuilt && has_edge(steps->model, table))
            edge(steps, table);
        steps_shared_changes(steps, table);
    }
    steps_split_expand(steps);
    return true;
}
