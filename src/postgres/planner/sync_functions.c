/* Conversion functions: an expression of one version's columns, bound once. */
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/shape.h"
#include "postgres/planner/sync.h"

/* The column that a conversion names, in the version that it reads. */
static const struct model_column *source(const struct model_table *table, const char *name, bool old_version)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (old_version ? column->origin && strcmp(column->origin->name, name) == 0
                        : !column->dropped && strcmp(column->name, name) == 0)
            return column;
    }
    return NULL;
}

static const char *physical(const struct model_column *column, bool old_version)
{
    return old_version ? column->origin->name : column->physical;
}

const char *sync_value(struct model *model, const struct model_table *table,
                       const struct conversion *conversion, bool old_version, const char *row)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    if (conversion->function)
        pg_append(&out, "%s(", conversion->function);
    for (size_t i = 0; i < conversion->n_columns; i++) {
        const struct model_column *column = source(table, conversion->columns[i], old_version);
        pg_append(&out, "%s%s%I", i ? ", " : "", row, physical(column, old_version));
    }
    if (conversion->function)
        text_append_char(&out, ')');
    return arena_strdup(model->arena, text_string(&out));
}

static void parameters(const struct model_table *table, const struct conversion *conversion, bool old_version,
                       bool with_names, struct text *out)
{
    for (size_t i = 0; i < conversion->n_columns; i++) {
        const struct model_column *column = source(table, conversion->columns[i], old_version);
        text_append(out, i ? ", " : "");
        if (with_names)
            pg_append(out, "%I ", conversion->columns[i]);
        text_append(out, old_version ? column->origin->type : column->type);
    }
}

/* With a subquery the parameters stand in a FROM item under the table's name, so that names resolve as in a query. */
static void body(const struct model_table *table, const struct conversion *conversion, const char *expr,
                 const char *type, struct text *out)
{
    if (conversion->through_text)
        pg_append(out, "SELECT ((%s)::pg_catalog.text)::%s", expr, type);
    else if (!conversion->n_columns && !conversion->has_subquery)
        pg_append(out, "SELECT (%s)::%s", expr, type); /* a bare literal has no type of its own yet */
    else
        pg_append(out, "SELECT (%s)", expr);
    if (!conversion->has_subquery || !conversion->n_columns)
        return;
    text_append(out, " FROM (SELECT ");
    for (size_t i = 0; i < conversion->n_columns; i++)
        pg_append(out, "%s$%zu AS %I", i ? ", " : "", i + 1, conversion->columns[i]);
    pg_append(out, ") AS %I", table->origin->name);
}

static bool create_function(struct model *model, const struct model_table *table,
                            const struct conversion *conversion, bool old_version, const char *type,
                            const char **statement, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    const char *expr = conversion->expr;
    /* The annotation may name the table as either version does. */
    const char *name = conversion->annotation ? conversion->annotation->table.name : table->origin->name;
    if (conversion->n_columns && !sql_expr_unqualify(model->arena, expr, name, &expr, err))
        return false;
    text_append(&out, "CREATE OR REPLACE FUNCTION ");
    text_append(&out, conversion->tried ? conversion->tried : conversion->function);
    text_append(&out, "(");
    parameters(table, conversion, old_version, true, &out);
    pg_append(&out, ") RETURNS %s LANGUAGE sql BEGIN ATOMIC ", type);
    body(table, conversion, expr, type, &out);
    text_append(&out, "; END");
    *statement = arena_strdup(model->arena, out.data);
    return true;
}

/* What is tried and what stands otherwise are bound like every expression; between them chooses a function that knows only their names. */
static void create_choice(struct model *model, const struct model_table *table,
                          const struct conversion *conversion, const char *type, const char ***statements,
                          size_t *n)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    const char *constant = arena_printf(
        model->arena,
        "CREATE OR REPLACE FUNCTION %s() RETURNS %s LANGUAGE sql BEGIN ATOMIC SELECT (%s)::%s; END",
        conversion->constant, type, conversion->annotation->otherwise, type);
    ARENA_PUSH(model->arena, *statements, *n, constant);
    text_printf(&out, "CREATE OR REPLACE FUNCTION %s(", conversion->function);
    parameters(table, conversion, true, false, &out);
    text_printf(&out, ") RETURNS %s LANGUAGE plpgsql STABLE AS $segue$\nBEGIN\n  RETURN %s(", type,
                conversion->tried);
    for (size_t i = 0; i < conversion->n_columns; i++)
        text_printf(&out, "%s$%zu", i ? ", " : "", i + 1);
    text_printf(&out, ");\nEXCEPTION WHEN %s THEN\n  RETURN %s();\nEND\n$segue$", SYNC_ROW_ERRORS,
                conversion->constant);
    ARENA_PUSH(model->arena, *statements, *n, arena_strdup(model->arena, out.data));
}

bool sync_conversion_functions(struct model *model, struct model_table *table, const char ***statements,
                               size_t *n, struct error *err)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        struct model_column *column = &table->columns[i];
        const struct {
            const struct conversion *conversion;
            bool old_version;
            const char *type;
        } all[] = {{&column->up, true, column->type},
                   {&column->fill, true, column->type},
                   {&column->down, false, column->origin ? column->origin->type : NULL}};
        for (size_t k = 0; k < SEGUE_COUNT(all); k++) {
            const char *statement;
            if (!all[k].conversion->function || column->inherited)
                continue;
            if (!create_function(model, table, all[k].conversion, all[k].old_version, all[k].type, &statement,
                                 err))
                return false;
            ARENA_PUSH(model->arena, *statements, *n, statement);
            if (all[k].conversion->tried)
                create_choice(model, table, all[k].conversion, all[k].type, statements, n);
        }
    }
    return true;
}

void sync_function_signatures(struct model *model, struct model_table *table, const char ***signatures,
                              size_t *n)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        struct model_column *column = &table->columns[i];
        const struct conversion *all[] = {&column->up, &column->fill, &column->down};
        for (size_t k = 0; k < SEGUE_COUNT(all); k++) {
            if (!all[k]->function || column->inherited)
                continue;
            SEGUE_CLEANUP(text_free) struct text out = {0};
            text_append(&out, all[k]->function);
            text_append_char(&out, '(');
            parameters(table, all[k], k != 2, false, &out);
            text_append_char(&out, ')');
            ARENA_PUSH(model->arena, *signatures, *n, arena_strdup(model->arena, out.data));
            if (!all[k]->tried)
                continue;
            const char *arguments = out.data + strlen(all[k]->function);
            ARENA_PUSH(model->arena, *signatures, *n,
                       arena_printf(model->arena, "%s%s", all[k]->tried, arguments));
            ARENA_PUSH(model->arena, *signatures, *n, arena_printf(model->arena, "%s()", all[k]->constant));
        }
    }
    if (table->sync_function)
        ARENA_PUSH(model->arena, *signatures, *n, arena_printf(model->arena, "%s()", table->sync_function));
}
