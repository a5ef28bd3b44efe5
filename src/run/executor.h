/*
 * The executor walks the steps of a plan, forward or back, and knows nothing of what they do. What is done is what the journal
 * in the database says. After a lost connection it opens a new session, waits with the migration's lock until the old
 * session is gone from the server, reads the journal again and asks the probe of a step that could not be journaled together with its acts:
 * it looks, it never guesses.
 */
#ifndef SEGUE_RUN_EXECUTOR_H
#define SEGUE_RUN_EXECUTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "run/life.h"
#include "run/run.h"

struct executor {
    const struct run_settings *settings;
    const struct engine *engine;
    const struct plan *plan;
    int64_t id;              /* of the migration; 0 before it is stored: then there is no journal */
    struct session *session; /* holds the migration's lock */
    struct backend backend;  /* that one, or the last that did */

    struct arena *journal_arena;
    struct journal_entry *journal;
    size_t n_journal;

    int reconnects; /* since something was last done */
    int64_t next_look_us;
    uint64_t random;
    struct throttling
        *throttling; /* watches the server while rows are moved (run/throttling.h); NULL: not begun */
    struct capturer *capturer; /* reads from the log what changes; NULL: nothing is read */
    const char *slot;          /* from which */
    bool throttled;            /* what it decides counts for the walk that is under way */
    struct text dropped; /* fault points whose connection was dropped already: once a process is enough */
};

/* Opens a session on the plan's search path and takes the migration's lock. `executor` may be closed after a failure too. */
bool executor_open(struct executor *executor, const struct run_settings *settings, const struct plan *plan,
                   struct error *err) SEGUE_MUST_CHECK;
void executor_close(struct executor *executor);

/* From now on steps are those of this stored migration: reads its journal. */
bool executor_adopt(struct executor *executor, int64_t id, struct error *err) SEGUE_MUST_CHECK;
/* The steps of the phases that the journal does not have, in order. */
bool executor_forward(struct executor *executor, enum plan_phase first, enum plan_phase last,
                      struct error *err) SEGUE_MUST_CHECK;
/* Undoes every step that is done or may be half done, in reverse. */
bool executor_back(struct executor *executor, struct error *err) SEGUE_MUST_CHECK;
/* The first step without return that is done or, outside a transaction, begun; NULL: the way back is open. */
const struct step *executor_no_return(const struct executor *executor);

/* Moves the migration from one state to another, across lost connections. A final state of completion switches versions in
 * the same transaction. */
bool executor_move(struct executor *executor, enum life_state from, enum life_state to,
                   struct error *err) SEGUE_MUST_CHECK;
/* Lives the life: does the work of the state and goes on to the next until a state waits for an event or is final. A failure is
 * also stored as the migration's message where the connection allows. */
bool executor_drive(struct executor *executor, enum life_state state, struct error *err) SEGUE_MUST_CHECK;
/* Records what the schema holds, "before" or "after", for segue audit. Where that cannot be done the migration goes on without. */
void executor_take_inventory(struct executor *executor, const char *moment);

#endif
