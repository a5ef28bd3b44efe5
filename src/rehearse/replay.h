/*
 * Traffic of statements that the target has recorded: sessions of the old version run them on the busy way, each statement at least once
 * at every moment, then in proportion to their calls. What fails is tried with the same values on the copy that nobody has
 * changed: where it fails there likewise, it is not the migration that it fails at.
 */
#ifndef SEGUE_REHEARSE_REPLAY_H
#define SEGUE_REHEARSE_REPLAY_H

#include "drive/histogram.h"
#include "engine/engine.h"

enum replay_moment {
    REPLAY_BEFORE, /* the migration has not begun */
    REPLAY_DURING, /* start or rollback is under way */
    REPLAY_LIVE,   /* both versions are live */
    REPLAY_BACK,   /* it was rolled back */
    REPLAY_MOMENTS
};

struct replayed_moment {
    uint64_t runs;
    uint64_t errors;        /* that the untouched copy does not have */
    struct histogram times; /* of runs without an error, microseconds */
};

/* A statement and how its runs went. */
struct replayed {
    struct replay_statement statement;
    struct replayed_moment moments[REPLAY_MOMENTS];
    uint64_t own_errors;  /* that the untouched copy has, too: its values do not fit */
    uint64_t rolled_back; /* runs that deleted, or changed more rows than a copy bears */
    const char *error;    /* the first of `errors`, with its SQLSTATE; or NULL */
    enum replay_moment when;
    const char *own_error; /* the first of `own_errors`; or NULL */
};

struct replay_settings {
    const struct engine *engine;
    const char *url;         /* the database that the migration runs on */
    const char *untouched;   /* the copy as it came */
    const char *version;     /* schema of the old version */
    const char *search_path; /* quoted list behind it */
    const struct recorded_statements *recorded;
};

struct replay;

/* Looks which statements can be run, draws their values, and starts the sessions. They are at REPLAY_BEFORE. */
bool replay_begin(const struct replay_settings *settings, struct arena *arena, struct replay **out,
                  struct error *err) SEGUE_MUST_CHECK;
/* What runs from now on belongs to the moment. */
void replay_at(struct replay *replay, enum replay_moment moment);
/* Returns after so many seconds, and when each statement was run at this moment, unless that takes all too long. */
bool replay_wait(struct replay *replay, double seconds, struct error *err) SEGUE_MUST_CHECK;
/* Runs a second that are aimed at. */
double replay_rate(const struct replay *replay);
/* Ends the sessions. The list lives in the arena that it began with. NULL is allowed. */
void replay_end(struct replay *replay, struct replayed **out, size_t *n);

#endif
