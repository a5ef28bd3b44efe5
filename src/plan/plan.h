/*
 * A plan is data: an ordered list of steps that an executor walks forward (start, complete) or back (rollback).
 * It is printed, compared, stored as JSON and executed without knowing how it was made. All strings live in the
 * plan's arena. Every SQL text in it is complete and quoted; names in `locks` are for people and for comparison.
 */
#ifndef SEGUE_PLAN_PLAN_H
#define SEGUE_PLAN_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

enum plan_phase {
    PHASE_CHECK,    /* looks at the rows present; touches nothing */
    PHASE_EXPAND,   /* hidden columns, sync triggers, the running version's views */
    PHASE_BACKFILL, /* fills the new shape, then its constraints and indexes */
    PHASE_VERIFY,   /* both shapes are compared */
    PHASE_ACTIVATE, /* the new version's views appear: both versions are live. `start` ends here */
    PHASE_CONTRACT, /* `complete`: views away, tables in their final shape */
    PHASE_COUNT
};

enum step_kind {
    /* `acts` and the journal row commit in one short transaction under the lock discipline */
    STEP_TRANSACTION,
    /* each of `acts` runs outside a transaction block; lock_timeout is lifted; `probe` decides */
    STEP_ALONE,
    /* a walk over a table in chunks of its key. Where others are at work, its `acts` come before the first chunk, each in a transaction of its
     * own: what would have to be done in one piece afterwards */
    STEP_WALK,
    STEP_CHECK, /* `check` must count 0 */
    /* `acts` is one query that brings a copy up to date and says with how many changes, in a transaction with one snapshot, again and
     * again until hardly any are left; `check`, if there is one, must count 0 in the snapshot of the last */
    STEP_CATCH_UP,
    /* `acts` in any order, side by side, each in a transaction of its own; one that is done already does nothing */
    STEP_SIDE_BY_SIDE,
    /* its one act frees room, outside a transaction block, paced; unless `probe` says that it is needless. It may fail */
    STEP_VACUUM
};

/* How long a step holds its strongest lock. */
enum step_duration {
    DURATION_NONE,    /* no lock that anyone would notice */
    DURATION_INSTANT, /* metadata only */
    DURATION_SCAN,    /* reads the table once, under a lock that lets reads and writes go on */
    DURATION_BUILD,   /* builds an index, likewise */
    DURATION_CHUNKS,  /* row locks, a chunk at a time */
    DURATION_HELD     /* reads or writes the table's rows under a lock that keeps others out */
};

struct step_lock {
    const char *relation; /* schema.table, quoted where needed */
    /* as PostgreSQL prints it without "LOCK": ACCESS EXCLUSIVE, SHARE UPDATE EXCLUSIVE, … */
    const char *mode;
};

/* A walk over every row that was there when it began, in the order of a key or of where the rows lie. */
struct walk {
    const char *table; /* quoted, qualified */
    const char **keys; /* quoted key columns, all NOT NULL, with a unique btree index; none: walked by ctid */
    const char **key_types; /* format_type of each */
    size_t n_keys;
    bool by_place;     /* walked by ctid though there are keys; rows are named by their keys */
    const char *set;   /* "a = expr, b = expr": an update walk. NULL for the others */
    bool remove;       /* a walk that deletes rows */
    const char *alias; /* what set and where call the table, quoted; NULL: nothing */
    /* A copying walk: statements that put the rows of a chunk into another table. They read the rows, locked FOR SHARE, from
     * _segue_rows, where each is a value of the table's row type in column _segue_row. set is NULL. */
    const char **copies;
    size_t n_copies;
    /* A walk into a new table: "INSERT INTO … SELECT … FROM ONLY table", which the condition of a chunk follows, and then
     * WALK_INSERT_END. By ctid, in lanes side by side; set is NULL. */
    const char *insert;
    const char *
        left_to; /* such a walk's: the table, with its columns, that takes the keys of the rows that are left */
    const char *where;    /* rows to update, or NULL for all; a comparing walk: rows to look at */
    const char *mismatch; /* comparing walk: boolean expression, true for a row whose shapes differ */
    double rows;          /* estimate at plan time */
    /* update under session_replication_role = replica so that user triggers stay quiet */
    bool silence_triggers;
    /* A walk at which a row may fail (its `set` divides by zero, a cast finds no number): such rows are left and listed. */
    bool leaves_stubborn;
};

/* Where the new table has unique indexes already. A row is left out when one that was copied earlier has its key, or a value that must be
 * unique: both had it at different times, so this one changed in between, its key is noted, and it will be copied again. */
#define WALK_INSERT_END " ON CONFLICT DO NOTHING"

/* More rows that fail than that are no matter of rows: the expression is wrong. */
#define WALK_MOST_STUBBORN 1000

/* The progress of a walk's nth lane is kept under the step's id with this and n. */
#define WALK_LANE "/lane-"

/* Which rows change while a table is copied, read from the server's log. */
struct capture {
    const char *table;              /* quoted, qualified */
    const char *slot, *publication; /* bare names */
    const char **keys;              /* the key's columns, bare names */
    size_t n_keys;
    /* The INSERT that notes keys: $1 an array of transaction ids, $2 and further an array of texts for each column of the key. */
    const char *journal;
    double ceiling; /* bytes of log that the slot may keep before it is given up */
    int locking; /* in a step of one transaction: so many of its acts take locks, and the last changes are read after them */
};

/* A question whose count must be zero. */
struct check {
    /* Run before, in the same transaction, which is rolled back: a copy of rows to look at. */
    const char **prepare;
    size_t n_prepare;
    const char *count;   /* SELECT of one bigint */
    const char *sample;  /* SELECT of one text column, a readable key a row, at most 5 rows; or NULL */
    const char *message; /* "users.email has NULL in %s rows" (%s: the count) */
    const char *hint;
    bool may_fail; /* the question itself may fail at a row: then the backfill finds that row */
};

enum step_flags {
    STEP_NO_RETURN = 1, /* after it the way back is gone */
    STEP_NO_LOCKS = 2,  /* takes no lock that needs the discipline (new objects only) */
    STEP_SETTLES = 4    /* STEP_CATCH_UP until no snapshot is left that is older than the step */
};

struct step {
    const char *id; /* stable: expand/030/users/columns */
    enum plan_phase phase;
    enum step_kind kind;
    unsigned flags;
    const char *title; /* for a person: "add hidden column full_name to users" */
    const char *why;   /* or NULL */
    const char **acts;
    size_t n_acts;
    /* NULL/0: nothing to undo. STEP_TRANSACTION: with the journal row in one transaction */
    const char **undo;
    size_t n_undo;
    bool undo_alone; /* undo statements run outside a transaction block */
    /* SELECT of one boolean: true when the acts are in effect. Needed for STEP_ALONE and STEP_VACUUM */
    const char *probe;
    /* Statements run alone. STEP_ALONE: before each try, they clear what a failed try left; STEP_CATCH_UP: between its passes */
    const char **clean;
    size_t n_clean;
    /* STEP_CATCH_UP, where others are at work: the same in small parts (engine's catch_up_part). */
    const char *parts;
    /* STEP_TRANSACTION: a query that brings a copy up to date, in a transaction of its own with one snapshot before each try */
    const char *before;
    /* Changes are read from the log while the step is under way, and, where it applies them, before each time it does. */
    struct capture *capture;
    struct step_lock *locks;
    size_t n_locks;
    enum step_duration duration;
    struct walk *walk;
    /* Takes back what the walk did to the rows that it has reached; NULL: nothing is taken back. Its progress is kept under the
     * step's id with "/undo". */
    struct walk *undo_walk;
    struct check *check;
};

/* What happens to one table, for people, for `drive` and for `verify`. */
struct plan_table {
    const char *schema, *name;       /* the real table's present name */
    const char *new_name;            /* its name in the new version */
    const char *old_view, *new_view; /* quoted qualified views, NULL where there is none */
    double rows;
    double bytes;
    const char *strategy; /* "in place", "metadata only", "new table", "dropped" */
    const char *strategy_why;
    /* Boolean expression over the table's physical columns: true when both shapes of a row agree. NULL: nothing to agree on. */
    const char *agree;
    const char **keys; /* quoted physical key columns as in struct walk */
    const char **key_types;
    size_t n_keys;
    /* What must agree, as either version has it: SQL over the physical columns that gives readable text. NULL where agree is. */
    const char *old_shape, *new_shape;
    /* SET lists that make one side from the other: the old version's columns, and the new one's. NULL: cannot be made so. */
    const char *mend_old, *mend_new;
    bool silence_triggers; /* as in struct walk, while one side is made from the other */
    const char **notes;    /* what the old and the new application see */
    size_t n_notes;
};

struct plan {
    int format; /* of the stored JSON: 1 */
    const char *name;
    const char *digest; /* of the migration file */
    const char *schema;
    const char *old_version, *new_version;      /* schema names: public_base, public_0007_full_name */
    const char *goal, *owner, *deadline, *note; /* or NULL */
    const char *search_path; /* the session's while acts run, quoted list: public, extensions */
    int server_version;
    /* What no other migration may touch while this one is under way, in words that are compared: "table public.users",
     * "type public.mood", "view public.report". */
    const char **touches;
    size_t n_touches;
    /* Further versions below the old one whose applications run on while this migration does, and have its old views too. */
    const char **older_versions;
    size_t n_older_versions;
    struct plan_table *tables;
    size_t n_tables;
    struct step *steps; /* in order of execution: phases ascending */
    size_t n_steps;
    const char **notes;
    size_t n_notes;
};

/* The word for a phase: "check", "expand", … Static. */
const char *plan_phase_name(enum plan_phase phase);
const char *step_kind_name(enum step_kind kind);
const char *step_duration_name(enum step_duration duration);
const struct step *plan_step(const struct plan *plan, const char *id);
/* The table of the plan that a step's id names: backfill/030/users/index. NULL: none. */
const struct plan_table *plan_table_of(const struct plan *plan, const struct step *step);

/* The plan as JSON, complete: plan_from_json gives the same plan back. */
void plan_to_json(const struct plan *plan, struct text *out);
/* The same, with one more key behind all others, whose value is the JSON given. */
void plan_to_json_with(const struct plan *plan, const char *key, const char *json, struct text *out);
bool plan_from_json(struct arena *arena, const char *json, struct plan **out,
                    struct error *err) SEGUE_MUST_CHECK;
/* The very SQL, each statement commented with its step. */
void plan_to_sql(const struct plan *plan, struct text *out);

#endif
