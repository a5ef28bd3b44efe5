/* What the parts of the runbook share. */
#ifndef SEGUE_RUNBOOK_RUNBOOK_INTERNAL_H
#define SEGUE_RUNBOOK_RUNBOOK_INTERNAL_H

#include "runbook/forecast.h"
#include "runbook/runbook.h"

struct runbook {
    struct arena *arena;
    const struct runbook_request *request;
    const struct plan *plan;
    const struct facts *facts; /* or NULL */
    struct section *body;
    struct forecast forecast;
};

/* Each appends its section, or nothing where there is nothing to say. */
void runbook_tables(struct runbook *book);
void runbook_data(struct runbook *book);
void runbook_traffic(struct runbook *book);
void runbook_locks(struct runbook *book);
void runbook_room(struct runbook *book);
void runbook_backfill(struct runbook *book);
void runbook_steps(struct runbook *book);
void runbook_undo(struct runbook *book);
void runbook_commands(struct runbook *book);

/* A section of which only the server can tell: when it was not asked, it says so, and NULL is returned; NULL as well where even that
 * is to be left out. */
struct section *runbook_of_facts(struct runbook *book, const char *key, const char *title);
/* "2 s (0.5 s to 10 s)" */
const char *runbook_range(struct arena *arena, struct range range);

#endif
