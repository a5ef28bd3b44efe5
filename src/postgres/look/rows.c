/* Whether rows make a statement fail: nulls, duplicates, orphans, rows that break a CHECK. */
#include <string.h>

#include "postgres/format.h"
#include "postgres/look/look_internal.h"
#include "postgres/sqltree.h"
#include "sql.h"

/* One statement under the eye. */
struct rows_look {
    struct look *look;
    const struct look_table *table;
    const struct lint_statement *statement;
    const struct lint_action *action;
    struct arena *arena;
};

static struct lint_answer nulls(const struct rows_look *r, const char *column)
{
    const char *what = arena_printf(r->arena, "rows of %s with null in %s", r->action->relation.name, column);
    return look_count(r->look, r->table, pg_format(r->arena, "t.%I IS NULL", column), what, r->arena);
}

static struct lint_answer nulls_of_all(const struct rows_look *r)
{
    struct lint_answer worst = {0};
    for (size_t i = 0; i < r->action->n_columns; i++) {
        struct lint_answer answer = nulls(r, r->action->columns[i]);
        if (answer.truth > worst.truth)
            worst = answer;
    }
    return worst;
}

/* What the planner knows of one column's values tells that there must be duplicates, or nothing. */
static bool too_few_values(const struct rows_look *r, const char **words)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    const char *values[] = {r->table->relation, r->action->columns[0], NULL};
    if (r->action->n_columns != 1 ||
        !look_ask(r->look, sql_lint_column, SEGUE_COUNT(values), values, &rows) || !rows_get(rows, 0, 2))
        return false;
    double distinct = look_number(rows, 0, 2), nulls = look_number(rows, 0, 1);
    double share = distinct < 0 ? -distinct : distinct / r->table->told.rows;
    if (share > 0.5 * (1 - nulls))
        return false;
    *words = arena_printf(r->arena,
                          "%s has about %.0f different values in about %.0f rows, as of the last ANALYZE",
                          r->action->columns[0], share * r->table->told.rows, r->table->told.rows);
    return true;
}

static bool all_named(const struct lint_action *action)
{
    for (size_t i = 0; i < action->n_columns; i++) {
        if (!action->columns[i])
            return false;
    }
    return action->n_columns > 0;
}

static const char *list(const struct rows_look *r, const char *prefix, const char *suffix,
                        const char *between)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    for (size_t i = 0; i < r->action->n_columns; i++)
        pg_append(&out, "%s%s%I%s", i ? between : "", prefix, r->action->columns[i], suffix);
    return arena_strdup(r->arena, text_string(&out));
}

static struct lint_answer duplicates(const struct rows_look *r)
{
    const char *words = NULL;
    if (r->action->flags & LINT_USING_INDEX)
        return (struct lint_answer){0};
    const struct lint_slice place = r->action->place;
    const char *text = arena_strndup(r->arena, r->statement->text + place.begin, place.end - place.begin);
    bool plain = all_named(r->action) && !(r->action->flags & LINT_WITHOUT_OVERLAPS) &&
                 !r->action->expr.end && !strcasestr(text, "not distinct");
    if (!plain)
        return look_not_at(r->arena,
                           "whether values of %s are there twice: the key is no plain list of columns",
                           r->action->relation.name);
    if (look_is_large(r->look, r->table)) {
        if (too_few_values(r, &words))
            return (struct lint_answer){.truth = LINT_YES, .words = words};
        return look_not_at(r->arena, "whether values of %s are there twice, as it is large; --exact looks",
                           list(r, "", "", ", "));
    }
    const char *query =
        arena_printf(r->arena, "SELECT min(%s) FROM %s AS t WHERE %s GROUP BY %s HAVING count(*) > 1",
                     look_key_of(r->table, r->arena), r->table->relation,
                     list(r, "t.", " IS NOT NULL", " AND "), list(r, "t.", "", ", "));
    const char *what =
        arena_printf(r->arena, "values of %s are there more than once, at", list(r, "", "", ", "));
    return look_keys(r->look, query, what, r->arena);
}

static struct lint_answer key(const struct rows_look *r)
{
    struct lint_answer answer = {0};
    bool whole = all_named(r->action) && !(r->action->flags & LINT_USING_INDEX);
    if (r->action->act == LINT_ADD_PRIMARY_KEY && whole)
        answer = nulls_of_all(r);
    return answer.truth == LINT_YES ? answer : duplicates(r);
}

/* Columns that the foreign key points to, as SQL names. NULL: there is no such table, or no key. */
static const char **referred(const struct rows_look *r, const struct look_table *other)
{
    const struct lint_action *action = r->action;
    const char **names = arena_alloc(r->arena, (action->n_columns + 1) * sizeof *names);
    if (action->n_referred == action->n_columns) {
        for (size_t i = 0; i < action->n_columns; i++)
            names[i] = pg_format(r->arena, "%I", action->referred[i]);
        return names;
    }
    /* The primary key: names with commas in them are left to the server. */
    char *list = arena_strdup(r->arena, other->key ? other->key : "");
    size_t n = 0;
    for (char *save = NULL, *name = strtok_r(list, ",", &save); name; name = strtok_r(NULL, ",", &save)) {
        if (n < action->n_columns)
            names[n] = name;
        n++;
    }
    return action->n_referred == 0 && n == action->n_columns ? names : NULL;
}

static struct lint_answer orphans(const struct rows_look *r)
{
    const struct lint_action *action = r->action;
    const struct look_table *other = look_table(r->look, action->other);
    if (known_is_changed(r->look->known, action->other))
        return look_not_at(r->arena, "whether rows of %s have no row in %s: the files change it before",
                           action->relation.name, action->other.name);
    if (!other->relation)
        return (struct lint_answer){.truth = LINT_YES,
                                    .words = arena_printf(r->arena, "%s is not there", action->other.name)};
    const char **names = all_named(action) ? referred(r, other) : NULL;
    if (!names || !other->readable)
        return look_not_at(r->arena, "whether rows of %s have no row in %s: %s", action->relation.name,
                           action->other.name, names ? "the role may not read it" : "its key is not known");
    SEGUE_CLEANUP(text_free) struct text condition = {0};
    for (size_t i = 0; i < action->n_columns; i++)
        pg_append(&condition, "t.%I IS NOT NULL AND ", action->columns[i]);
    pg_append(&condition, "NOT EXISTS (SELECT FROM %s AS o WHERE ", other->relation);
    for (size_t i = 0; i < action->n_columns; i++)
        pg_append(&condition, "%so.%s = t.%I", i ? " AND " : "", names[i], action->columns[i]);
    text_append(&condition, ")");
    const char *what =
        arena_printf(r->arena, "rows of %s without a row in %s", action->relation.name, action->other.name);
    return look_count(r->look, r->table, text_string(&condition), what, r->arena);
}

/* Rows that break the CHECK of these bytes. */
static struct lint_answer breaks(const struct rows_look *r, const char *text, struct lint_slice slice)
{
    struct error err;
    const struct lint_action *action = r->action;
    const char *bare = NULL;
    const char *expr = look_expression(r->look, text, slice, r->arena);
    if (!expr || !sql_expr_unqualify(r->arena, expr, action->relation.name, &bare, &err))
        return look_not_at(r->arena,
                           "whether rows of %s break the CHECK: it is more than columns and operators",
                           action->relation.name);
    const char *what = arena_printf(r->arena, "rows of %s that break the CHECK", action->relation.name);
    return look_count(r->look, r->table, arena_printf(r->arena, "NOT (%s)", bare), what, r->arena);
}

/* A CHECK that is there and was never tried on the rows; of a foreign key it is not known what it points to. What a file adds was
 * looked at where it does. */
static struct lint_answer not_validated(const struct rows_look *r)
{
    const struct known_relation *relation = known_relation(r->look->known, r->action->relation);
    const struct known_constraint *constraint = known_constraint(relation, r->action->name);
    if (!constraint || constraint->valid || constraint->dropped || constraint->file)
        return (struct lint_answer){0};
    if (constraint->kind != KNOWN_CHECK || !constraint->expr)
        return look_not_at(r->arena, "whether rows of %s break %s: it is no CHECK", r->action->relation.name,
                           r->action->name);
    return breaks(r, constraint->expr, (struct lint_slice){0, strlen(constraint->expr)});
}

static bool asks(const struct lint_action *action)
{
    switch (action->act) {
    case LINT_SET_NOT_NULL:
    case LINT_ADD_NOT_NULL:
    case LINT_ADD_CHECK:
    case LINT_ADD_FOREIGN_KEY:
    case LINT_ADD_UNIQUE:
    case LINT_ADD_PRIMARY_KEY:
    case LINT_VALIDATE:
    case LINT_ALTER_TYPE: return true;
    case LINT_CREATE_INDEX: return (action->flags & LINT_UNIQUE) != 0;
    default: return false;
    }
}

static struct lint_answer look_at(const struct rows_look *r)
{
    switch (r->action->act) {
    case LINT_SET_NOT_NULL:
    case LINT_ADD_NOT_NULL: return nulls(r, r->action->column);
    case LINT_ADD_CHECK: return breaks(r, r->statement->text, r->action->expr);
    case LINT_VALIDATE: return not_validated(r);
    case LINT_ADD_FOREIGN_KEY: return orphans(r);
    case LINT_ALTER_TYPE: return look_type(r->look, r->table, r->statement, r->action, r->arena);
    default: return key(r);
    }
}

struct lint_answer look_rows(struct look *look, const struct lint_statement *statement,
                             const struct lint_action *action, struct arena *arena)
{
    if (!asks(action) || (action->flags & LINT_NOT_ENFORCED) || !action->relation.name)
        return (struct lint_answer){0};
    const struct rows_look r = {.look = look,
                                .table = look_table(look, action->relation),
                                .statement = statement,
                                .action = action,
                                .arena = arena};
    /* What it names is not there: that is told, and its rows are nothing more. */
    if (!r.table->relation || look_missing(look, statement, action, arena).truth == LINT_YES)
        return (struct lint_answer){0};
    if (known_is_changed(look->known, action->relation))
        return look_not_at(arena, "rows of %s, as the files change them before", action->relation.name);
    if (r.table->told.empty)
        return (struct lint_answer){0};
    if (!r.table->readable)
        return look_not_at(arena, "rows of %s: the role may not read them", action->relation.name);
    return look_at(&r);
}
