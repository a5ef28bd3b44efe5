/*
 * Marks: migrations of other tools that count as applied from the moment when the new version goes live (docs/decisions/0041). What is
 * known of a tool is a row of a table (marks_tools.c): where it keeps its history, and what it would have written. Binding a mark looks up
 * the tool's table in the catalog and compares it with that; its rows are part of the step in which the version appears, so that they are
 * there before a new application boots, go with a rollback, and are never there twice.
 */
#ifndef SEGUE_POSTGRES_PLANNER_MARKS_H
#define SEGUE_POSTGRES_PLANNER_MARKS_H

#include "postgres/planner/steps.h"

enum { MARK_COLUMNS = 12, MARK_TABLES = 2 };

/* How a tool writes its versions. */
enum mark_form {
    MARK_ANY,
    MARK_DIGITS,    /* 20261122093000 */
    MARK_NUMBERS,   /* 7 or 7.1 */
    MARK_APP,       /* shop.0007_full_name */
    MARK_CHANGESET, /* file::id::author */
    MARK_STAMPED,   /* FullName1700000000000 */
    MARK_SHA1
};

/* A column that takes a value. In values, {version} and the like are replaced by literals: marks_sql. */
struct mark_column {
    const char *name;
    const char *types; /* one of these, as pg_type calls them, with blanks between */
    const char *value;
};

struct mark_table {
    const char *name;                         /* where the annotation names none */
    struct mark_column columns[MARK_COLUMNS]; /* up to one without name */
    const char *key;                          /* the condition that finds the row */
};

/* A question of the rows present: no row, or what it counts is refused. */
struct mark_question {
    const char *count;   /* NULL: there is none */
    const char *message; /* behind the table's name */
    const char *hint;
};

struct mark_tool {
    const char *word;   /* in the annotation; one may have several rows: tables that look otherwise */
    const char *schema; /* NULL: the schema that is changed */
    struct mark_table tables[MARK_TABLES]; /* the first one is what `in` names; up to one without name */
    enum mark_form form;
    const char *form_said; /* what a version looks like */
    bool needs_file;       /* a checksum of the tool's own file is compared */
    bool replaces;         /* one row tells the version: the first column, which `after` says what it was */
    struct mark_question question;
    const char
        *meanwhile; /* what an application of the old version that boots meanwhile says; NULL: nothing */
};

/* The row of that word from *at on, or NULL; *at moves behind it. */
const struct mark_tool *mark_tool_next(const char *word, size_t *at);
/* All words with ", " between. */
const char *mark_tool_words(struct arena *arena);

/* A mark of the file, bound to the tool's tables. */
struct model_mark {
    const struct annotation *annotation;
    const struct mark_tool *tool;
    const char *tables[MARK_TABLES]; /* quoted, qualified */
    const char *schema;
    const char *description; /* as said, or as the tool would have it */
};

/* The SQL of a template: {version}, {description}, {after}, {script}, {sha256} are literals, {checksum} a number, {table} the quoted name
 * of the tool's nth table, {schema} its schema's. */
const char *marks_sql(struct arena *arena, const struct model_mark *mark, size_t nth, const char *template);

/* The tables outside the schema of which the marks of a migration speak. */
void marks_outside(struct arena *arena, const struct migration *migration, const char *schema,
                   struct name **out, size_t *n);
/* Binds them: fills model->marks. Refused: an unknown tool, a version that is none of its, a table that is missing or looks otherwise. */
bool marks_bind(struct model *model, struct error *err) SEGUE_MUST_CHECK;

/* Questions of the rows present, in phase check (steps_marks.c). */
void steps_check_marks(struct steps *steps);
/* Adds to the step in which the new version appears. */
void steps_activate_marks(struct steps *steps);
/* Whether a relation, quoted and qualified, is locked for a mark alone: others may mark it as well. */
bool marks_lock(const struct model *model, const char *relation);

#endif
