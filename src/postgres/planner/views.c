#include "postgres/planner/views.h"

#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/shape.h"

static void push(struct model *model, const char ***statements, size_t *n, const char *sql)
{
    ARENA_PUSH(model->arena, *statements, *n, sql);
}

/* "SELECT TO role WITH GRANT OPTION" with its object: "GRANT SELECT ON view TO role WITH GRANT OPTION". column NULL: the whole. */
static void grant(struct model *model, const char *view, const char *column, const char *privilege,
                  const char ***statements, size_t *n)
{
    const char *to = strstr(privilege, " TO ");
    if (!to)
        return;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    text_append(&out, "GRANT ");
    text_append_n(&out, privilege, (size_t)(to - privilege));
    if (column)
        pg_append(&out, " (%I)", column);
    pg_append(&out, " ON %s%s", view, to);
    push(model, statements, n, arena_strdup(model->arena, out.data));
}

/* Whoever may use the table may use the view. */
static void grants(struct model *model, const struct model_table *table, const char *view, bool old_version,
                   const char ***statements, size_t *n)
{
    const struct table *origin = table->origin;
    if (strcmp(origin->owner, model->catalog->user) != 0)
        push(model, statements, n, pg_format(model->arena, "GRANT ALL ON %s TO %I", view, origin->owner));
    for (size_t i = 0; i < origin->n_grants; i++)
        grant(model, view, NULL, origin->grants[i], statements, n);
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (!column->origin || (column->dropped && !old_version))
            continue;
        for (size_t k = 0; k < column->origin->n_grants; k++)
            grant(model, view, old_version ? column->origin->name : column->name, column->origin->grants[k],
                  statements, n);
    }
}

/* A view has its owner's rights on the table, so that a role with rights on some columns need none on hidden ones. Row security
 * asks for the caller's rights (PostgreSQL 15; before, such a table is refused). */
static void begin_view(const struct model_table *table, const char *view, struct text *out)
{
    pg_append(out, "CREATE VIEW %s%s AS SELECT ", view,
              table->origin->row_security ? " WITH (security_invoker = true)" : "");
}

static void old_view(struct model *model, const struct model_table *table, const char *view,
                     const char ***statements, size_t *n)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    begin_view(table, view, &out);
    for (size_t i = 0; i < table->origin->n_columns; i++)
        pg_append(&out, "%s%I", i ? ", " : "", table->origin->columns[i].name);
    pg_append(&out, " FROM %s", table->real);
    push(model, statements, n, arena_strdup(model->arena, out.data));
    grants(model, table, view, true, statements, n);
}

void view_old(struct model *model, const struct model_table *table, const char ***statements, size_t *n)
{
    old_view(model, table, table->old_view, statements, n);
    for (size_t i = model->n_older_versions; i > 0; i--)
        old_view(model, table,
                 pg_format(model->arena, "%Q", model->older_versions[i - 1], table->origin->name), statements,
                 n);
}

const char *default_for_type(struct model *model, const struct model_column *column)
{
    struct error ignored;
    const char *expr = column->default_expr;
    if (!column->retyped || !expr || column->default_changed)
        return expr;
    return types_of_new_version(model->types, SQL_EXPRESSION, column->default_expr, &expr, &ignored)
               ? expr
               : column->default_expr;
}

const char *view_default(struct model *model, const struct model_table *table,
                         const struct model_column *column)
{
    const char *expr = default_for_type(model, column);
    if (column->number_function)
        return column->hidden && !column->up.expr ? NULL
                                                  : pg_format(model->arena, "%s()", column->number_function);
    if (column->domain_default && !expr && (!column->hidden || !column->origin))
        return column->domain_default->expr
                   ? column->domain_default->expr
                   : pg_format(model->arena, "CASE WHEN true THEN NULL::%s END", column->type);
    if (!column->hidden && !column->default_changed)
        return NULL;
    if (column->origin && model_old_sequence(model, table, column) &&
        model_new_sequence(model, table, column))
        return NULL; /* the old column's sequence gives the number, once, and the trigger carries it over */
    if ((!column->hidden && !expr) || column->old_default) {
        /* A bare NULL would not be stored, and the table's default would show through. */
        return pg_format(model->arena, "CASE WHEN true THEN NULL::%s END", column->type);
    }
    /* A hidden column that the old version's rows fill has no default in the table. */
    return column->hidden && !column->up.expr ? NULL : expr;
}

static void append_column(struct text *out, const struct model_column *column, size_t *count)
{
    /* What the server will generate cannot be written. Both branches give the type's modifier, which a lone one loses. */
    if (column->generated_expr)
        pg_append(out, "%sCASE WHEN true THEN %I ELSE %I END", (*count)++ ? ", " : "", column->physical,
                  column->physical);
    else
        pg_append(out, "%s%I", (*count)++ ? ", " : "", column->physical);
    if (strcmp(column->physical, column->name) != 0)
        pg_append(out, " AS %I", column->name);
}

/* A column that a child declares as well as its parent is added to the child first. */
static size_t place_of(const struct model_column *column)
{
    return column->inherited && column->origin && column->origin->merged ? 0 : column->order + 1;
}

static void append_hidden(const struct model_table *table, struct text *out, size_t *count)
{
    size_t last = 0;
    for (size_t i = 0; i < table->n_columns; i++)
        last = table->columns[i].hidden && table->columns[i].order + 1 > last ? table->columns[i].order + 1
                                                                              : last;
    for (size_t place = 0; place <= last; place++) {
        for (size_t i = 0; i < table->n_columns; i++) {
            const struct model_column *column = &table->columns[i];
            if (!column->dropped && column->hidden && place_of(column) == place)
                append_column(out, column, count);
        }
    }
}

void view_new(struct model *model, const struct model_table *table, const char ***statements, size_t *n)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    size_t count = 0;
    begin_view(table, table->new_view, &out);
    for (size_t i = 0; i < table->n_columns; i++) {
        if (!table->columns[i].dropped && !table->columns[i].hidden)
            append_column(&out, &table->columns[i], &count);
    }
    append_hidden(table, &out, &count);
    pg_append(&out, " FROM %s", table->real);
    push(model, statements, n, arena_strdup(model->arena, out.data));
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        const char *expr = column->dropped ? NULL : view_default(model, table, column);
        if (expr)
            push(model, statements, n,
                 pg_format(model->arena, "ALTER VIEW %s ALTER COLUMN %I SET DEFAULT %s", table->new_view,
                           column->name, expr));
    }
    grants(model, table, table->new_view, false, statements, n);
}
