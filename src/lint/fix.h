/*
 * Rewrites: what a finding shows as the statement to write instead, and what --fix writes, are the same edits. Only what leaves the same
 * schema behind is rewritten.
 */
#ifndef SEGUE_LINT_FIX_H
#define SEGUE_LINT_FIX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/text.h"
#include "lint/model.h"

/* These bytes of the file become the text. */
struct lint_edit {
    struct lint_slice slice;
    const char *text;
};

enum { LINT_MOST_EDITS = 2 };

/* Edits of one statement in the order of the file; none of them touches another. */
struct lint_fix {
    struct lint_edit edits[LINT_MOST_EDITS];
    size_t n;
    bool last; /* other rewrites may make it needless, and come first */
};

/* What was found, and where. */
struct lint_fix_request {
    const char *rule;
    const struct lint_statement *statement;
    const struct lint_action *action;
    const struct lint_settings *settings;
    bool in_transaction;
    const char *
        begin; /* how the file began it, if it has only made constraints NOT VALID and validated some; else NULL */
    const char *timeout; /* the lock_timeout that is set, as SET says it; NULL: none */
};

/* How an engine writes it; false: not at all. Strings in the arena. */
struct lint_fixer {
    void *context;
    bool (*rewrite)(void *context, const struct lint_fix_request *request, struct arena *arena,
                    struct lint_fix *out);
};

/* The bytes of the slice with the edits that are in it made. */
void lint_fix_apply(const char *content, struct lint_slice slice, const struct lint_edit *edits, size_t n,
                    struct text *out);

/* Edits of several findings that can be made at once: those that touch one that is there already wait for the next round. */
struct lint_edits {
    struct lint_edit *list; /* in the order of the file */
    size_t n;
};

/* All edits of the fix, copied into the arena, or none; false: none. */
bool lint_edits_add(struct lint_edits *edits, struct arena *arena, const struct lint_fix *fix);

#endif
