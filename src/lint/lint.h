/*
 * Hazards of a file of SQL. An engine reads the statements into the model (model.h); here every rule looks at every
 * action, and what it finds is given away at once, so that memory does not grow with the file. Nothing is printed here.
 */
#ifndef SEGUE_LINT_LINT_H
#define SEGUE_LINT_LINT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "catalog/speed.h"
#include "lint/facts.h"
#include "lint/fix.h"
#include "lint/model.h"
#include "migration/change.h"

/* error: the application stands still, or the file fails. warning: it may, or versions of it that run break. note: good to
 * know, or segue does it without harm. */
enum lint_level { LINT_NOTHING, LINT_NOTE, LINT_WARNING, LINT_ERROR };

struct lint_rule {
    const char *id;        /* in kebab-case; for good */
    enum lint_level level; /* the highest that it gives */
    const char *title;
    const char *happens; /* what happens to the application, a sentence or two */
    const char *instead; /* what to write */
    bool handled;        /* `segue start` does this change without that harm */
};

struct lint_finding {
    const struct lint_rule *rule;
    enum lint_level level;
    const char *path;
    struct lint_slice place;    /* bytes of the file */
    struct place begin, end;    /* lines and columns of both */
    const char *relation;       /* as written without quotes, or NULL */
    const char *message;        /* about this very statement */
    bool handled;               /* a note, since segue does it */
    const char *here;           /* what the database at hand tells of the table, or NULL */
    const struct lint_fix *fix; /* what --fix writes; NULL: nothing */
    struct place first;         /* of the statement, at this byte */
    size_t first_at;
    const char *rewrite; /* the statement as it is then */
    bool forecast;       /* for how long others wait is known: */
    struct range seconds;
};

/* The rules in the order of the documentation; NULL behind the last one. */
const struct lint_rule *lint_rule_at(size_t index);
const struct lint_rule *lint_rule(const char *id);
/* The level of a finding of that rule. levels: NULL: none were set. */
enum lint_level lint_level_set(const struct lint_levels *levels, const struct lint_rule *rule,
                               enum lint_level level);
/* "error", "warning", "note". Static. */
const char *lint_level_name(enum lint_level level);

/* What was set for a rule: its highest level; findings that are weaker stay so. LINT_NOTHING: it is off. */
struct lint_levels {
    struct lint_rule_level {
        const char *rule;
        enum lint_level level;
    } * rules;
    size_t n;
};

typedef void lint_give(void *context, const struct lint_finding *finding);

/* One file under way. */
struct lint_file;

/* The content must stay until the file is ended. segue: the file is one of segue's migrations and can be started; refused: it is
 * one, but segue start refuses it so; or NULL. */
struct lint_file *lint_file_begin(struct arena *arena, const char *path, const char *content,
                                  const struct lint_settings *settings, bool segue,
                                  const struct error *refused, lint_give *give, void *context);
/* Looks at the next statement. */
void lint_file_statement(struct lint_file *file, const struct lint_statement *statement);
void lint_file_end(struct lint_file *file);
/* How many findings an annotation `allow` has kept back. */
size_t lint_file_allowed(const struct lint_file *file);
/* The statement's place in lines and columns; of the one that lint_file_statement was given last. */
struct place lint_file_place(const struct lint_file *file);

/* Whether the content has annotations that only a migration of segue's has: up, down, existing, … */
bool lint_is_migration(const char *content);

#endif
