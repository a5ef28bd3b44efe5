/* What the verbs of run.h share. */
#ifndef SEGUE_RUN_VERB_INTERNAL_H
#define SEGUE_RUN_VERB_INTERNAL_H

#include "run/executor.h"

/* A stored migration that a verb works on. */
struct verb {
    const struct run_settings *settings;
    struct arena *arena;
    struct session *session;     /* for looking; carries no lock */
    struct state_migration *all; /* that are under way, the oldest first, with their plans' JSON */
    size_t n_all;
    struct state_migration *live; /* the one of them that is meant; NULL: none, or it is not clear which */
    enum life_state state;
    struct plan *plan; /* of live */
    bool unpauses;     /* verb_drive lifts a pause when nothing keeps it from driving */
};

/* Opens a session and reads what is under way. ERROR_REFUSED where the state schema is missing. */
bool verb_open(struct verb *verb, const struct run_settings *settings, struct error *err) SEGUE_MUST_CHECK;
void verb_close(struct verb *verb);
/* Reads again what is under way. */
bool verb_look(struct verb *verb, struct error *err) SEGUE_MUST_CHECK;
/* Means this one of those that are under way, or none (NULL). */
bool verb_mean(struct verb *verb, struct state_migration *live, struct error *err) SEGUE_MUST_CHECK;
/* ERROR_REFUSED when none is meant: none is under way, the one named is not, or several are and none was named. */
bool verb_needs_live(const struct verb *verb, struct error *err) SEGUE_MUST_CHECK;
/* A session without search path of segue's, for looking. */
bool verb_session(const struct run_settings *settings, struct session **out,
                  struct error *err) SEGUE_MUST_CHECK;
/* Migrations of one schema that are under way end in order: ERROR_REFUSED when an older one (`older`), else a newer one, of the
 * same schema must come first. */
bool verb_refuse_turn(const struct verb *verb, bool older, struct error *err) SEGUE_MUST_CHECK;
/* Lifts a pause where there is one. */
bool verb_unpause(struct verb *verb, struct error *err) SEGUE_MUST_CHECK;
void verb_message(const struct run_settings *settings, const char *format, ...) SEGUE_PRINTF(2, 3);

/* Takes the lock for the live migration, makes sure that it is still as it was read, sends the event (LIFE_WORK_DONE: none) and
 * drives. before is asked in between, with the lock held, or is NULL. */
bool verb_drive(struct verb *verb, enum life_event event,
                bool (*before)(struct executor *executor, struct error *err),
                struct error *err) SEGUE_MUST_CHECK;

#endif
