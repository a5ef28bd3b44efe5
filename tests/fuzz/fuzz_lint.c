/*
 * Any bytes as a file of SQL for lint: every statement is read or called unreadable, findings lie within the file, and
 * nothing else happens. Built and run by script/fuzz lint.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "lint/report.h"
#include "postgres/lint/lint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct fuzzing {
    struct lint_file *file;
    struct lint_report report;
    size_t size;
    size_t behind; /* the end of the statement before */
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
    struct fuzzing *fuzzing = context;
    expect(finding->place.begin <= finding->place.end, "a finding's place has its beginning before its end");
    expect(finding->place.end <= fuzzing->size, "a finding's place is in the file");
    expect(finding->message && *finding->message, "a finding says something");
    lint_report_finding(&fuzzing->report, finding);
}

static void visit(void *context, const struct lint_statement *statement)
{
    struct fuzzing *fuzzing = context;
    expect(statement->place.begin >= fuzzing->behind, "statements come one after another");
    fuzzing->behind = statement->place.end;
    lint_file_statement(fuzzing->file, statement);
    lint_report_statement(&fuzzing->report, statement, lint_file_place(fuzzing->file));
}

static void drop(void *context, const char *bytes, size_t n)
{
    (void)context;
    (void)bytes;
    (void)n;
}

static void run(const char *content, enum lint_format format)
{
    struct arena *arena = arena_new();
    const struct lint_settings settings = {.server_major = 15};
    struct fuzzing fuzzing = {.size = strlen(content)};
    struct lint_knowledge *knowledge = pg_lint_knowledge(arena);
    fuzzing.report =
        (struct lint_report){.format = format, .least = LINT_NOTE, .effects = true, .write = drop};
    pg_lint_read(knowledge, content, 0, &settings, NULL, NULL); /* as a dump, too */
    lint_report_begin(&fuzzing.report);
    lint_report_file(&fuzzing.report, "fuzz.sql", content);
    fuzzing.file = lint_file_begin(arena, "fuzz.sql", content, &settings, false, NULL, found, &fuzzing);
    pg_lint_read(knowledge, content, 1, &settings, visit, &fuzzing);
    lint_file_end(fuzzing.file);
    lint_report_file_end(&fuzzing.report, lint_file_allowed(fuzzing.file));
    lint_report_end(&fuzzing.report);
    arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    const char *content = arena_strndup(arena, (const char *)data, size);
    run(content, LINT_FORMAT_TEXT);
    run(content, LINT_FORMAT_JSON);
    arena_free(arena);
    return 0;
}
