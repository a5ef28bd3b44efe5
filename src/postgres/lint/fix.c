/* A finding's rewrite: which one it is, and how it is put into the file. */
#include "postgres/lint/fix.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "postgres/format.h"
#include "postgres/lint/fix_internal.h"
#include "postgres/lint/lex.h"

const char *fix_words(const struct fix *fix, struct lint_slice slice)
{
    return arena_strndup(fix->arena, fix->text + slice.begin, slice.end - slice.begin);
}

void fix_add(struct fix *fix, const char *format, ...)
{
    char *words = NULL;
    va_list args;
    va_start(args, format);
    int n = vasprintf(&words, format, args);
    va_end(args);
    if (n < 0)
        return;
    text_append(&fix->statements, fix->statements.length ? ";\n" : "");
    text_append(&fix->statements, words);
    free(words);
}

bool fix_insert(struct fix *fix, size_t at, const char *text)
{
    if (fix->out->n == LINT_MOST_EDITS)
        return false;
    fix->out->edits[fix->out->n++] =
        (struct lint_edit){.slice = {at, at}, .text = arena_strdup(fix->arena, text)};
    return true;
}

/* Between two actions stand a comma and white space, and nothing that anybody would miss. */
static bool is_gap(const struct fix *fix, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++) {
        if (!strchr(", \t\r\n", fix->text[i]))
            return false;
    }
    return true;
}

/* Drops and changes of types come first in an ALTER TABLE, wherever they stand: one after another they would not. */
static bool order_counts(const struct lint_statement *statement)
{
    for (size_t i = 0; statement->n_actions > 1 && i < statement->n_actions; i++) {
        enum lint_act act = statement->actions[i].act;
        if (act == LINT_DROP_COLUMN || act == LINT_DROP_CONSTRAINT || act == LINT_ALTER_TYPE)
            return true;
    }
    return false;
}

bool fix_replace(struct fix *fix)
{
    if (order_counts(fix->statement))
        return false;
    const struct lint_statement *s = fix->statement;
    const struct lint_action *last = s->actions + s->n_actions - 1, *action = fix->action;
    struct lint_slice slice = {s->place.begin, s->place.end};
    SEGUE_CLEANUP(text_free) struct text out = {0};
    if (action != s->actions) {
        slice.begin = action[-1].place.end;
        text_append(&out, ";\n");
        if (!is_gap(fix, slice.begin, action->place.begin))
            return false;
    }
    text_append(&out, text_string(&fix->statements));
    if (action != last) {
        slice.end = action[1].place.begin;
        text_printf(&out, ";\n%s", fix->head);
        if (!is_gap(fix, action->place.end, slice.end))
            return false;
    }
    fix->out->edits[0] =
        (struct lint_edit){.slice = slice, .text = arena_strdup(fix->arena, text_string(&out))};
    fix->out->n = 1;
    return true;
}

/* ALTER TABLE [IF EXISTS] [ONLY] name [*]: what repeats for each command, and the name alone. */
static void read_head(struct fix *fix)
{
    const struct lint_statement *s = fix->statement;
    size_t at = s->place.begin, end = s->actions[0].place.begin;
    struct lex_token token = lex_next(fix->text, &at);
    if (!lex_is(fix->text, &token, "alter"))
        return;
    token = lex_next(fix->text, &at);
    if (!lex_is(fix->text, &token, "table"))
        return;
    struct lint_slice head = {s->place.begin, s->place.begin}, name = {0};
    for (token = lex_next(fix->text, &at); token.begin < end; token = lex_next(fix->text, &at)) {
        bool word = lex_is(fix->text, &token, "if") || lex_is(fix->text, &token, "exists") ||
                    lex_is(fix->text, &token, "only") || lex_is(fix->text, &token, "*");
        head.end = token.end;
        if (word)
            continue;
        name.begin = name.end ? name.begin : token.begin;
        name.end = token.end;
    }
    fix->head = arena_printf(fix->arena, "%s ", fix_words(fix, head));
    fix->table = fix_words(fix, name);
}

/* CONCURRENTLY behind the word. */
static bool concurrently(struct fix *fix, const char *const *words, size_t n)
{
    struct lex_token token;
    if (fix->request->in_transaction)
        return false;
    for (size_t at = fix->statement->place.begin;;) {
        token = lex_next(fix->text, &at);
        if (token.kind == LEX_END || token.begin >= fix->statement->place.end)
            return false;
        for (size_t i = 0; i < n; i++) {
            if (lex_is(fix->text, &token, words[i]))
                return fix_insert(fix, token.end, " CONCURRENTLY");
        }
    }
}

static bool create_index(struct fix *fix)
{
    static const char *const words[] = {"index"};
    bool parts = fix->relation && fix->relation->partitioned;
    if (parts || (fix->action->flags & (LINT_ONLY | LINT_CONCURRENTLY)))
        return false;
    return concurrently(fix, words, SEGUE_COUNT(words));
}

static bool drop_index(struct fix *fix)
{
    static const char *const words[] = {"index"};
    const struct known_relation *index = fix->relation;
    bool parts = index && index->table && (index->table->partitioned || index->table->parent);
    bool several = fix->statement->n_actions > 1 || fix->action->n_relations > 0;
    if (parts || several || (fix->action->flags & LINT_CASCADE))
        return false;
    return concurrently(fix, words, SEGUE_COUNT(words));
}

static bool reindex(struct fix *fix)
{
    static const char *const words[] = {"index", "table", "schema", "database"};
    return concurrently(fix, words, SEGUE_COUNT(words));
}

static bool set_timeout(struct fix *fix)
{
    fix->out->last = true;
    const char *local = fix->request->settings->in_transaction ? "LOCAL " : "";
    return fix_insert(fix, fix->statement->place.begin,
                      arena_printf(fix->arena, "SET %slock_timeout = '100ms';\n", local));
}

/* Without a timeout while the index is built, and with it again behind. */
static bool without_timeout(struct fix *fix)
{
    const char *timeout = fix->request->timeout;
    if (!timeout || fix->request->in_transaction)
        return false;
    return fix_insert(fix, fix->statement->place.begin, "SET lock_timeout = 0;\n") &&
           fix_insert(fix, fix->statement->place.end,
                      pg_format(fix->arena, ";\nSET lock_timeout = %L", timeout));
}

/* A transaction of constraints alone loses nothing when it ends before the rows are looked at. */
static bool fix_validate(struct fix *fix)
{
    const char *begin = fix->request->begin;
    return begin &&
           fix_insert(fix, fix->statement->place.begin, arena_printf(fix->arena, "COMMIT;\n%s;\n", begin));
}

static bool write_it(struct fix *fix)
{
    static const struct {
        const char *rule;
        bool (*write)(struct fix *fix);
    } rewrites[] = {
        {"create-index", create_index},
        {"drop-index", drop_index},
        {"reindex", reindex},
        {"no-lock-timeout", set_timeout},
        {"lock-timeout-for-concurrent-build", without_timeout},
        {"set-not-null", fix_set_not_null},
        {"add-check", fix_constraint},
        {"add-foreign-key", fix_constraint},
        {"add-unique", fix_constraint},
        {"add-primary-key", fix_constraint},
        {"add-column-check", fix_column},
        {"add-column-foreign-key", fix_column},
        {"add-column-key", fix_column},
        {"add-column-volatile-default", fix_column},
        {"add-column-serial", fix_column},
        {"add-column-identity", fix_column},
        {"attach-partition", fix_attach},
        {"detach-partition", fix_detach},
        {"refresh-materialized-view", fix_refresh},
        {"validate-in-same-transaction", fix_validate},
    };
    for (size_t i = 0; i < SEGUE_COUNT(rewrites); i++) {
        if (strcmp(rewrites[i].rule, fix->request->rule) == 0)
            return rewrites[i].write(fix);
    }
    return false;
}

bool pg_lint_rewrite(struct lint_knowledge *knowledge, const struct lint_fix_request *request,
                     struct arena *arena, struct lint_fix *out)
{
    struct fix fix = {.arena = arena,
                      .known = lint_known(knowledge),
                      .request = request,
                      .text = request->statement->text,
                      .statement = request->statement,
                      .action = request->action,
                      .out = out};
    *out = (struct lint_fix){0};
    fix.relation = known_relation(fix.known, fix.action->relation);
    read_head(&fix);
    bool written = write_it(&fix);
    text_free(&fix.statements);
    return written;
}
