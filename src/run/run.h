/*
 * The life of a migration: start, complete, rollback, pause, resume, and how it stands. Each of the first three can be killed at
 * any instant and called again: what is done is read from the journal in the database, never remembered. Nothing here
 * prints; a command passes an observer.
 *
 * Error classes that a caller meets: ERROR_REFUSED (the request cannot be served or found something; the text says why),
 * ERROR_BUSY (a lock could not be had within the budget; resumable), ERROR_INTERRUPTED (the user's signal; resumable), ERROR_LOST and
 * ERROR_RESOURCE (resumable when the server is well again), ERROR_DATABASE.
 */
#ifndef SEGUE_RUN_RUN_H
#define SEGUE_RUN_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "engine/engine.h"
#include "move/throttle.h"
#include "move/window.h"
#include "plan/plan.h"
#include "run/observer.h"

enum strategy {
    STRATEGY_AUTO,     /* what costs less, for each table */
    STRATEGY_IN_PLACE, /* hidden columns are added, and filled in chunks */
    STRATEGY_REBUILD   /* the rows move into a new table, where that can be done */
};

struct run_settings {
    const struct engine *engine;
    const char *url;            /* NULL: the engine's own environment */
    const char *schema;         /* "public" */
    const char *migration;      /* which of those under way is meant; NULL: the only one */
    double lock_budget_seconds; /* how long a step may wait for its locks in all */
    double
        settle_seconds; /* how long a swap may wait for snapshots that are older than the copy; 0: it does not */
    int lock_ceiling_ms; /* how long one lock request may wait, with the application queued behind it */
    /* at most this share of the time walks work; 100: without rest; 0: not given, then 100 where statements are guarded, else 7 */
    double pace_percent;
    double chunk_ms;           /* how long a chunk should take */
    enum strategy strategy;    /* how tables get their new shape */
    enum capture_wish capture; /* how what changes while rows move is captured */
    int jobs;                  /* how many sessions copy rows side by side */
    /* What is guarded while rows are moved. The p95 of probe statements, by its ratio to what it was before or in seconds; both 0:
       not at all. The seconds that standbys may be behind; 0: any. */
    double max_p95_ratio, max_p95_seconds, max_lag_seconds;
    double ceilings
        [SIGNAL_COUNT]; /* of signals, as the operator wants them; 0: segue's own; below 0: not looked at */
    const char *throttle_query; /* of one number or boolean: above 0, rows are left alone; or NULL */
    struct windows windows;     /* when rows may be moved; none: always */
    int64_t *ran;               /* where the id of the migration that was worked on is put; or NULL */
    const struct catalog *
        sizes; /* a plan takes the tables' sizes from here: what is rehearsed is planned as it will be; or NULL */
    bool force;                          /* complete although the old version is in use */
    bool unverified;                     /* complete although no complete pass of verification counts */
    const struct run_observer *observer; /* or NULL */
};

/* 60 s, 300 s, 100 ms, 5 ms, p95 at most 10 % above the baseline, lag at most 10 s, schema public; the caller sets engine and url. */
void run_settings_init(struct run_settings *settings, const struct engine *engine, const char *url);

/* Makes the state schema and the first version of the schema; nothing when they are there. */
bool run_init(const struct run_settings *settings, struct error *err) SEGUE_MUST_CHECK;
/* Reads the file and plans it against the database, without touching either. Results in the arena; migration may be NULL. */
bool run_plan(const struct run_settings *settings, const char *file, struct arena *arena,
              struct migration **migration, struct plan **plan, struct error *err) SEGUE_MUST_CHECK;
/* What the server tells of the plan's tables, for people (engine/facts.h), with a look at their traffic that lasts so many seconds; 0: none.
 * In the arena. */
bool run_facts(const struct run_settings *settings, const struct plan *plan, double seconds,
               struct arena *arena, struct facts **out, struct error *err) SEGUE_MUST_CHECK;
/* Expands, backfills, verifies and activates: returns when both versions are live. Goes on with the stored plan when the same file is
 * under way. */
bool run_start(const struct run_settings *settings, const char *file, struct error *err) SEGUE_MUST_CHECK;
/* Contracts; from then on only the new version is there. Refused while the old one is in use, unless forced, and while no complete pass
 * of verification counts, unless that is waived. */
bool run_complete(const struct run_settings *settings, struct error *err) SEGUE_MUST_CHECK;
/* Undoes everything, from any state before the first step without return. */
bool run_rollback(const struct run_settings *settings, struct error *err) SEGUE_MUST_CHECK;
/* A file of a folder, or a migration that has none there any more. */
struct folder_entry {
    const char *name;
    const char *path;                      /* NULL: the file is missing */
    const struct state_migration *applied; /* under way, completed or adopted; NULL: it is pending */
    bool edited;                           /* its fingerprint is another than when it was applied */
    bool out_of_order;                     /* pending, and before one that was applied */
};

struct run_folder {
    struct folder_entry *entries; /* in the order of their names */
    size_t n_entries;
    size_t n_pending, n_edited, n_missing, n_out_of_order;
};

/* What is taken as it is, and how far to go. */
struct folder_choice {
    bool all; /* start and complete one after the other, up to the last, which stays live */
    bool edited, missing, out_of_order;
};

/* Compares a folder with what the database has seen, in the arena. */
bool run_folder(const struct run_settings *settings, const char *folder, struct arena *arena,
                struct run_folder *out, struct error *err) SEGUE_MUST_CHECK;
/* Starts the next pending file of the folder, or all of them. ERROR_REFUSED where the folder is not what the database has seen. */
bool run_start_folder(const struct run_settings *settings, const char *folder,
                      const struct folder_choice *choice, struct error *err) SEGUE_MUST_CHECK;
/* Adopts a database that was there before segue: records what the schema holds, and that the files of a folder up to this one (a path,
 * or NULL: none) count as applied. ERROR_REFUSED while a migration of the schema is under way, where there is no such file, and where there
 * is a baseline already, unless that is replaced (`again`). */
bool run_baseline(const struct run_settings *settings, const char *upto, bool again, struct arena *arena,
                  struct baseline *out, struct error *err) SEGUE_MUST_CHECK;
/* What the schema holds beside what the baseline has; out is the stored one. ERROR_REFUSED where there is none. */
bool run_baseline_check(const struct run_settings *settings, struct arena *arena, struct baseline *out,
                        const char ***lines, size_t *n, struct error *err) SEGUE_MUST_CHECK;
/* How the schema stands after its migrations, and what became of one that is complete (NULL: of none). Reads only. */
bool run_audit(const struct engine *engine, struct session *session, const char *schema,
               const struct state_migration *migration, const struct audit_wish *wish, struct arena *arena,
               struct audit *out, struct error *err) SEGUE_MUST_CHECK;
/* Asks the session that runs the migration to rest between two chunks or steps. */
bool run_pause(const struct run_settings *settings, struct error *err) SEGUE_MUST_CHECK;
/* Takes the pause back, and goes on with whatever was under way unless another session is still at it. */
bool run_resume(const struct run_settings *settings, struct error *err) SEGUE_MUST_CHECK;

struct run_status {
    bool installed;              /* the state schema is there; otherwise nothing below is set */
    struct state_migration *all; /* that are under way, the oldest first */
    size_t n_all;
    /* The one that was named, else the one that is on its way, else the oldest. NULL: none is under way, and nothing below is set */
    struct state_migration *live;
    struct plan *plan;
    struct state_rest rest; /* what keeps it from going on, when somebody wants it to rest */
    int runner_pid;         /* the server process of the session that runs it; 0: nobody does */
    size_t steps, steps_done;
    const struct step *step;        /* the one that is under way or comes next; NULL: none */
    struct walk_progress walk;      /* of that step, when it is a walk */
    double rows_per_s;              /* mean since the walk began; 0: not known */
    double eta_seconds;             /* negative: not known */
    struct throttle_state throttle; /* of the session at work, while it moves rows */
    struct blocker *blockers;       /* who stands in the way of that step, older than the lock ceiling */
    size_t n_blockers;
    struct version_user *old_users, *new_users; /* seen within the last minute */
    size_t n_old_users, n_new_users;
    struct verification verified; /* while both versions are live */
    struct kept_log *slots;       /* that segue has made, whether or not a migration is under way */
    size_t n_slots;
    struct stubborn *stubborn; /* rows that the backfill has left */
    size_t n_stubborn;
};

/* How things stand, in the arena. Needs no lock of segue's and answers at once. Remembers who uses the versions, where it
 * may and nobody else looks. */
bool run_status(const struct run_settings *settings, struct arena *arena, struct run_status *out,
                struct error *err) SEGUE_MUST_CHECK;

#endif
