/* What the files of effects share. */
#ifndef SEGUE_POSTGRES_LINT_EFFECTS_INTERNAL_H
#define SEGUE_POSTGRES_LINT_EFFECTS_INTERNAL_H

#include "postgres/lint/effects.h"

struct effects {
    struct arena *arena;
    const struct known *known;
    const struct lint_settings *settings;
    struct lint_statement *statement;
    struct lint_action *action;      /* under way */
    struct known_relation *relation; /* its own; NULL: not known */
    struct lint_touch nowhere;       /* of what has no name */
};

/* A relation is locked. Returns its touch, for rewrite and scan; valid until the next call. */
struct lint_touch *effects_touch(struct effects *e, struct name name, enum lint_mode mode);
/* The action's own relation, with what the action says of rewrite and scan. */
void effects_own(struct effects *e, enum lint_mode mode);
/* Likewise, and its partitions, as ALTER TABLE goes through them; the rows are those of the partitions. */
void effects_tree(struct effects *e, enum lint_mode mode);
/* The action rewrites, scans or fails, and why. */
void effects_rewrites(struct effects *e, enum lint_truth truth, const char *why);
void effects_scans(struct effects *e, enum lint_truth truth, const char *why);
void effects_fails(struct effects *e, enum lint_truth truth, const char *why);
/* The server must be of this release at least. */
void effects_since(struct effects *e, int major, const char *words);

/* Commands on columns; on constraints and indexes; on whole tables; on types, sequences, functions. Each returns false for
 * an act of another. */
bool effects_of_column(struct effects *e);
bool effects_of_key(struct effects *e);
bool effects_of_table(struct effects *e);
bool effects_of_object(struct effects *e);

/* What rules want to know of what is there besides locks: action->subject, action->published. */
void effects_note(struct effects *e);

#endif
