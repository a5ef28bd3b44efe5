/* What the rewrites share. */
#ifndef SEGUE_POSTGRES_LINT_FIX_INTERNAL_H
#define SEGUE_POSTGRES_LINT_FIX_INTERNAL_H

#include "postgres/lint/fix.h"
#include "postgres/lint/known.h"

struct fix {
    struct arena *arena;
    const struct known *known;
    const struct lint_fix_request *request;
    const char *text; /* of the file */
    const struct lint_statement *statement;
    const struct lint_action *action;
    const struct known_relation *relation; /* NULL: not known */
    const char *
        head; /* ALTER TABLE with the table's name, as the file says it, and a blank; NULL: another statement */
    const char *table; /* the name as the file says it */
    struct lint_fix *out;
    struct text statements; /* divided by semicolons */
};

/* The file's text of a slice. */
const char *fix_words(const struct fix *fix, struct lint_slice slice);
/* One more statement in the place of the action. */
void fix_add(struct fix *fix, const char *format, ...) SEGUE_PRINTF(2, 3);
/* The statements that were added stand in the place of the action; those of an ALTER TABLE's other actions stay as they are. False:
 * a comment stands between, which would be lost. */
bool fix_replace(struct fix *fix);
/* Something is put in before a byte of the file. False when the fix holds no more. */
bool fix_insert(struct fix *fix, size_t at, const char *text);

/* The name that the server would give a constraint or an index: the first of table_name_label that is not taken. */
const char *fix_name(const struct fix *fix, const char *name, const char *label);
/* Adds statements that make the column NOT NULL without reading it under a strong lock. */
void fix_not_null(struct fix *fix, const char *column);
/* Adds statements that add the constraint without looking at rows, and then look at them. definition: without NOT VALID. */
void fix_not_valid(struct fix *fix, const char *name, const char *definition);
/* Adds statements that build an index beside the application, and make a key of it. tail: what stands behind, or "". */
void fix_key(struct fix *fix, const char *name, const char *kind, const char *columns, const char *tail);
/* The columns of a key between underscores, as automatic names have them. NULL: not a plain list. */
const char *fix_columns(const struct fix *fix);
/* The name of an unnamed CHECK. NULL: it cannot be told. */
const char *fix_check_name(const struct fix *fix, const char *expr);

bool fix_constraint(struct fix *fix);
bool fix_set_not_null(struct fix *fix);
bool fix_column(struct fix *fix);
bool fix_attach(struct fix *fix);
bool fix_detach(struct fix *fix);
bool fix_refresh(struct fix *fix);

#endif
