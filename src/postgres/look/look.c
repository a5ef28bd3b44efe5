#include "postgres/look/look_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/compare.h"
#include "postgres/array.h"
#include "postgres/format.h"
#include "sql.h"

/* Seconds; what was counted for less is no average. */
static const double least_counted = 60;

/* Nothing is written, nobody is kept waiting, and nothing takes long. */
static const char settings[] = "SET default_transaction_read_only = on; SET lock_timeout = '300ms'; "
                               "SET statement_timeout = '60s'; SET jit = off";
static const char patience[] = "SET statement_timeout = '3s'";
static const char patience_exact[] = "SET statement_timeout = '10min'";

bool look_ask(struct look *look, const char *sql, size_t n, const char *const *values, struct rows **rows)
{
    struct error err;
    *rows = NULL;
    if (look->source.lost.class != ERROR_NONE) {
        (void)snprintf(look->why, sizeof look->why, "%s", "the connection is lost");
        return false;
    }
    if (session_query(look->session, sql, n, values, rows, &err))
        return true;
    if (err.class == ERROR_LOST || err.class == ERROR_INTERRUPTED)
        look->source.lost = err;
    (void)snprintf(look->why, sizeof look->why, "%.500s", err.message);
    return false;
}

double look_number(const struct rows *rows, size_t row, size_t column)
{
    const char *value = rows_get(rows, row, column);
    return value ? strtod(value, NULL) : 0;
}

struct lint_answer look_not_at(struct arena *arena, const char *format, ...)
{
    char words[640];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(words, sizeof words, format, args);
    va_end(args);
    return (struct lint_answer){.truth = LINT_PERHAPS, .words = arena_strdup(arena, words)};
}

/* Sizes and use, of a partitioned table those of its parts together. */
static void measure(struct look *look, struct look_table *table)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *sizes = NULL;
    SEGUE_CLEANUP(rows_cleanup) struct rows *counts = NULL;
    SEGUE_CLEANUP(text_free) struct text array = {0};
    struct lint_table *told = &table->told;
    const char *relation = table->relation;
    const char *list = pg_array(&array, &relation, 1);
    if (!look_ask(look, sql_facts_tables, 1, &list, &sizes) || rows_count(sizes) != 1) {
        told->why = arena_printf(look->arena, "its size is not known: %s", look->why);
        return;
    }
    double rows = look_number(sizes, 0, 1), live = look_number(sizes, 0, 2);
    told->measured = true;
    told->rows = rows > 0 ? rows : live;
    told->bytes = look_number(sizes, 0, 4);
    told->heap_bytes = look_number(sizes, 0, 10);
    told->total_bytes = look_number(sizes, 0, 6);
    told->n_indexes = (int)look_number(sizes, 0, 7);
    if (look->counted < least_counted || !look_ask(look, sql_facts_counts, 1, &list, &counts) ||
        rows_count(counts) != 1)
        return;
    told->counted = true;
    told->scans = look_number(counts, 0, 2) / look->counted;
    told->writes =
        (look_number(counts, 0, 4) + look_number(counts, 0, 5) + look_number(counts, 0, 6)) / look->counted;
}

static void look_for_rows(struct look *look, struct look_table *table)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    SEGUE_CLEANUP(text_free) struct text sql = {0};
    pg_append(&sql, "SELECT NOT EXISTS (SELECT FROM %s)", table->relation);
    if (table->readable && look_ask(look, text_string(&sql), 0, NULL, &rows))
        table->told.empty = strcmp(rows_get(rows, 0, 0), "t") == 0;
    if (!table->told.empty && table->told.rows < 1)
        table->told.rows = 1;
}

static void find(struct look *look, struct look_table *table)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    const char *name = pg_format(look->arena, "%Q", table->name.schema, table->name.name);
    if (!look_ask(look, sql_lint_relation, 1, &name, &rows)) {
        table->told.why = arena_printf(look->arena, "the server does not tell of it: %s", look->why);
        table->told.there = true;
        return;
    }
    if (rows_count(rows) == 0)
        return;
    const char *kind = rows_get(rows, 0, 1), *key = rows_get(rows, 0, 3);
    table->told.there = true;
    table->relation = arena_strdup(look->arena, rows_get(rows, 0, 0));
    table->readable = strcmp(rows_get(rows, 0, 2), "t") == 0;
    table->key = key ? arena_strdup(look->arena, key) : NULL;
    if (!strchr("rpm", *kind)) {
        table->told.why = "it has no rows of its own";
        return;
    }
    measure(look, table);
    if (!table->told.measured)
        return;
    if (strcmp(rows_get(rows, 0, 4), "t") == 0)
        table->told.empty = true;
    else
        look_for_rows(look, table);
}

struct look_table *look_table(struct look *look, struct name name)
{
    for (size_t i = 0; i < look->n_tables; i++) {
        struct look_table *table = look->tables[i];
        if (same_text(table->name.name, name.name) && same_text(table->name.schema, name.schema))
            return table;
    }
    struct look_table *table = arena_alloc(look->arena, sizeof *table);
    *table =
        (struct look_table){.name = {.schema = name.schema ? arena_strdup(look->arena, name.schema) : NULL,
                                     .name = arena_strdup(look->arena, name.name)}};
    find(look, table);
    ARENA_PUSH(look->arena, look->tables, look->n_tables, table);
    return table;
}

static const struct lint_table *told(void *context, struct name relation)
{
    struct look *look = context;
    struct look_table *table = look_table(look, relation);
    /* Rows that a file has put there; that nobody sees before it runs. */
    if (table->told.empty && known_is_changed(look->known, relation))
        table->told.empty = false;
    return &table->told;
}

static struct lint_answer answer(void *context, enum lint_question question,
                                 const struct lint_statement *statement, const struct lint_action *action,
                                 struct arena *arena)
{
    struct look *look = context;
    switch (question) {
    case LINT_ASK_MISSING: return look_missing(look, statement, action, arena);
    case LINT_ASK_TAKEN: return look_taken(look, statement, action, arena);
    case LINT_ASK_ROWS: return look_rows(look, statement, action, arena);
    case LINT_ASK_DEPENDANTS: return look_dependants(look, action, arena);
    case LINT_ASK_READERS: return look_readers(look, action, arena);
    case LINT_ASK_NUMBERS: break;
    }
    return look_numbers(look, action, arena);
}

static bool read_server(struct look *look, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(look->session, sql_lint_server, 0, NULL, &rows, err))
        return false;
    look->source.server_major = (int)look_number(rows, 0, 0);
    look->source.called = arena_strdup(look->arena, rows_get(rows, 0, 1));
    look->counted = look_number(rows, 0, 2);
    return true;
}

static bool read_schema(struct look *look, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(look->session, sql_lint_schema, 0, NULL, &rows, err))
        return false;
    look->n_schema = rows_count(rows);
    look->schema = arena_alloc(look->arena, (look->n_schema * 3 + 1) * sizeof *look->schema);
    for (size_t i = 0; i < look->n_schema * 3; i++) {
        const char *value = rows_get(rows, i / 3, i % 3);
        look->schema[i] = value ? arena_strdup(look->arena, value) : NULL;
    }
    return true;
}

bool pg_lint_source(struct session *session, bool exact, struct arena *arena, struct lint_source **out,
                    struct error *err)
{
    struct look *look = arena_alloc(arena, sizeof *look);
    *look = (struct look){.session = session, .arena = arena, .exact = exact};
    look->source.context = look;
    look->source.table = told;
    look->source.ask = answer;
    *out = &look->source;
    return session_run(session, settings, err) && read_server(look, err) && read_schema(look, err) &&
           session_run(session, exact ? patience_exact : patience, err);
}

void pg_lint_know(struct lint_source *source, struct lint_knowledge *knowledge)
{
    struct look *look = source->context;
    const struct lint_settings none = {.server_major = source->server_major};
    struct known *known = lint_known(knowledge);
    for (size_t i = 0; i < look->n_schema; i++) {
        const char *schema = look->schema[i * 3 + 1], *name = look->schema[i * 3 + 2];
        if (!look->schema[i * 3])
            continue;
        pg_lint_read(knowledge, look->schema[i * 3], 0, &none, NULL, NULL);
        const struct name bare = {.name = name}, qualified = {.schema = schema, .name = name};
        if (schema)
            known_also_called(known, bare, qualified);
    }
    look->known = known;
    known_watch(known);
    for (size_t i = 0; i < look->n_tables; i++)
        look->tables[i]->numbers_told = false;
}
