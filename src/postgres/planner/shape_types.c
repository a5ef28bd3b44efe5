/* Columns whose type is one of the schema's own, which the file changes. */
#include <string.h>

#include "base/compare.h"
#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/rewrite.h"
#include "postgres/planner/shape.h"

static void retype_column(struct model *model, struct model_table *table, struct model_column *column,
                          const struct schema_type *type)
{
    column->retyped = true;
    column->type = pg_format(model->arena, "%s%s", type->physical, column->origin->type_is_array ? "[]" : "");
    column->change = type->change;
    if (!table->change)
        table->change = type->change;
}

/* What reads the column is made anew for the new version's: the same words about another type. */
static bool retype_definitions(struct model *model, struct model_table *table, struct error *err)
{
    for (size_t i = 0; i < table->n_constraints; i++) {
        struct model_constraint *constraint = &table->constraints[i];
        if (constraint->origin && (constraint->origin->kind == 'c' || constraint->origin->kind == 'x') &&
            !types_of_new_version(model->types, SQL_CONSTRAINT, constraint->definition,
                                  &constraint->definition, err))
            return false;
    }
    for (size_t i = 0; i < table->n_indexes; i++) {
        struct model_index *index = &table->indexes[i];
        if (index->origin && !index->origin->constraint &&
            !types_of_new_version(model->types, SQL_STATEMENT, index->definition, &index->definition, err))
            return false;
    }
    return true;
}

static bool retype_table(struct model *model, struct model_table *table, struct error *err)
{
    bool any = false;
    for (size_t i = 0; i < table->n_columns; i++) {
        struct model_column *column = &table->columns[i];
        const struct schema_type *type = column->origin ? types_of_column(model->types, column->origin)
                                                        : types_written(model->types, column->type);
        if (!type || column->dropped || column->type_changed)
            continue;
        for (size_t k = 0; k < type->n_shared; k++) {
            if (type->shared[k]->kind != CHANGE_DOMAIN_DEFAULT || column->default_expr)
                continue;
            column->domain_default = type->shared[k];
            table->change = table->change ? table->change : type->shared[k];
        }
        if (!type->replaced || !column->origin)
            continue;
        retype_column(model, table, column, type);
        any = true;
    }
    return !any || retype_definitions(model, table, err);
}

static bool refuse_drop(const struct model *model, const struct schema_type *type, const struct text *users,
                        struct error *err)
{
    refuse(model, type->change->place, err, "type \"%s\" cannot be dropped: other objects depend on it",
           type->origin->name);
    error_detail(err, "%s", text_string(users));
    return error_hint(err, "drop or change these first");
}

/* psql would not drop a type that is in use either. */
static bool check_drop(const struct model *model, const struct schema_type *type, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text users = {0};
    for (size_t i = 0; i < type->origin->n_other_users; i++)
        text_printf(&users, "%s%s", users.length ? "\n" : "", type->origin->other_users[i]);
    for (size_t t = 0; t < model->n_tables; t++) {
        const struct model_table *table = &model->tables[t];
        for (size_t c = 0; !table->dropped && c < table->n_columns; c++) {
            const struct model_column *column = &table->columns[c];
            bool stays = column->origin && !column->dropped && !column->type_changed;
            if (stays && types_of_column(model->types, column->origin) == type)
                text_printf(&users, "%scolumn %s of table %s", users.length ? "\n" : "", column->name,
                            table->name);
        }
    }
    return !users.length || refuse_drop(model, type, &users, err);
}

/* An added attribute would be one of the old version's values as well, and a dropped one would take them away. */
static bool check_attributes(const struct model *model, const struct schema_type *type, struct error *err)
{
    for (size_t t = 0; t < model->n_tables; t++) {
        const struct model_table *table = &model->tables[t];
        for (size_t c = 0; table->origin && c < table->n_columns; c++) {
            const struct model_column *column = &table->columns[c];
            if (types_of_column(model->types, column->origin) != type)
                continue;
            refuse(model, type->shared[0]->place, err,
                   "composite type \"%s\" cannot be changed online: column \"%s\" of table \"%s\" has it",
                   type->origin->name, column->origin->name, table->origin->name);
            return error_hint(err,
                              "CREATE TYPE with another name, ALTER COLUMN … TYPE to it with USING, and "
                              "-- segue: down %s.%s = <expression>",
                              table->origin->name, column->origin->name);
        }
    }
    return true;
}

bool shape_retype_columns(struct model *model, struct error *err)
{
    for (size_t i = 0; i < model->types->n; i++) {
        const struct schema_type *type = &model->types->list[i];
        if (type->origin && type->dropped && !check_drop(model, type, err))
            return false;
        if (type->origin && type->kind == 'c' && type->n_shared && !check_attributes(model, type, err))
            return false;
    }
    for (size_t i = 0; i < model->n_tables; i++) {
        struct model_table *table = &model->tables[i];
        if (table->origin && !table->dropped && !retype_table(model, table, err))
            return false;
    }
    return true;
}

/* Whether the old version knows every value that the new one may write. */
static bool labels_known(const struct schema_type *old, const struct schema_type *now)
{
    for (size_t i = 0; i < now->n_labels; i++) {
        bool renamed = false;
        for (size_t k = 0; old == now && k < now->n_relabels; k++)
            renamed = renamed || strcmp(now->relabels[k].to, now->labels[i]) == 0;
        if (!renamed && !name_is_among(old->origin->labels, old->origin->n_labels, now->labels[i]))
            return false;
    }
    return true;
}

static bool missing_enum_down(const struct model *model, const struct model_table *table,
                              const struct model_column *column, struct error *err)
{
    refuse(model, column->change->place, err,
           "column \"%s\" of table \"%s\" gets new values that the old version does not know", column->name,
           table->name);
    return error_hint(
        err,
        "write -- segue: down %s.%s = CASE WHEN … THEN 'a value it knows' ELSE %s::text END::%s, or put \"-- segue: phase "
        "expand\" before ALTER TYPE to add the value at once for both versions (it then stays after a rollback)",
        table->name, column->origin->name, column->name, column->origin->type);
}

static struct conversion of_column(struct model *model, const char *column, const char *expr)
{
    struct conversion conversion = {.expr = expr};
    ARENA_PUSH(model->arena, conversion.columns, conversion.n_columns, column);
    return conversion;
}

/* The value of the other version's column, cast to the type by way of what it has in common with its own. */
static const char *cast(struct model *model, const struct model_column *column,
                        const struct schema_type *type, const char *name, bool back)
{
    bool array = column->origin->type_is_array;
    const char *expr = pg_format(model->arena, "%I", name);
    const char *labels = types_relabelled(model->types, type, expr, array, back);
    if (type->kind == 'd')
        return pg_format(model->arena, "%s::%s%s", expr, type->origin->base, array ? "[]" : "");
    return labels ? labels : expr;
}

bool shape_type_conversions(struct model *model, const struct model_table *table, struct model_column *column,
                            struct error *err)
{
    const struct schema_type *old = types_of_column(model->types, column->origin);
    const struct schema_type *now = types_written(model->types, column->type);
    if (!old || !now || old->kind != now->kind || old->kind == 'd')
        return true;
    if (old->kind == 'e' && column->type_changed && column->default_expr && !column->default_changed) {
        refuse(model, column->change->place, err,
               "default for column \"%s\" cannot be cast automatically to type %s", column->name, now->name);
        return error_hint(err, "write ALTER COLUMN %s DROP DEFAULT before it, and SET DEFAULT after it",
                          column->name);
    }
    column->through_text = old->kind == 'e' || column->retyped;
    column->up.through_text = column->down.through_text = column->through_text;
    if (column->retyped && !column->up.annotation)
        column->up =
            of_column(model, column->origin->name, cast(model, column, now, column->origin->name, false));
    column->up.through_text = column->through_text;
    if (column->down.expr || !column->through_text)
        return true;
    if (old->kind == 'e' && !labels_known(old, now))
        return missing_enum_down(model, table, column, err);
    column->down = of_column(model, column->name, cast(model, column, now, column->name, true));
    column->down.through_text = true;
    return true;
}

bool shape_check_domain(const struct model *model, const struct model_table *table,
                        const struct model_column *column, struct error *err)
{
    const struct schema_type *type = types_written(model->types, column->type);
    if (!type || type->kind != 'd')
        return true;
    /* A column that only its annotation makes another one is not named by a change. */
    struct place place = column->change ? column->change->place : table->change->place;
    if (types_are_not_null(model->types, type)) {
        refuse(
            model, place, err,
            "domain \"%s\" of column \"%s\" is NOT NULL, so that rows which have no value yet cannot be told",
            type->name, column->name);
        return error_hint(err, "leave NOT NULL out of the domain and write it at the column");
    }
    return !types_are_constrained(model->types, type) ||
           rewrite_allowed(model, table, place, "a new column of a domain with constraints", err);
}

bool shape_hides_domain_default(const struct model *model, const struct model_column *column)
{
    const struct schema_type *type = types_written(model->types, column->type);
    return column->hidden && !column->dropped && (column->up.expr || column->fill.expr) &&
           types_have_default(type);
}
