/*
 * Any bytes as a file of SQL for lint --fix: edits lie within the file and one behind the other, what was readable stays so, and what is fixed
 * once needs no second time. What stands before a line "--: script" is read as the dump of what is there. Built and run by
 * script/fuzz fix.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "cli/lint_fix.h"
#include "postgres/lint/fix.h"
#include "postgres/lint/lint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char divider[] = "--: script\n";

struct looking {
    const char *before;
    const char *content;
    size_t unreadable;
    struct lint_knowledge *knowledge;
    struct lint_file *file;
    lint_give *give;
    void *given_to;
};

static void expect(int holds, const char *promise)
{
    if (holds)
        return;
    (void)fprintf(stderr, "broken: %s\n", promise);
    abort();
}

static void found(void *context, const struct lint_finding *finding)
{
    struct looking *looking = context;
    size_t at = 0;
    for (size_t i = 0; finding->fix && i < finding->fix->n; i++) {
        const struct lint_slice slice = finding->fix->edits[i].slice;
        expect(slice.begin >= at && slice.end >= slice.begin, "edits stand one behind the other");
        expect(slice.end <= strlen(looking->content), "an edit is in the file");
        at = slice.end;
    }
    expect(!finding->fix || finding->rewrite, "what is rewritten is shown");
    looking->unreadable += strcmp(finding->rule->id, "unreadable") == 0;
    looking->give(looking->given_to, finding);
}

static void visit(void *context, const struct lint_statement *statement)
{
    lint_file_statement(((struct looking *)context)->file, statement);
}

static bool rewrite(void *context, const struct lint_fix_request *request, struct arena *arena,
                    struct lint_fix *out)
{
    return pg_lint_rewrite(((struct looking *)context)->knowledge, request, arena, out);
}

static bool look(void *context, const char *content, lint_give *give, void *given_to, struct error *err)
{
    (void)err;
    struct looking *looking = context;
    struct arena *arena = arena_new();
    const struct lint_fixer fixer = {.context = looking, .rewrite = rewrite};
    const struct lint_settings settings = {.server_major = 15, .fixer = &fixer};
    looking->content = content;
    looking->give = give;
    looking->given_to = given_to;
    looking->unreadable = 0;
    looking->knowledge = pg_lint_knowledge(arena);
    pg_lint_read(looking->knowledge, looking->before, 0, &settings, NULL, NULL);
    looking->file = lint_file_begin(arena, "fuzz.sql", content, &settings, false, NULL, found, looking);
    pg_lint_read(looking->knowledge, content, 1, &settings, visit, looking);
    lint_file_end(looking->file);
    arena_free(arena);
    return true;
}

static void ignore(void *context, const struct lint_finding *finding)
{
    (void)context;
    (void)finding;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err;
    size_t fixed, again;
    struct arena *arena = arena_new();
    char *content = arena_strndup(arena, (const char *)data, size);
    char *behind = strstr(content, divider);
    struct looking looking = {.before = behind ? content : ""};
    const char *script = behind ? behind + strlen(divider) : content;
    SEGUE_CLEANUP(text_free) struct text once = {0}, twice = {0};
    if (behind)
        *behind = '\0';
    (void)look(&looking, script, ignore, NULL, &err);
    size_t unreadable = looking.unreadable;
    expect(lint_fix_text(script, look, &looking, &once, &fixed, &err), "a file can be fixed");
    expect(looking.unreadable <= unreadable, "what could be read can be read when it is fixed");
    expect(lint_fix_text(text_string(&once), look, &looking, &twice, &again, &err), "and once more");
    expect(strcmp(text_string(&once), text_string(&twice)) == 0, "a second time changes nothing");
    arena_free(arena);
    return 0;
}
