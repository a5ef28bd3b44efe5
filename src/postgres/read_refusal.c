/* Refusals: what a statement is called, and what to do instead. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "migration/place.h"
#include "postgres/lint/judge.h"
#include "postgres/read_statement.h"

static const char run_apart[] =
    "leave it out of the migration and run it with psql, before `segue start` or after `segue complete`";
static const char no_rows[] =
    "a migration changes the schema; say what values rows take with `-- segue: up TABLE.column = "
    "expression`, or run the statement with psql, before `segue start` or after `segue complete`";

static bool fail_at(const struct read_statement *s, size_t offset)
{
    const struct migration *m = s->reader->migration;
    return place_error(s->reader->err, m->path, place_after(m->content, s->place, s->base, s->base + offset));
}

bool read_fail(const struct read_statement *s, size_t offset, const char *format, ...)
{
    char message[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    error_set(s->reader->err, ERROR_REFUSED, "%s", message);
    return fail_at(s, offset);
}

bool read_refuse(const struct read_statement *s, size_t offset, const char *what, const char *hint)
{
    error_set(s->reader->err, ERROR_REFUSED, "%s is not something segue can do online yet", what);
    error_hint(s->reader->err, "%s", hint ? hint : run_apart);
    return fail_at(s, offset);
}

static bool is_any(const struct parse_text *text, size_t i, const char *const *words, size_t n)
{
    for (size_t j = 0; j < n; j++) {
        if (parse_token_is(text, i, words[j]))
            return true;
    }
    return false;
}

static void append_word(struct text *out, const struct parse_text *text, size_t i)
{
    const struct parse_token *token = &text->tokens[i];
    if (out->length)
        text_append_char(out, ' ');
    for (size_t c = token->begin; c < token->end; c++) {
        char letter = text->text[c];
        if (letter >= 'a' && letter <= 'z')
            letter = (char)(letter - ('a' - 'A'));
        text_append_char(out, letter);
    }
}

/* CREATE FUNCTION, ALTER MATERIALIZED VIEW, COMMENT ON SCHEMA, INSERT: the words that name a statement. */
static void append_statement_name(struct text *out, const struct parse_text *text)
{
    static const char *const ddl[] = {"create", "alter", "drop", "comment", "security", "refresh", "import"};
    static const char *const decoration[] = {"or",    "replace", "temp",      "temporary", "unlogged",
                                             "local", "global",  "recursive", "trusted",   "procedural"};
    static const char *const goes_on[] = {"materialized", "foreign", "event",  "access", "default", "text",
                                          "large",        "data",    "search", "on",     "label"};
    if (text->n == 0)
        return;
    append_word(out, text, 0);
    if (!is_any(text, 0, ddl, SEGUE_COUNT(ddl)))
        return;
    size_t i = 1;
    while (is_any(text, i, decoration, SEGUE_COUNT(decoration)))
        i++;
    for (; i < text->n && text->tokens[i].keyword; i++) {
        append_word(out, text, i);
        if (!is_any(text, i, goes_on, SEGUE_COUNT(goes_on)))
            return;
    }
}

const char *read_statement_name(const struct read_statement *s)
{
    SEGUE_CLEANUP(text_free) struct text name = {0};
    append_statement_name(&name, &s->text);
    return arena_strdup(s->reader->arena, text_string(&name));
}

bool read_refuse_statement(const struct read_statement *s)
{
    static const char *const rows[] = {"insert", "update", "delete",   "merge", "select",
                                       "with",   "copy",   "truncate", "values"};
    SEGUE_CLEANUP(text_free) struct text name = {0};
    append_statement_name(&name, &s->text);
    bool about_rows = is_any(&s->text, 0, rows, SEGUE_COUNT(rows));
    return read_refuse(s, 0, text_string(&name), about_rows ? no_rows : NULL);
}

/* What to write instead of a form that came after PostgreSQL 15. */
static const char *instead_of(const char *words)
{
    static const struct {
        const char *words, *hint;
    } known[] = {
        {"virtual", "write STORED, or put the expression into a view"},
        {"generated always as (…) without stored", "write STORED, or put the expression into a view"},
        {"not enforced", "leave the constraint out, or have it enforced"},
        {"not null as a constraint of the table",
         "write ALTER COLUMN … SET NOT NULL, and leave NOT VALID out: it is made without blocking"},
        {"set expression as", "drop the column and add it with the new expression"},
    };
    for (size_t i = 0; i < SEGUE_COUNT(known); i++) {
        if (strcmp(words, known[i].words) == 0)
            return known[i].hint;
    }
    return "write it the older way, or run it with psql after `segue complete`";
}

/* A form of a later release is told by its name, as far as the statement is one in that release. */
static bool read_newer_form(const struct read_statement *s)
{
    struct newer_form newest;
    if (!judge_newer(s->reader->arena, s->text.text, &newest))
        return false;
    (void)read_fail(s, newest.at, "\"%s\" came with PostgreSQL %d, and segue does not carry it out yet",
                    newest.words, newest.since);
    (void)error_hint(s->reader->err, "%s", instead_of(newest.words));
    return true;
}

bool read_syntax_error(const struct read_statement *s, const struct parse_fault *fault)
{
    if (read_newer_form(s))
        return false;
    read_fail(s, fault->offset, "%s", fault->message);
    if (s->text.text[fault->offset] == '\\')
        return error_hint(s->reader->err,
                          "psql's backslash commands are not SQL: a migration holds SQL only");
    return error_hint(s->reader->err,
                      "segue reads the SQL of PostgreSQL 15 to 18; the place is where 15 stops reading");
}

static const struct command_name {
    PgQuery__AlterTableType type;
    const char *name;
    const char *hint;
} command_names[] = {
#define COMMAND(type) PG_QUERY__ALTER_TABLE_TYPE__AT_##type
    {COMMAND(ValidateConstraint), "VALIDATE CONSTRAINT",
     "segue validates the constraints that it adds, without blocking: leave out both NOT VALID and VALIDATE CONSTRAINT"},
    {COMMAND(AlterConstraint), "ALTER CONSTRAINT", NULL},
    {COMMAND(DropOids), "SET WITHOUT OIDS", NULL},
    {COMMAND(EnableTrigAll), "ENABLE TRIGGER ALL", NULL},
    {COMMAND(DisableTrigAll), "DISABLE TRIGGER ALL", NULL},
    {COMMAND(EnableRule), "ENABLE RULE", NULL},
    {COMMAND(EnableAlwaysRule), "ENABLE ALWAYS RULE", NULL},
    {COMMAND(EnableReplicaRule), "ENABLE REPLICA RULE", NULL},
    {COMMAND(DisableRule), "DISABLE RULE", NULL},
    {COMMAND(AddInherit), "INHERIT", NULL},
    {COMMAND(DropInherit), "NO INHERIT", NULL},
    {COMMAND(AddOf), "OF", NULL},
    {COMMAND(DropOf), "NOT OF", NULL},
    {COMMAND(GenericOptions), "OPTIONS", NULL},
    {COMMAND(AttachPartition), "ATTACH PARTITION", NULL},
    {COMMAND(DetachPartition), "DETACH PARTITION", NULL},
    {COMMAND(DetachPartitionFinalize), "DETACH PARTITION", NULL},
#undef COMMAND
};

bool read_refuse_command(const struct read_statement *s, size_t offset, const PgQuery__AlterTableCmd *cmd)
{
    const char *name = "command";
    const char *hint = NULL;
    for (size_t i = 0; i < SEGUE_COUNT(command_names); i++) {
        if (command_names[i].type == cmd->subtype) {
            name = command_names[i].name;
            hint = command_names[i].hint;
        }
    }
    return read_refuse(s, offset, arena_printf(s->reader->arena, "ALTER TABLE … %s", name), hint);
}
