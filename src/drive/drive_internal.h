/* What the files of the generator share: the run, the crew of each version, a worker, and what is known of a table. */
#ifndef SEGUE_DRIVE_DRIVE_INTERNAL_H
#define SEGUE_DRIVE_DRIVE_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "drive/drive.h"
#include "drive/favour.h"
#include "drive/finding.h"
#include "drive/row.h"
#include "drive/series.h"
#include "drive/shape.h"
#include "drive/statement.h"
#include "drive/value.h"

enum {
    HOT_ROWS = 8,     /* rows that all workers fight over */
    STABLE_ROWS = 64, /* hot ones included: read by everybody, referred to, deleted by nobody */
    OWN_ROWS = 32,    /* at most, of a worker in a table */
    SEED_ROWS = 24    /* a table with fewer rows gets some more first */
};

/* A table as a crew drives it. */
struct target {
    struct shape *shape;
    struct statements statements;
    struct statement agree; /* of the migration under way; sql NULL: nothing to compare */
    bool *unrelated;        /* columns that it has nothing to do with; NULL: not known */
    struct row *stable;     /* keys only; the hot ones first */
    size_t n_stable;
    const struct row *hot[HOT_ROWS]; /* in key order; those that take an UPDATE at all */
    size_t n_hot;
};

/* Rows that nobody deletes, by their key in the table underneath. */
struct stock {
    const char *table; /* quoted, qualified */
    const char **keys; /* quoted columns of the table underneath */
    size_t n_keys;
    const char ***rows;
    size_t n_rows;
};

struct worker;

struct crew {
    struct drive *drive;
    enum drive_version version;
    struct arena *arena;
    const char *path; /* search path of its sessions */
    struct target *targets;
    size_t n_targets;
    struct worker *workers;
    size_t n_workers;
    struct series series;
    atomic_bool stop;
    atomic_bool busy;    /* workers run, or the checks after them */
    atomic_bool gone;    /* rolled back: what its sessions see now is the other version */
    atomic_bool over;    /* will not run (again) */
    atomic_int ready;    /* workers that have prepared their statements */
    atomic_int active;   /* workers that run */
    double began, ended; /* seconds; -1: not yet */
};

/* Whether both shapes of a row exist and must agree. */
enum overlap { OVERLAP_BEFORE, OVERLAP_NOW, OVERLAP_AFTER };

struct drive {
    struct drive_settings settings;
    const char *schema;
    struct arena *arena;
    pthread_mutex_t lock; /* arena, marks, findings, notes */
    int64_t began_us;
    uint64_t run;
    atomic_ullong counter;
    struct shape_override *overrides[DRIVE_VERSIONS];
    size_t n_overrides[DRIVE_VERSIONS];
    struct crew crews[DRIVE_VERSIONS];
    struct findings findings;
    struct drive_mark *marks;
    size_t n_marks;
    const char **notes;
    size_t n_notes;
    struct arena *stock_arena; /* of the thread that prepares */
    struct stock *stock;
    size_t n_stock;
    const char **names; /* tables, as the old version names them */
    size_t n_names;
    const char *path_bare; /* the schema and what follows it on the search path */
    atomic_ullong own_checks, agree_checks, counted_rows, swept_rows;
    atomic_int overlap;
    atomic_llong migration; /* the one that this run is about; 0: none seen */
    pthread_t control;
    bool control_runs;
    atomic_bool stop;
    /* The control thread's own. */
    struct session *session;
    struct arena *plan_arena;
    struct plan *plan;
    char state[32];
};

struct holding {
    struct row *rows;
    size_t n;
};

struct worker {
    struct crew *crew;
    int number;
    pthread_t thread;
    struct session *session;
    struct maker maker;
    struct batch batch;
    struct holding *own; /* one for each target */
    struct favour favour;
    bool agree_prepared;
    int64_t next_us, interval_us; /* of the open loop; interval 0: closed */
    int64_t began_us, ended_us;   /* of the present request */
    bool failed;                  /* a statement has just failed, maybe in a transaction */
};

/* --- prepare.c --- */

/* Reads what a crew drives through a session on its path, tries the statements, and fills its targets. */
bool crew_prepare(struct crew *crew, struct session *session, const char *const *names, size_t n_names,
                  struct error *err) SEGUE_MUST_CHECK;
/* Opens a session of a version's application. */
bool crew_open(const struct crew *crew, struct session **out, struct error *err) SEGUE_MUST_CHECK;
/* Gives the crew's targets the comparison of the plan under way. */
void crew_compare(struct crew *crew, const struct plan *plan);

/* --- worker.c --- */

/* Starts the threads of a crew and waits until each has prepared its statements or failed to. */
void crew_start(struct crew *crew);
/* Waits for the threads to end. */
void crew_join(struct crew *crew);
/* Prepares a target's statements on a session. */
bool target_prepare(struct session *session, const struct target *target, struct error *err) SEGUE_MUST_CHECK;
/* Runs a prepared statement with the row's values. */
bool statement_run(struct session *session, const struct statement *statement, const struct row *row,
                   struct rows **out, struct error *err) SEGUE_MUST_CHECK;
/* Counts an error and keeps it as a sample; reconnects where the session may be of no more use. An interruption and the end
 * of a version are no errors. */
void worker_failed(struct worker *worker, const char *sql, const struct error *err);

/* True when the worker's version was rolled back under it: what went wrong then is the application's end, no error. */
bool worker_is_over(struct worker *worker);

/* --- act.c --- */

/* One request of the mix, with the checks after it. */
void worker_act(struct worker *worker);
/* Runs an UPDATE on another worker's row that was lent for it; the row has its key. */
void act_update_lent(struct worker *worker, size_t target, const struct statement *statement,
                     struct row *row);

/* --- check.c --- */

/* The row as its version shows it equals what was written, and is there once. */
void check_own(struct worker *worker, size_t target, const struct row *row);
/* Both shapes of the row agree, when there are two. */
void check_agree(struct worker *worker, size_t target, const struct row *row);
/* Every row of the worker's is there with its values. */
void check_all_own(struct worker *worker);
/* Every row of the plan's tables has shapes that agree; run by the control thread while both versions are live. */
void check_sweep(struct drive *drive);
/* A key for people: id=5. */
void describe_key(const struct shape *shape, const struct row *row, struct text *out);
/* Whether the state is now one with both shapes; asked through this session. */
bool state_is_active(struct drive *drive, struct session *session);
/* Whether the migration that brought the new version was rolled back or is about to be. */
bool version_is_gone(struct drive *drive, struct session *session);

/* --- control.c --- */

void *control_main(void *argument);
/* Takes the plan of the migration under way, if there is one, without acting on its state. */
bool control_plan(struct drive *drive, struct error *err) SEGUE_MUST_CHECK;
/* Opens the session of the control thread. */
bool drive_open_control(struct drive *drive, struct error *err) SEGUE_MUST_CHECK;
void drive_note(struct drive *drive, const char *format, ...) SEGUE_PRINTF(2, 3);
void drive_found(struct drive *drive, enum drive_finding_kind kind, enum drive_version version,
                 const char *sqlstate, const char *statement, const char *format, ...) SEGUE_PRINTF(6, 7);

#endif
