/*
 * What the statements of a chunk are made of. Keys are compared as rows, (a, b) > ($1, $2), which a btree index on (a, b) answers directly.
 * Key columns and the table come quoted from the plan; values are parameters.
 */

#include <string.h>

#include "postgres/format.h"
#include "postgres/walk_internal.h"

void walk_statement_cleanup(struct walk_statement *statement)
{
    text_free(&statement->sql);
}

bool walk_by_page(const struct walk *walk)
{
    return walk->n_keys == 0 || walk->by_place;
}

void walk_append_keys(struct text *sql, const struct walk *walk, const char *suffix)
{
    for (size_t i = 0; i < walk->n_keys; i++)
        text_printf(sql, "%s%s%s", i ? ", " : "", walk->keys[i], suffix);
}

/* "(a, b) > ($3::integer, $4::text)", the values becoming parameters. */
static void append_comparison(struct walk_statement *statement, const struct walk *walk, const char *operator,
                              const char * const * values, struct arena *arena)
{
    text_append(&statement->sql, "(");
    walk_append_keys(&statement->sql, walk, "");
    text_printf(&statement->sql, ") %s (", operator);
    for (size_t i = 0; i < walk->n_keys; i++) {
        ARENA_PUSH(arena, statement->values, statement->n, values[i]);
        text_printf(&statement->sql, "%s$%zu::%s", i ? ", " : "", statement->n, walk->key_types[i]);
    }
    text_append(&statement->sql, ")");
}

/* A place is "page" or "page,item". */
static void append_place(struct text *sql, const char *place)
{
    text_printf(sql, strchr(place, ',') ? "'(%s)'::tid" : "'(%s,0)'::tid", place);
}

void walk_append_range(struct walk_statement *statement, const struct walk *walk,
                       const struct walk_chunk *chunk, const char *const *top)
{
    const char *const *last = chunk->next.last;
    if (walk_by_page(walk)) {
        text_append(&statement->sql, "ctid >= ");
        append_place(&statement->sql, last ? last[0] : "0");
        text_append(&statement->sql, " AND ctid < ");
        append_place(&statement->sql, top[0]);
        return;
    }
    if (last) {
        append_comparison(statement, walk, ">", last, chunk->arena);
        text_append(&statement->sql, " AND ");
    }
    append_comparison(statement, walk, "<=", top, chunk->arena);
}

bool walk_run(struct session *session, const struct walk_statement *statement, struct rows **rows,
              struct error *err)
{
    return session_query(session, text_string(&statement->sql), statement->n, statement->values, rows, err);
}

void walk_append_where(struct walk_statement *statement, const struct walk *walk,
                       const struct walk_chunk *chunk)
{
    text_append(&statement->sql, " WHERE ");
    walk_append_range(statement, walk, chunk, chunk->bound);
    if (walk->where)
        text_printf(&statement->sql, " AND (%s)", walk->where);
}

void walk_append_label(const struct walk *walk, struct text *sql)
{
    if (walk->n_keys == 0) {
        text_append(sql, "'(ctid) = (' || ctid::text || ')'");
        return;
    }
    SEGUE_CLEANUP(text_free) struct text names = {0};
    walk_append_keys(&names, walk, "");
    text_append(&names, ") = (");
    pg_append(sql, "'(' || %L || concat_ws(', ', ", text_string(&names));
    walk_append_keys(sql, walk, "::text");
    text_append(sql, ") || ')'");
}

void walk_append_copied(const struct walk *walk, struct text *sql)
{
    text_printf(sql, "WITH _segue_rows AS MATERIALIZED (SELECT _segue_row FROM ONLY %s AS _segue_row",
                walk->table);
}
