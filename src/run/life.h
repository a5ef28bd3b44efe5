/*
 * The life of a migration as a table: in each state, what is done there and where each event leads. The table is what is
 * executed (run/drive in executor.h) and what the manual prints.
 *
 * A state is durable: it is stored before the work in it begins. `paused` is a flag beside it, not a state.
 */
#ifndef SEGUE_RUN_LIFE_H
#define SEGUE_RUN_LIFE_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"
#include "plan/plan.h"

enum life_state {
    LIFE_NONE, /* not stored yet */
    LIFE_EXPANDING,
    LIFE_BACKFILLING,
    LIFE_VERIFYING,
    LIFE_ACTIVE, /* both versions are live */
    LIFE_COMPLETING,
    LIFE_COMPLETED,
    LIFE_ROLLING_BACK,
    LIFE_ROLLED_BACK,
    LIFE_STATE_COUNT
};

enum life_event {
    LIFE_START,     /* segue start */
    LIFE_WORK_DONE, /* what is done in the state is done */
    LIFE_COMPLETE,  /* segue complete */
    LIFE_ROLLBACK,  /* segue rollback */
    LIFE_EVENT_COUNT
};

enum life_work {
    WORK_NONE,    /* waits for an event from outside */
    WORK_FORWARD, /* steps of the phases first to last, in order */
    WORK_BACK     /* every step that was done, in reverse */
};

struct life_row {
    const char *word; /* as stored and shown: "rolling-back" */
    enum life_work work;
    enum plan_phase first, last;
    bool final;
    enum life_state next[LIFE_EVENT_COUNT]; /* LIFE_NONE: the event is refused here */
    const char *meaning;
};

const struct life_row *life_row(enum life_state state);
/* The state of that word; ERROR_BUG when a newer segue has written one that this one does not know. */
bool life_state(const char *word, enum life_state *out, struct error *err) SEGUE_MUST_CHECK;
const char *life_event_name(enum life_event event);
/* The table as Markdown, for the manual. */
void life_print(struct text *out);

#endif
