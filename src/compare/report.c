#include <string.h>

#include "compare/compare.h"

static const struct document_column differing[] = {
    {.key = "statement", .title = "statement"},
    {.key = "calls", .title = "calls", .right = true},
    {.key = "role", .title = "role"},
    {.key = "seen", .title = "seen"},
    {.key = "difference", .title = "difference"},
    {.key = "kind"},
};

static const struct document_column renamed[] = {
    {.key = "statement", .title = "statement"}, {.key = "calls", .title = "calls", .right = true},
    {.key = "role", .title = "role"},           {.key = "seen", .title = "seen"},
    {.key = "needs", .title = "needs"},         {.key = "asked_as", .title = "as the new version was asked"},
};

static const struct document_column others[] = {
    {.key = "statement", .title = "statement"},
    {.key = "calls", .title = "calls", .right = true},
    {.key = "sqlstate", .title = "SQLSTATE"},
    {.key = "message", .title = "message"},
};

static const struct document_column answers[] = {
    {.key = "statement", .title = "statement"},
    {.key = "compared", .title = "compared", .right = true},
    {.key = "differed", .title = "differed", .right = true},
    {.key = "by_itself", .title = "by itself", .right = true},
    {.key = "role", .title = "role"},
    {.key = "what", .title = "last difference"},
    {.key = "asked_as", .title = "as the new version was asked"},
    {.key = "kind"},
    {.key = "fingerprint"},
};

static size_t count(const struct questions *questions, enum shape_verdict verdict)
{
    size_t n = 0;
    for (size_t i = 0; i < questions->n; i++)
        n += !questions->list[i].utility && questions->list[i].verdict == verdict;
    return n;
}

static void add_difference(struct section *section, struct document_table *table,
                           const struct question *question, const struct shape_difference *difference)
{
    section_cell(section, table, value_text(question->text));
    section_cell(section, table, value_count(section->arena, question->calls));
    section_cell(section, table, value_text(question->role));
    section_cell(section, table, value_text(question->source));
    section_cell(section, table, value_text(difference->what));
    section_cell(section, table, value_text(shape_kind_name(difference->kind)));
}

static void list_differences(const struct questions *questions, struct section *body)
{
    struct document_table *table =
        section_table(body, "differences", "What differs", differing, SEGUE_COUNT(differing));
    for (size_t i = 0; i < questions->n; i++)
        for (size_t k = 0; k < questions->list[i].differences.n; k++)
            add_difference(body, table, &questions->list[i], &questions->list[i].differences.list[k]);
}

/* Those that need new names, whether or not there is more. */
static void list_renamed(const struct questions *questions, struct section *body)
{
    struct document_table *table = NULL;
    for (size_t i = 0; i < questions->n; i++) {
        const struct question *question = &questions->list[i];
        if (question->translation.kind != TRANSLATION_DONE)
            continue;
        table =
            table ? table
                  : section_table(body, "needs_names", "What needs new names", renamed, SEGUE_COUNT(renamed));
        section_cell(body, table, value_text(question->text));
        section_cell(body, table, value_count(body->arena, question->calls));
        section_cell(body, table, value_text(question->role));
        section_cell(body, table, value_text(question->source));
        section_cell(body, table,
                     value_text(arena_printf(body->arena, "the new name %s", question->translation.needs)));
        section_cell(body, table, value_text(question->translation.text));
    }
}

/* Statements that one of the versions cannot prepare, with what the current one says. */
static void list_others(const struct questions *questions, struct section *body, enum shape_verdict verdict,
                        const char *key, const char *title)
{
    struct document_table *table = NULL;
    for (size_t i = 0; i < questions->n; i++) {
        const struct question *question = &questions->list[i];
        if (question->utility || question->verdict != verdict)
            continue;
        const struct statement_shape *shape =
            question->current.sqlstate ? &question->current : &question->new;
        table = table ? table : section_table(body, key, title, others, SEGUE_COUNT(others));
        section_cell(body, table, value_text(question->text));
        section_cell(body, table, value_count(body->arena, question->calls));
        section_cell(body, table, value_text(shape->sqlstate));
        section_cell(body, table, value_text(shape->message));
    }
}

static void count_field(struct section *section, const char *key, const char *label, size_t n)
{
    section_field(section, key, label, value_count(section->arena, (double)n));
}

/* How many differed. */
static size_t list_answers(const struct questions *questions, struct section *body)
{
    struct document_table *table = NULL;
    size_t differ = 0;
    for (size_t i = 0; i < questions->n_compared; i++) {
        const struct compared_statement *one = &questions->compared[i];
        table = table ? table
                      : section_table(body, "answers", "Answers that gateways have compared", answers,
                                      SEGUE_COUNT(answers));
        section_cell(body, table, value_text(one->text));
        section_cell(body, table, value_count(body->arena, one->compared));
        section_cell(body, table, value_count(body->arena, one->differed));
        section_cell(body, table, value_count(body->arena, one->by_itself));
        section_cell(body, table, value_text(one->role));
        section_cell(body, table, value_text(one->what));
        section_cell(body, table, value_text(one->translated));
        section_cell(body, table, value_text(one->kind));
        section_cell(body, table, value_text(one->fingerprint));
        differ += one->differed > 0;
    }
    return differ;
}

struct document *questions_document(const struct questions *questions, size_t *differ)
{
    struct arena *arena = questions->arena;
    size_t utility = 0;
    for (size_t i = 0; i < questions->n; i++)
        utility += questions->list[i].utility;
    size_t renames = count(questions, SHAPE_RENAMED);
    *differ = count(questions, SHAPE_DIFFERS);
    struct document *document =
        document_new(arena, arena_printf(arena, "What %s makes of the statements of %s", questions->new,
                                         questions->current));
    struct section *body = document->body;
    section_field(body, "current", "current version", value_text(questions->current));
    section_field(body, "new", "new version", value_text(questions->new));
    count_field(body, "statements", "statements asked about, none of them run", questions->n - utility);
    count_field(body, "same", "the same on both versions", count(questions, SHAPE_SAME));
    count_field(body, "renamed", "the same under the new version's names", renames);
    count_field(body, "differ", "differ", *differ);
    count_field(body, "new_alone", "work on the new version alone", count(questions, SHAPE_NEW_ALONE));
    count_field(body, "neither", "work on neither", count(questions, SHAPE_NEITHER));
    count_field(body, "unknown", "not known, since a lock stood in the way", count(questions, SHAPE_UNKNOWN));
    count_field(body, "not_asked", "not asked about: they neither read nor write rows", utility);
    for (size_t i = 0; i < questions->n_notes; i++)
        section_warning(body, "notes", questions->notes[i]);
    if (*differ > 0)
        list_differences(questions, body);
    list_renamed(questions, body);
    *differ += renames + list_answers(questions, body);
    list_others(questions, body, SHAPE_NEW_ALONE, "on_new_alone", "On the new version alone");
    list_others(questions, body, SHAPE_NEITHER, "on_neither", "On neither version");
    list_others(questions, body, SHAPE_UNKNOWN, "busy", "A lock stood in the way");
    return document;
}
