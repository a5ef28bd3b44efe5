/*
 * One expression put to the server: parsed and analysed, never planned or run. It stands in a WHERE clause over a row of NULLs
 * with the version's columns, where the server refuses what an expression over one row cannot have: aggregates, window
 * functions, functions that return sets.
 */

#include <stdio.h>
#include <string.h>

#include "postgres/array.h"
#include "postgres/check_internal.h"
#include "postgres/format.h"
#include "postgres/parse_tree.h"
#include "postgres/sqltree_internal.h"
#include "sql.h"

/* Characters, as the server counts positions. */
static int characters(const char *text, size_t bytes)
{
    int count = 0;
    for (size_t i = 0; i < bytes && text[i]; i++)
        count += ((unsigned char)text[i] & 0xC0) != 0x80;
    return count;
}

void check_expr_row(struct text *sql, const struct check_expr *expr, bool lenient)
{
    const char *comma = "";
    text_append(sql, " FROM (SELECT ");
    for (size_t i = 0; i < expr->table->n_columns; i++) {
        const struct check_column *column = &expr->table->columns[i];
        if (!column->name[expr->version])
            continue;
        const char *type = column->type[expr->version];
        if (lenient && column->grown)
            type = strchr(type, '[') ? "text[]" : "text";
        pg_append(sql, "%sNULL::%s AS %I", comma, type, column->name[expr->version]);
        comma = ", ";
    }
    pg_append(sql, ") AS %I", expr->alias);
}

/* Returns how many characters stand before the expression. */
static int compose(struct text *sql, const struct check_expr *expr, bool lenient)
{
    text_append(sql, "SELECT 1");
    if (expr->table)
        check_expr_row(sql, expr, lenient);
    text_append(sql, " WHERE (");
    int before = characters(text_string(sql), sql->length);
    /* The line break ends a comment that the expression may end with. */
    pg_append(sql, "%s\n)", expr->text);
    if (!expr->type)
        text_append(sql, "::boolean");
    else if (!(lenient && expr->type_grows))
        pg_append(sql, "::%s IS NULL", expr->type);
    else
        text_append(sql, " IS NULL");
    return before;
}

static bool has_growing(const struct check_expr *expr)
{
    for (size_t i = 0; expr->table && i < expr->table->n_columns; i++)
        if (expr->table->columns[i].grown)
            return true;
    return expr->type_grows;
}

/* Where the server points, in the file; without a position, where the expression begins. */
static struct place place_of(const struct check_expr *expr, int offset)
{
    struct place place = expr->place;
    if (!expr->verbatim || offset < 0 || offset > characters(expr->text, strlen(expr->text)))
        return place;
    for (const char *c = expr->text; *c && offset > 0; c++) {
        if (((unsigned char)c[1] & 0xC0) == 0x80)
            continue;
        offset--;
        place.column++;
        if (*c == '\n')
            place = (struct place){.line = place.line + 1, .column = 1};
    }
    return place;
}

static void hint_columns(const struct check_expr *expr, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text names = {0};
    for (size_t i = 0; expr->table && i < expr->table->n_columns; i++) {
        const char *name = expr->table->columns[i].name[expr->version];
        if (name)
            pg_append(&names, "%s%I", names.length ? ", " : "", name);
    }
    if (!expr->table)
        error_hint(err, "a default may not use columns");
    else
        error_hint(err, "columns that can be used here (those of the %s version): %s",
                   expr->version == CHECK_OLD ? "old" : "new", text_string(&names));
}

/* The server speaks of the WHERE clause that the expression was put into. */
static void explain_clause(struct error *err)
{
    char words[sizeof err->message];
    char *clause = strstr(err->message, " in WHERE");
    if (!clause)
        return;
    *clause = '\0';
    (void)memcpy(words, err->message, sizeof words);
    (void)snprintf(err->message, sizeof err->message, "%.900s in an expression over one row", words);
}

bool check_expr_refuse(const struct check_run *run, const struct check_expr *expr, int offset,
                       struct error *err)
{
    if (err->class != ERROR_DATABASE)
        return false;
    err->class = ERROR_REFUSED;
    explain_clause(err);
    struct place place = place_of(expr, offset);
    error_where(err, "%s:%d:%d", run->migration->path, place.line, place.column);
    /* 42P01 is both a qualifier that is no table here and a table that a subquery reads and that is not there. */
    bool is_qualifier = strcmp(err->sqlstate, "42P01") == 0 && !strstr(err->message, "relation");
    if (strcmp(err->sqlstate, "42703") == 0 || is_qualifier)
        hint_columns(expr, err);
    if (!err->detail[0])
        error_detail(err, "in `%s`", expr->what);
    return false;
}

static bool parse(const struct check_run *run, const struct check_expr *expr, bool lenient, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text sql = {0};
    int before = compose(&sql, expr, lenient);
    return session_prepare(run->session, "", text_string(&sql), err) ||
           check_expr_refuse(run, expr, err->position ? err->position - 1 - before : -1, err);
}

/* Collects the functions that a tree calls, as two arrays for the server. */
struct calls {
    struct text schemas, names;
};

static void collect_call(ProtobufCMessage *message, void *context)
{
    struct calls *calls = context;
    if (message->descriptor != &pg_query__func_call__descriptor)
        return;
    const PgQuery__FuncCall *call = (const PgQuery__FuncCall *)message;
    if (!call->n_funcname)
        return;
    pg_array_add(&calls->schemas, call->n_funcname > 1 ? parse_string(call->funcname[0]) : NULL);
    pg_array_add(&calls->names, parse_string(call->funcname[call->n_funcname - 1]));
}

static bool refuse_volatile(const struct check_run *run, const struct check_expr *expr, const char *names,
                            struct error *err)
{
    error_set(err, ERROR_REFUSED, "`%s` calls a volatile function: %s", expr->what, names);
    error_hint(
        err,
        "both versions must compute the same value for the same row each time; use an expression over the row's "
        "columns, or declare the function IMMUTABLE or STABLE if it is");
    return error_where(err, "%s:%d:%d", run->migration->path, expr->place.line, expr->place.column);
}

static bool check_volatile(const struct check_run *run, const struct check_expr *expr, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text schemas = {0};
    SEGUE_CLEANUP(text_free) struct text names = {0};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    struct sql_expr parsed;
    struct parse_fault fault;
    if (!sql_expr_open(run->arena, expr->text, &parsed, &fault))
        return sql_fault(err, &fault, expr->what, expr->text);
    struct calls calls = {0};
    parse_walk(&parsed.tree->base, collect_call, &calls);
    schemas = calls.schemas;
    names = calls.names;
    if (!names.length)
        return true;
    const char *values[] = {pg_array_end(&schemas), pg_array_end(&names)};
    if (!session_query(run->session, sql_check_volatile, SEGUE_COUNT(values), values, &rows, err))
        return false;
    const char *found = rows_get(rows, 0, 0);
    return !found || refuse_volatile(run, expr, found, err);
}

bool check_expr_ask(struct check_run *run, const struct check_expr *expr, struct error *err)
{
    bool good = parse(run, expr, false, err);
    bool strict = good;
    if (!good && err->class == ERROR_REFUSED && has_growing(expr)) {
        struct error lenient;
        if (!session_run(run->session, "ROLLBACK TO SAVEPOINT segue_check", &lenient)) {
            *err = lenient;
            return false;
        }
        good = parse(run, expr, true, &lenient);
    }
    /* Values of a growing enum go through text, whatever their type. */
    if (strict && expr->column && !expr->type_grows && !check_assignment(run, expr, err))
        return false;
    return good && (!expr->no_volatile || check_volatile(run, expr, err));
}
