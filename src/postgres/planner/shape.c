#include "postgres/planner/shape.h"

#include <ctype.h>
#include <string.h>

#include "postgres/format.h"
#include "postgres/planner/apply.h"
#include "postgres/planner/exclusion.h"
#include "postgres/planner/family.h"
#include "postgres/planner/sequence.h"

bool column_leaves(const struct model_column *column)
{
    return column->origin && (column->dropped || column->hidden);
}

bool conversion_is_copy(const struct conversion *conversion)
{
    return conversion->expr && !conversion->annotation && !conversion->function;
}

static bool reads_hidden(const struct model_table *table, const char **names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < table->n_columns; k++) {
            const struct model_column *column = &table->columns[k];
            if (!column->dropped && column->hidden && strcmp(column->name, names[i]) == 0)
                return true;
        }
    }
    return false;
}

static bool numbers_hidden(const struct model_table *table, const int *numbers, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct model_column *column = model_column_number(table, numbers[i]);
        if (column && column->hidden)
            return true;
    }
    return false;
}

bool constraint_on_hidden(const struct model_table *table, const struct model_constraint *constraint)
{
    if (constraint->origin)
        return numbers_hidden(table, constraint->origin->columns, constraint->origin->n_columns);
    return reads_hidden(table, constraint->def->columns, constraint->def->n_columns);
}

bool index_on_hidden(const struct model_table *table, const struct model_index *index)
{
    if (index->origin)
        return numbers_hidden(table, index->origin->columns, index->origin->n_columns);
    return reads_hidden(table, index->def->columns, index->def->n_columns);
}

/* Whether an expression calls a function that the catalog lists as volatile: a name before an opening parenthesis. */
static bool is_volatile(const struct model *model, const char *expr)
{
    for (size_t i = 0; i < model->catalog->n_volatile_functions; i++) {
        const char *name = model->catalog->volatile_functions[i];
        size_t length = strlen(name);
        for (const char *at = strstr(expr, name); at; at = strstr(at + 1, name)) {
            bool begins = at == expr || (!isalnum((unsigned char)at[-1]) && at[-1] != '_');
            const char *after = at + length;
            after += *after == '"';
            while (isspace((unsigned char)*after))
                after++;
            if (begins && *after == '(')
                return true;
        }
    }
    return false;
}

static struct conversion copy_of(struct arena *arena, const char *column)
{
    struct conversion conversion = {.expr = pg_format(arena, "%I", column)};
    ARENA_PUSH(arena, conversion.columns, conversion.n_columns, column);
    return conversion;
}

static bool missing_up(const struct model *model, const struct model_table *table,
                       const struct model_column *column, struct error *err)
{
    refuse(
        model, column->change->place, err,
        "column \"%s\" of table \"%s\" is NOT NULL without a default, and no up says what rows of the old version "
        "get",
        column->name, table->name);
    return error_hint(err, "write above the statement: -- segue: up %s.%s = <expression of the old columns>",
                      table->name, column->name);
}

/* `existing` is for the rows that are there; those to come from the old version need a value as well. */
static bool shape_existing(const struct model *model, const struct model_table *table,
                           struct model_column *column, struct error *err)
{
    bool constant = !column->existing.n_columns && !column->existing.has_subquery &&
                    !is_volatile(model, column->existing.expr);
    bool given = column->default_expr || column->number_function ||
                 (column->domain_default && column->domain_default->expr);
    if (constant)
        column->fast_default = column->existing.expr;
    else
        column->fill = column->existing;
    if (!column->not_null || given)
        return true;
    column->old_default = column->added_default;
    return column->old_default || missing_up(model, table, column, err);
}

static bool shape_added(struct model *model, struct model_table *table, struct model_column *column,
                        struct error *err)
{
    column->hidden = true;
    if (column->generated_expr)
        return shape_generated(model, table, column, err);
    if (column->up.expr && column->existing.expr) {
        refuse(model, column->existing.annotation->place, err,
               "column \"%s\" of table \"%s\" has both up and existing", column->name, table->name);
        return error_hint(err, "up already gives every row of the old version its value; leave existing out");
    }
    if (column->up.expr)
        return true;
    if (column->existing.expr)
        return shape_existing(model, table, column, err);
    /* A default that the file sets later is for rows to come alone. */
    bool numbered =
        !column->default_later || (column->added_default && is_volatile(model, column->added_default));
    if (column->number_function && numbered) {
        column->fill = (struct conversion){.expr = pg_format(model->arena, "%s()", column->number_function)};
        return true;
    }
    const char *given = column->added_default;
    if (!given && column->not_null)
        given = column->default_expr;
    /* The domain has that default by now in the file, but gets it only at `complete`. */
    const struct change *domain = column->domain_default;
    if (!given && domain && domain->expr && domain->place.line <= column->change->place.line)
        given = domain->expr;
    if (!given)
        return column->not_null ? missing_up(model, table, column, err) : true;
    if (is_volatile(model, given))
        column->fill = (struct conversion){.expr = given};
    else
        column->fast_default = given;
    if (column->not_null && !column->default_expr)
        column->old_default = given;
    return true;
}

/* Whether the file tightens or loosens anything about a column that both versions have. */
static bool touched(const struct model_table *table, const struct model_column *column)
{
    if (column->type_changed || column->retyped || column->not_null_set || column->not_null_dropped)
        return true;
    for (size_t i = 0; i < table->n_constraints; i++) {
        const struct model_constraint *constraint = &table->constraints[i];
        bool changes = constraint->origin ? constraint->dropped : !constraint->dropped;
        if (changes && model_constraint_reads(constraint, column))
            return true;
    }
    for (size_t i = 0; i < table->n_indexes; i++) {
        const struct model_index *index = &table->indexes[i];
        if (index->origin || !index->def->unique)
            continue;
        for (size_t k = 0; k < index->def->n_columns; k++) {
            if (strcmp(index->def->columns[k], column->name) == 0)
                return true;
        }
    }
    return false;
}

static bool missing_down(const struct model *model, const struct model_table *table,
                         const struct model_column *column, struct error *err)
{
    refuse(model, column->change->place, err,
           "column \"%s\" of table \"%s\" changes from %s to %s, which may lose something on the way back",
           column->name, table->name, column->origin->type, column->type);
    return error_hint(
        err, "write what the old version sees: -- segue: down %s.%s = <expression of the new columns>",
        table->name, column->origin->name);
}

static bool imply_conversions(struct model *model, struct model_table *table, struct model_column *column,
                              struct error *err)
{
    struct arena *arena = model->arena;
    const char *old_name = column->origin->name;
    if (!column->up.expr && column->using_expr) {
        column->up = (struct conversion){.expr = column->using_expr};
        if (!sql_expr_columns(arena, column->using_expr, table->origin->name, &column->up.columns,
                              &column->up.n_columns, &column->up.has_subquery, err))
            return refuse(model, column->change->place, err, "USING of column \"%s\": %s", column->name,
                          err->message);
    } else if (!column->up.expr) {
        column->up = copy_of(arena, old_name);
    }
    if (!shape_type_conversions(model, table, column, err))
        return false;
    if (column->down.expr || column->expression_dropped)
        return true;
    if (column->type_changed && !shape_lossless(column))
        return missing_down(model, table, column, err);
    column->down = copy_of(arena, column->name);
    return true;
}

static bool shape_kept(struct model *model, struct model_table *table, struct model_column *column,
                       struct error *err)
{
    const struct annotation *annotation =
        column->up.annotation ? column->up.annotation : column->down.annotation;
    if (column->existing.expr) {
        refuse(model, column->existing.annotation->place, err,
               "existing is for a new column; \"%s\" of table \"%s\" exists already", column->name,
               table->name);
        return error_hint(err, "write up to convert an existing column");
    }
    if (annotation && !touched(table, column)) {
        refuse(model, annotation->place, err, "the file does not change column \"%s\" of table \"%s\"",
               column->name, table->name);
        return error_hint(err,
                          "an annotation converts a column whose type or constraints change; leave it out");
    }
    if (!column_will_be_replaced(column))
        return true; /* shared */
    column->hidden = true;
    return imply_conversions(model, table, column, err) &&
           shape_check_dependents(model, table, column, "changed", err);
}

static bool shape_dropped(struct model *model, struct model_table *table, struct model_column *column,
                          struct error *err)
{
    const struct column *origin = column->origin;
    bool fills_itself = !origin->not_null || origin->default_expr || origin->identity || origin->generated;
    if (!column->down.expr && !fills_itself) {
        refuse(
            model, column->change->place, err,
            "column \"%s\" of table \"%s\" is NOT NULL: rows of the new version need a value for the old one",
            origin->name, table->name);
        return error_hint(err,
                          "write above the statement: -- segue: down %s.%s = <expression of the new columns>",
                          table->name, origin->name);
    }
    return shape_check_dependents(model, table, column, "dropped", err);
}

/* A down that reads a new column without up could not agree with the rows already there. */
static bool check_down_sources(const struct model *model, struct model_table *table,
                               const struct model_column *column, struct error *err)
{
    for (size_t i = 0; i < column->down.n_columns; i++) {
        const struct model_column *source = model_column(table, column->down.columns[i]);
        if (!source || source->origin || source->up.expr)
            continue;
        refuse(model, column->down.annotation ? column->down.annotation->place : column->change->place, err,
               "down of \"%s\" reads new column \"%s\", which has no up: the shapes of a row would not agree",
               column->origin->name, source->name);
        return error_hint(err, "write -- segue: up %s.%s = <expression of the old columns>", table->name,
                          source->name);
    }
    return true;
}

/* Generated columns get their values after the row triggers have run. */
static bool check_up_sources(const struct model *model, struct model_table *table,
                             const struct model_column *column, struct error *err)
{
    for (size_t i = 0; i < column->up.n_columns; i++) {
        const struct model_column *source = model_old_column(table, column->up.columns[i]);
        if (!source || !source->origin->generated)
            continue;
        refuse(
            model, column->up.annotation ? column->up.annotation->place : column->change->place, err,
            "up of \"%s\" reads \"%s\", a generated column, whose value is not yet known when the row is written",
            column->name, source->origin->name);
        return error_hint(err, "write the generation expression itself");
    }
    return true;
}

static bool shape_column(struct model *model, struct model_table *table, struct model_column *column,
                         struct error *err)
{
    shape_number_column(model, table, column);
    if (!column->dropped && !apply_check_between(model, table, column, err))
        return false;
    if (!column->origin)
        return shape_added(model, table, column, err);
    if (column->dropped)
        return shape_dropped(model, table, column, err);
    return shape_kept(model, table, column, err);
}

static bool shape_table(struct model *model, struct model_table *table, struct error *err)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (column->inherited)
            continue;
        if (!shape_column(model, table, &table->columns[i], err) ||
            (column->hidden && !column->dropped && !shape_check_domain(model, table, column, err)))
            return false;
    }
    for (size_t i = 0; i < table->n_columns; i++) {
        if (!check_up_sources(model, table, &table->columns[i], err) ||
            !check_down_sources(model, table, &table->columns[i], err))
            return false;
    }
    shape_names(model, table);
    if (!shape_on_generated(model, table, err) || !exclusion_check_table(model, table, err) ||
        !family_finish(model, table, err))
        return false;
    return (!table->has_hidden ||
            (shape_check_published(model, table, err) && shape_check_set_default(model, table, err))) &&
           (!table->has_walk || shape_check_triggers(model, table, err));
}

static void number_table(struct model *model, struct model_table *table, size_t *number)
{
    table->ordinal = arena_printf(model->arena, "%03zu%s%s", ++*number * 10, model->tag ? "_" : "",
                                  model->tag ? model->tag : "");
}

/* A table, then those that follow it. */
static bool shape_family(struct model *model, struct model_table *table, size_t *number, struct error *err)
{
    number_table(model, table, number);
    if (!shape_table(model, table, err))
        return false;
    for (size_t i = 0; i < table->n_children; i++) {
        struct model_table *child = &model->tables[table->children[i]];
        if (!family_follow(model, table, child, err) || !shape_family(model, child, number, err))
            return false;
    }
    return true;
}

bool shape_tables(struct model *model, struct error *err)
{
    size_t number = 0;
    shape_sequences(model);
    if (!shape_follow_keys(model, err) || !family_join(model, err))
        return false;
    for (size_t i = 0; i < model->n_tables; i++) {
        struct model_table *table = &model->tables[i];
        if (!table->change || table->member)
            continue; /* the file does not name it, or it follows its parent */
        if (table->origin && !table->dropped) {
            if (!shape_family(model, table, &number, err))
                return false;
            continue;
        }
        number_table(model, table, &number);
        bool shaped = true;
        if (table->origin && table->dropped) {
            table->real = pg_format(model->arena, "%Q", model->catalog->schema, table->origin->name);
            shaped = shape_check_dropped_table(model, table, err);
        } else {
            table->real = pg_format(model->arena, "%Q", model->catalog->schema, table->name);
        }
        if (!shaped)
            return false;
    }
    return true;
}
