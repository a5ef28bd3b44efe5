/* What else in the database has to do with a table or a column: what depends on it, who reads it, how far its numbers have come. */
#include <string.h>

#include "base/layout.h"
#include "postgres/format.h"
#include "postgres/look/look_internal.h"
#include "sql.h"

enum { SHOWN = 4 };

/* A list for people: "a, b, c and 5 more". */
struct listed {
    struct text words;
    size_t n;
};

static void list_add(struct listed *list, const char *word)
{
    if (list->n++ < SHOWN)
        text_printf(&list->words, "%s%s", list->words.length ? ", " : "", word);
}

static const char *list_end(struct listed *list, struct arena *arena)
{
    if (list->n > SHOWN)
        text_printf(&list->words, " and %zu more", list->n - SHOWN);
    const char *words = arena_strdup(arena, text_string(&list->words));
    text_free(&list->words);
    return words;
}

/* drop, type or rename; NULL: nothing that others could depend on. */
static const char *change_of(const struct lint_action *action)
{
    switch (action->act) {
    case LINT_DROP_COLUMN:
    case LINT_DROP_TABLE:
    case LINT_DROP_VIEW:
    case LINT_DROP_MATERIALIZED_VIEW: return "drop";
    case LINT_ALTER_TYPE: return "type";
    case LINT_RENAME_COLUMN:
    case LINT_RENAME_TABLE: return "rename";
    default: return NULL;
    }
}

static struct lint_answer tell(const struct look *look, const struct rows *rows,
                               const struct lint_action *action, struct arena *arena)
{
    struct listed refusing = {0}, speaking = {0};
    for (size_t i = 0; i < rows_count(rows); i++) {
        /* What the files have dropped before is no hindrance. */
        if (known_is_gone(look->known, rows_get(rows, i, 2)))
            continue;
        list_add(strcmp(rows_get(rows, i, 1), "t") == 0 ? &refusing : &speaking, rows_get(rows, i, 0));
    }
    size_t refuse = refusing.n, speak = speaking.n;
    const char *refuses = list_end(&refusing, arena), *speaks = list_end(&speaking, arena);
    struct lint_answer answer = {.truth = refuse || speak ? LINT_YES : LINT_NO};
    if (refuse && !(action->flags & LINT_CASCADE)) {
        answer.fails = true;
        answer.words = arena_printf(arena, "%s depend%s on it", refuses, refuse == 1 ? "s" : "");
    } else if (refuse) {
        answer.words = arena_printf(arena, "CASCADE takes along: %s", refuses);
    } else {
        answer.words = arena_printf(arena, "code that says the name breaks: %s", speaks);
    }
    return answer;
}

struct lint_answer look_dependants(struct look *look, const struct lint_action *action, struct arena *arena)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    const char *change = change_of(action);
    const struct look_table *table =
        change && action->relation.name ? look_table(look, action->relation) : NULL;
    if (!table || !table->relation)
        return (struct lint_answer){0};
    const char *values[] = {table->relation, action->column, change};
    if (!look_ask(look, sql_lint_dependants, SEGUE_COUNT(values), values, &rows))
        return look_not_at(arena, "what depends on %s: %s", action->relation.name, look->why);
    return tell(look, rows, action, arena);
}

/* Statements that pg_stat_statements has recorded. */
static const char *recorded(struct look *look, const struct look_table *table, const char *column,
                            struct arena *arena)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *there = NULL;
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    SEGUE_CLEANUP(text_free) struct text sql = {0};
    if (!look_ask(look, sql_statements_there, 1, &table->relation, &there) || !rows_count(there))
        return NULL;
    pg_append(
        &sql,
        "SELECT count(*), sum(s.calls)::float8 FROM %I.pg_stat_statements(true) AS s WHERE s.dbid = (SELECT d.oid FROM "
        "pg_database d WHERE d.datname = current_database()) AND s.query ~* %L AND s.query ~* ('\\m' || "
        "regexp_replace(%L, '([^[:alnum:]_])', '\\\\\\1', 'g') || '\\M')",
        rows_get(there, 0, 0), rows_get(there, 0, 2), column);
    if (!look_ask(look, text_string(&sql), 0, NULL, &rows) || look_number(rows, 0, 0) < 1)
        return NULL;
    return arena_printf(arena, "%s recorded statement%s (%.0f calls)", rows_get(rows, 0, 0),
                        look_number(rows, 0, 0) > 1 ? "s" : "", look_number(rows, 0, 1));
}

struct lint_answer look_readers(struct look *look, const struct lint_action *action, struct arena *arena)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    const struct look_table *table = action->relation.name ? look_table(look, action->relation) : NULL;
    if (!table || !table->relation || !action->column)
        return (struct lint_answer){0};
    const char *values[] = {table->relation, action->column};
    if (!look_ask(look, sql_lint_readers, SEGUE_COUNT(values), values, &rows))
        return look_not_at(arena, "who chooses by it: %s", look->why);
    struct listed readers = {0};
    const char *statements = recorded(look, table, action->column, arena);
    if (statements)
        list_add(&readers, statements);
    for (size_t i = 0; i < rows_count(rows); i++)
        list_add(&readers, rows_get(rows, i, 0));
    bool found = readers.n > 0;
    return (struct lint_answer){.truth = found ? LINT_YES : LINT_NO, .words = list_end(&readers, arena)};
}

struct lint_answer look_numbers(struct look *look, const struct lint_action *action, struct arena *arena)
{
    static const double much =
        0.5; /* of the numbers: the rest may last less long than it takes to change the key */
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    struct look_table *table = action->relation.name ? look_table(look, action->relation) : NULL;
    if (!table || !table->relation || table->numbers_told || action->act == LINT_DROP_TABLE)
        return (struct lint_answer){0};
    table->numbers_told = true;
    if (!look_ask(look, sql_lint_numbers, 1, &table->relation, &rows))
        return (struct lint_answer){0};
    for (size_t i = 0; i < rows_count(rows); i++) {
        double last = look_number(rows, i, 2), largest = look_number(rows, i, 3);
        if (last < largest * much)
            continue;
        text_printf(&out, "%s\"%s\" of %s is at ", out.length ? "; " : "", rows_get(rows, i, 0),
                    action->relation.name);
        layout_count(&out, last);
        text_append(&out, ", and ends at ");
        layout_count(&out, largest);
    }
    return (struct lint_answer){.truth = out.length ? LINT_YES : LINT_NO,
                                .words = arena_strdup(arena, text_string(&out))};
}
