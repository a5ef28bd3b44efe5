/* segue lint --fix: what findings show as the statement to write instead, written into the file. */
#ifndef SEGUE_CLI_LINT_FIX_H
#define SEGUE_CLI_LINT_FIX_H

#include "base/error.h"
#include "base/text.h"
#include "lint/lint.h"

/* Looks at the content and gives each finding; called once a round, always with what was known before the file. */
typedef bool lint_fix_look(void *context, const char *content, lint_give *give, void *given,
                           struct error *err);

/* The content as it is when nothing is left that can be written otherwise. *fixed: how many findings were. */
bool lint_fix_text(const char *content, lint_fix_look *look, void *context, struct text *out, size_t *fixed,
                   struct error *err) SEGUE_MUST_CHECK;

/* Writes the file anew beside it and puts that in its place, with its mode and its owner. A symbolic link stays, and what it points to
 * is written. */
bool lint_fix_write(const char *path, const char *content, struct error *err) SEGUE_MUST_CHECK;

/* Both as a unified diff; nothing when they are the same. */
void lint_fix_diff(const char *path, const char *before, const char *after, struct text *out);

#endif
