#include "postgres/lint/lint.h"

#include <stdint.h>
#include <string.h>

#include "postgres/lint/effects.h"
#include "postgres/lint/judge.h"
#include "postgres/lint/known.h"
#include "postgres/lint/split.h"
#include "postgres/lint/statement.h"
#include "postgres/read.h"

struct lint_knowledge {
    struct known *known;
};

struct lint_knowledge *pg_lint_knowledge(struct arena *arena)
{
    struct lint_knowledge *knowledge = arena_alloc(arena, sizeof *knowledge);
    knowledge->known = known_new(arena);
    return knowledge;
}

/* Everything about one statement goes with its arena; only what is known of the database stays. */
static void read_one(const struct split *split, struct known *known, const struct lint_settings *settings,
                     lint_visit *visit, void *context)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct sql sql = {.arena = arena, .text = split->text, .tokens = split->tokens, .last = split->n};
    struct lint_statement statement = {.text = split->text, .place = {split->begin, split->end}};
    if (visit)
        judge(split, &sql, &statement);
    if (!statement.unreadable) {
        statement_read(&sql, &statement);
        effects_find(arena, known, settings, &statement);
    }
    if (visit)
        visit(context, &statement);
    known_apply(known, &statement);
}

/* The server refuses what psql sends it then; whatever stood there is no statement. */
static void tell_open_comment(const struct split *split, lint_visit *visit, void *context)
{
    size_t open = lex_open_comment(split->text, split->behind);
    if (open == SIZE_MAX)
        return;
    const struct lint_statement statement = {
        .text = split->text,
        .place = {open, open + strlen(split->text + open)},
        .unreadable = "unterminated /* comment",
        .unreadable_at = open,
    };
    visit(context, &statement);
}

void pg_lint_read(struct lint_knowledge *knowledge, const char *content, int file,
                  const struct lint_settings *settings, lint_visit *visit, void *context)
{
    struct split split;
    known_file(knowledge->known, file);
    known_note_file(knowledge->known, content);
    split_begin(&split, content);
    while (split_next(&split))
        read_one(&split, knowledge->known, settings, visit, context);
    if (visit)
        tell_open_comment(&split, visit, context);
    split_end(&split);
}

struct known *lint_known(struct lint_knowledge *knowledge)
{
    return knowledge->known;
}

bool pg_lint_startable(const char *path, const char *content, struct error *err)
{
    struct migration *migration;
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    return pg_read_migration_text(arena, path, content, &migration, err);
}
