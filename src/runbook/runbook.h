/*
 * The runbook of a migration: what its plan does, to which data, under which traffic, for how long, how it is stopped and how it is
 * taken back, as a document (document/document.h). It is made of the plan and of facts that somebody else has gathered: nothing here
 * asks a server. What is not known is said, and why.
 */
#ifndef SEGUE_RUNBOOK_RUNBOOK_H
#define SEGUE_RUNBOOK_RUNBOOK_H

#include "document/document.h"
#include "engine/facts.h"
#include "plan/plan.h"
#include "runbook/rehearsed.h"

struct runbook_request {
    const struct plan *plan;
    const struct facts *facts;         /* NULL: there are none */
    const char *why_no_facts;          /* in words; NULL: what needs them is left out without a word */
    const char *file;                  /* the migration as it was named; NULL: commands are left out */
    const char *start_options;         /* further options of segue start, ready for a shell; or NULL */
    const struct rehearsed *rehearsed; /* a rehearsal of the same file; or NULL */
    int lock_ceiling_ms;               /* how long a lock request may wait */
};

/* The document, in the arena. */
struct document *runbook_build(struct arena *arena, const struct runbook_request *request);

/* The string as one word for a POSIX shell. */
void runbook_shell_word(struct text *out, const char *string);
/* Seconds as one reads them, from microseconds on: 5 ms, 0.3 s, 3 min 20 s. */
const char *runbook_seconds(struct arena *arena, double seconds);

#endif
