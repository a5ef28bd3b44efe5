/* What a rehearsal has forecast, read from its JSON (segue rehearse --json). */
#ifndef SEGUE_RUNBOOK_REHEARSED_H
#define SEGUE_RUNBOOK_REHEARSED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

struct rehearsed_step {
    const char *id;
    bool back;
    double low, likely, high; /* seconds on the target */
};

struct rehearsed {
    const char *digest; /* of the migration's file */
    const char *at;     /* ISO 8601 */
    double percent;     /* of the rows of large tables */
    struct rehearsed_step *steps;
    size_t n_steps;
};

/* In the arena. ERROR_USAGE for what is not such a document. */
bool rehearsed_from_json(struct arena *arena, const char *json, struct rehearsed **out,
                         struct error *err) SEGUE_MUST_CHECK;
/* NULL: the step was not among those of the rehearsal. rehearsed may be NULL. */
const struct rehearsed_step *rehearsed_step(const struct rehearsed *rehearsed, const char *id, bool back);

#endif
