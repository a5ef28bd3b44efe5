/*
 * The seam: what the rest of the house may know about a kind of database. An engine opens sessions, takes a
 * snapshot, reads a migration file, plans it, and keeps segue's state; the executor in run/ does the rest. Differences
 * between engines are capability flags; nobody above asks an engine's name.
 */
#ifndef SEGUE_ENGINE_ENGINE_H
#define SEGUE_ENGINE_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "catalog/carry.h"
#include "catalog/catalog.h"
#include "engine/audit.h"
#include "engine/baseline.h"
#include "engine/compare.h"
#include "engine/facts.h"
#include "engine/gateway.h"
#include "engine/observed.h"
#include "engine/replay.h"
#include "engine/sample.h"
#include "engine/session.h"
#include "engine/shadow.h"
#include "engine/signals.h"
#include "engine/verify.h"
#include "lint/facts.h"
#include "lint/fix.h"
#include "lint/model.h"
#include "migration/change.h"
#include "plan/plan.h"

struct session_settings {
    const char *url;              /* NULL: libpq's own environment */
    const char *application_name; /* "segue", "segue drive" */
    const char *search_path;      /* quoted list as a startup setting, or NULL: the role's own */
    const char *user;             /* NULL: from the URL */
    bool cancel_with_client;      /* the server ends the session within seconds when the client is gone */
    bool single;                  /* without parallel workers: others need the server's processors */
    bool replication;             /* a session of the replication protocol: no statements but simple ones */
};

/* A session as the server knows it. */
struct backend {
    int pid;        /* 0: none */
    char since[40]; /* when it began */
};

/* How rows may move into a new table. */
struct carry_wish {
    bool rebuild; /* whatever it costs */
    enum capture_wish capture;
    const struct session_settings *settings; /* tried for a connection that reads the log */
};

/* A session that stands in the way. Strings in the arena. */
struct blocker {
    int pid;
    double transaction_seconds;
    const char *user, *application, *state;
    const char *query;    /* cut at 200 characters, white space folded */
    const char *relation; /* that it holds */
    const char *mode;
    bool yields;          /* maintenance that steps aside when asked politely (see gate) */
    const char *snapshot; /* readers: tells the snapshot that it holds from the next one */
};

/* A migration as the state tables know it. */
struct state_migration {
    int64_t id;
    const char *name, *digest, *schema;
    const char *old_version, *new_version;
    const char *state; /* "expanding", … see run/life.h */
    bool paused;
    const char *plan; /* JSON; NULL unless asked for */
    const char *goal, *owner, *deadline;
    const char *started_at, *active_at, *finished_at; /* ISO 8601 or NULL */
    const char *message;                              /* last error in words, or NULL */
};

/* Whether a migration shall rest, and who wants it so. */
struct state_rest {
    bool paused; /* by segue pause */
    char held
        [200]; /* by the row that anyone with the privilege can set: who, when and why, in words; empty: not */
};

enum journal_status { JOURNAL_NONE, JOURNAL_DONE, JOURNAL_UNDONE };

struct journal_entry {
    const char *step;
    enum journal_status status;
    const char *finished_at;
    double seconds;
};

/* How far a walk has come; durable with its last chunk. */
struct walk_progress {
    const char **last; /* values of the last key done, as text; NULL before the first chunk */
    size_t n_last;
    /* Where it ends, NULL before the first chunk: the highest key when it began. By place: how many pages there were, and in which file;
       a lane's: also how many rows a page has. */
    const char **finish;
    size_t n_finish;
    double rows_done;
    double rows_total;
    double seconds; /* from its begin to its last chunk */
    /* What the rows of the last chunk took: what a chunk without rows takes, such as the network's time, is not in it. */
    double row_seconds;
    /* Asked of a chunk: where a statement of it takes longer, it is given up and done again with a quarter of its rows, down to one
     * row, which may take its time. 0: as with one row. */
    double most_seconds;
    long cut_to; /* the last chunk was given up so, and has at most so many rows; 0: it was not */
    int64_t chunks;
    bool finished;
};

/* A row that a walk could not change: its `up` fails. */
struct stubborn {
    const char *table; /* quoted, qualified */
    const char *key;   /* readable: (id) = (5) */
    const char *
        sqlstate; /* and the server's message, which may hold a value of the row: for the operator's eyes, not for logs */
    const char *message;
    const char *tried_at; /* ISO 8601 */
};

/* Who uses a version: a session seen with a lock on one of its views. */
struct version_user {
    const char *version;
    int pid;
    const char *user, *application, *address;
    const char *seen_at; /* ISO 8601 */
    double seconds_ago;
};

/* Reads from the log which rows of a table change, in a thread of its own. */
struct capturer;

/* A replication slot of segue's. */
struct kept_log {
    const char *slot;
    double bytes; /* of the server's log that it keeps */
};

/* What a copy is brought up to date with. */
struct catch_up {
    int64_t id;                /* of the migration */
    struct capturer *capturer; /* first brings what the log has; or NULL */
    const char *table;         /* locked against being written anew before the snapshot is taken */
    /* SELECT of the number of changes that were applied. Its parameter is NULL, or else the migration, for which it leaves the rows that it
     * fails at and lists them. */
    const char *query;
    const char *
        check; /* SELECT of one number, in the same snapshot when at most `few` changes were left; NULL: none */
    double few;
    int jobs; /* how many processes may work at it */
};

/* A part of bringing a copy up to date, small enough to be paced. */
struct catch_up_part {
    double wanted;    /* about so many rows */
    const char *at;   /* where the part before ended; NULL: at the beginning */
    bool noted;       /* what is noted already is enough, be there more in the log */
    const char *next; /* where the next one begins; NULL: this was the last one */
    bool any;         /* false: it cannot be done in parts, and nothing was */
    double rows;      /* that this part did */
    double came;      /* changes that were noted, in all, as far as the server counts them */
    double seconds;   /* that it took, without waiting for the log */
    bool differs;     /* compared rows are not the same */
};

struct engine {
    const char *name; /* for messages only */

    bool (*open)(const struct session_settings *settings, struct session **out, struct error *err);
    /* Reads a file into changes; errors carry file:line:column in `where`. */
    bool (*read_migration)(struct arena *arena, const char *path, struct migration **out, struct error *err);
    /* Lint. What is known of a database from the files read so far (catalog of a dump, changes of files); it lives in the arena.
     * `lint_read` reads a file's statements in order, tells what each does, and then takes it for done. file counts from 1; 0: a dump of
     * the schema, whose tables have rows. visit NULL: only for what is known afterwards. `lint_startable`: whether segue start
     * takes the content as a migration; where it does not, the error says why. */
    struct lint_knowledge *(*lint_knowledge)(struct arena *arena);
    void (*lint_read)(struct lint_knowledge *knowledge, const char *content, int file,
                      const struct lint_settings *settings, lint_visit *visit, void *context);
    bool (*lint_startable)(const char *path, const char *content, struct error *err);
    /* The edits that take a finding's hazard away and leave the same schema behind (lint/fix.h); false: there are none, or not here. */
    bool (*lint_rewrite)(struct lint_knowledge *knowledge, const struct lint_fix_request *request,
                         struct arena *arena, struct lint_fix *out);
    /* A database as a source of what lint asks (lint/facts.h): it only reads, waits for no lock, and gives up what takes long; exact:
     * large tables are read as a whole. The session must stay, as must the arena. `lint_know` puts the schema that was there into
     * what is known, which the source then asks what files have changed. */
    bool (*lint_source)(struct session *session, bool exact, struct arena *arena, struct lint_source **out,
                        struct error *err);
    void (*lint_know)(struct lint_source *source, struct lint_knowledge *knowledge);
    bool (*snapshot)(struct session *session, const char *schema, struct arena *arena, struct catalog **out,
                     struct error *err);
    /* Conditions that the file adds above a change of a type that they read become what they mean there; touches nothing. */
    bool (*print_conditions)(struct session *session, struct arena *arena, const struct migration *migration,
                             const struct catalog *catalog, struct error *err);
    /* Adds to the catalog what the migration marks (migration/mark.h) outside the schema that is changed. */
    bool (*marked_tables)(struct session *session, struct arena *arena, const struct migration *migration,
                          struct catalog *catalog, struct error *err);
    /* For each table that the migration changes: what hangs on it, so that its rows may be moved into a new table. Where that is not
     * wanted in any case, only for tables that are large enough for it to be the better way. */
    bool (*carry)(struct session *session, const struct migration *migration, const struct carry_wish *wish,
                  struct catalog *catalog, struct arena *arena, struct error *err);
    /* Pure: no I/O. */
    bool (*plan)(struct arena *arena, const struct migration *migration, const struct catalog *catalog,
                 struct plan **out, struct error *err);
    /* Pure: the migration as a script that brings any database between its versions to the newer one; drops: also what it drops. */
    bool (*export)(struct arena *arena, const struct migration *migration, const char *schema, bool drops,
                   struct text *out, struct error *err);
    /* Asks the server whether every expression of the migration means something there; touches nothing. */
    bool (*check_expressions)(struct session *session, const struct migration *migration,
                              const struct catalog *catalog, struct error *err);

    /* What the server tells of itself and of the plan's tables (facts.h), for people: its `tables` are those of the plan, in their order.
     * What happens to them now is judged by two looks that are so many seconds apart; 0: not. Only a lost connection or a signal of
     * the user is an error: whatever else cannot be read is listed. */
    bool (*facts)(struct session *session, const struct plan *plan, double seconds, struct arena *arena,
                  struct facts *out, struct error *err);

    /* A copy of a database for a rehearsal (sample.h, postgres/sample/sample.h). `environment`: where the URL leads, for the engine's own
     * client programs. */
    bool (*sample_open)(const struct session_settings *settings, struct arena *arena, struct sampling **out,
                        struct error *err);
    bool (*sample_fill)(struct sampling *sample, const struct sample_wish *wish,
                        const struct session_settings *to, struct error *err);
    bool (*sample_scrub)(const struct sampling *sample, const struct sample_wish *wish,
                         const struct session_settings *to, struct error *err);
    bool (*sample_measure)(struct sampling *sample, const struct session_settings *to, struct error *err);
    void (*sample_close)(struct sampling *sample);
    /* What is seen of sessions at work on the copy (observed.h, postgres/observe.h). */
    bool (*observe_own)(struct session *session, struct arena *arena, struct observed_lock **out, size_t *n,
                        struct error *err);
    bool (*observe_locks)(struct session *session, struct arena *arena, struct observed_lock **out, size_t *n,
                          struct error *err);
    bool (*observe_statements)(struct session *session, double seconds, struct arena *arena,
                               struct observed_statement **out, size_t *n, struct error *err);
    bool (*observe_deadlocks)(struct session *session, double *out, struct error *err);
    bool (*observe_sequences)(struct session *session, struct arena *arena, struct observed_sequence **out,
                              size_t *n, struct error *err);
    /* Recorded statements and their plans (postgres/recorded.h). */
    bool (*recorded_statements)(struct session *session, size_t limit, struct arena *arena,
                                struct recorded_statements *out, struct error *err);
    bool (*statements_in)(struct arena *arena, const char *path, const char *content,
                          struct recorded_statements *out, struct error *err);
    /* One of them, made ready to be run on a copy (replay.h, postgres/replay/replay.h). */
    bool (*replay_statement)(struct session *session, const struct recorded_statement *recorded,
                             struct arena *arena, struct replay_statement *out, struct error *err);
    bool (*plan_shape)(struct session *session, const char *version, const char *search_path,
                       const char *statement, struct arena *arena, struct plan_shape *out, struct error *err);
    /* The session speaks as an application of the version (NULL: of none) does; search_path: quoted list behind it. */
    bool (*enter_version)(struct session *session, const char *version, const char *search_path,
                          struct error *err);
    bool (*environment)(const char *url, struct arena *arena, const char *const **out, struct error *err);
    bool (*database_url)(const char *url, const char *database, struct arena *arena, const char **out,
                         struct error *err);

    /* State schema. `install` is idempotent and brings an older state schema up to date. */
    bool (*state_install)(struct session *session, const char *schema, struct error *err);
    bool (*state_installed)(struct session *session, bool *installed, struct error *err);
    /* The migrations that are under way (neither completed nor rolled back), the oldest first. */
    bool (*state_live)(struct session *session, struct arena *arena, bool with_plan,
                       struct state_migration **out, size_t *n, struct error *err);
    bool (*state_history)(struct session *session, struct arena *arena, struct state_migration **out,
                          size_t *n, struct error *err);
    bool (*state_plan)(struct session *session, int64_t id, struct arena *arena, const char **json,
                       struct error *err);
    bool (*state_create)(struct session *session, const struct plan *plan, const char *sql, int64_t *id,
                         struct error *err);
    /* State word, message (NULL clears it). Stamps active_at and finished_at. `from` is what it must be now: a row that is in another
       state is ERROR_REFUSED. Runs in the caller's transaction when one is open. */
    bool (*state_set)(struct session *session, int64_t id, const char *from, const char *to,
                      const char *message, struct error *err);
    bool (*state_pause)(struct session *session, int64_t id, bool paused, struct error *err);
    bool (*state_paused)(struct session *session, int64_t id, struct state_rest *out, struct error *err);
    bool (*state_event)(struct session *session, int64_t id, const char *kind, const char *step,
                        const char *message, struct error *err);
    /* The migration is complete: its new version becomes the schema's current one. Runs in the caller's transaction when one is
       open; so does the next. */
    bool (*switch_version)(struct session *session, int64_t id, struct error *err);
    /* Drops the schemas of versions that nothing uses any more and in which nothing is. */
    bool (*drop_versions)(struct session *session, int64_t id, struct error *err);
    bool (*journal_load)(struct session *session, int64_t id, struct arena *arena, struct journal_entry **out,
                         size_t *n, struct error *err);
    bool (*journal_write)(struct session *session, int64_t id, const char *step, enum journal_status status,
                          double seconds, struct error *err);

    /* Baselines. `look` reads what the schema holds now; `load` what is stored of it, without the objects' lines; `store` adds one to the
       state, which must be there, in place of one that is there with `again`; `compare` lists what differs from the stored one: "- " and
       what is gone, "+ " and what is new. */
    bool (*baseline_look)(struct session *session, const char *schema, struct arena *arena,
                          struct baseline *out, struct error *err);
    bool (*baseline_load)(struct session *session, const char *schema, struct arena *arena,
                          struct baseline *out, struct error *err);
    bool (*baseline_store)(struct session *session, const struct baseline *baseline, bool again,
                           struct error *err);
    bool (*baseline_compare)(struct session *session, const struct baseline *now, struct arena *arena,
                             const char ***lines, size_t *n, struct error *err);

    /* Adds to the audit how a schema in which no migration is under way stands. */
    bool (*audit)(struct session *session, const char *schema, const struct audit_wish *wish,
                  struct arena *arena, struct audit *out, struct error *err);
    /* Inventories of a migration: `take` records what the schema holds at its start ("before") and its end ("after"); `audit` adds what it
       has changed, and what is not as it left it. */
    bool (*inventory_take)(struct session *session, int64_t id, const char *schema, const char *moment,
                           struct error *err);
    bool (*inventory_audit)(struct session *session, int64_t id, const char *schema, struct arena *arena,
                            struct audit *out, struct error *err);

    /* One session may run a migration. *self tells which one held the lock for the caller before: a server whose client is gone may not know
     * for minutes, so that one is ended; then it tells this one. Others are waited for, wait_ms at most; then ERROR_REFUSED naming them. */
    bool (*lock_migration)(struct session *session, int wait_ms, struct backend *self, struct error *err);
    /* The server process of the session that holds this lock; 0: nobody does. */
    bool (*runner)(struct session *session, int *pid, struct error *err);

    /* A short transaction: every lock request inside waits at most lock_timeout_ms, every statement runs at most
       statement_timeout_ms (0: no limit). */
    bool (*begin)(struct session *session, int lock_timeout_ms, int statement_timeout_ms, struct error *err);
    bool (*commit)(struct session *session, struct error *err);
    bool (*rollback)(struct session *session, struct error *err);
    /* One statement outside a transaction block, with no lock or statement timeout: a concurrent index build. */
    bool (*run_alone)(struct session *session, const char *sql, struct error *err);
    /* Inside a transaction, before its acts: makes maintenance that holds the relations (autovacuum) yield, waiting for it
       behind a lock that no application notices. */
    bool (*gate)(struct session *session, const struct step_lock *locks, size_t n, struct error *err);
    /* Sessions that hold or await locks on the relations (plan.h's lock list) which conflict, whose transaction is at least
       min_seconds old; other than this session. */
    bool (*blockers)(struct session *session, const struct step_lock *locks, size_t n, double min_seconds,
                     struct arena *arena, struct blocker **out, size_t *n_out, struct error *err);
    /* Sessions that this server process waits for right now, for any reason; none when it does not wait. */
    bool (*waits_for)(struct session *session, int pid, struct arena *arena, struct blocker **out,
                      size_t *n_out, struct error *err);

    /* Walks. `walk_load` gives the stored progress (zeroed when there is none yet). `walk_chunk` does the next chunk of about `rows`
       rows (0: only finds where the walk ends) in one transaction that also stores the progress: updates *progress; a comparing walk adds to *mismatches and puts at most
       5 readable keys into sample (a text of lines). fault_point: id for fault_at around the COMMIT. */
    bool (*walk_load)(struct session *session, int64_t id, const struct step *step, struct arena *arena,
                      struct walk_progress *progress, struct error *err);
    bool (*walk_chunk)(struct session *session, int64_t id, const struct step *step, long rows,
                       struct arena *arena, struct walk_progress *progress, long *rows_in_chunk,
                       double *mismatches, struct text *sample, struct error *err);

    /* Divides a walk by ctid into lanes, once: each is a walk with a progress of its own, under the step's id with "/lane-1" and
     * so on. n: how many there are; wanted: how many there shall be, of a large table. */
    bool (*walk_divide)(struct session *session, int64_t id, const struct step *step, int wanted, int *n,
                        struct error *err);
    /* Sessions that hold a snapshot of the database, other than this one. */
    bool (*readers)(struct session *session, struct arena *arena, struct blocker **out, size_t *n,
                    struct error *err);
    /* In a transaction with one snapshot: *changes is what the query says, *count what the check says, 0 where it was not asked. */
    bool (*catch_up)(struct session *session, const struct catch_up *what, double *changes, double *count,
                     struct error *err);
    /* The same in parts: SELECT of rows, came, next and differs, whose parameters are at and wanted, instead of what->query and what->check.
     * next lives in the arena. A row that fails is an error of that row. */
    bool (*catch_up_part)(struct session *session, const struct catch_up *what, const char *parts,
                          struct catch_up_part *part, struct arena *arena, struct error *err);
    /* Capture by logical decoding (postgres/capture.h). `capture_begin` begins to read, with sessions of its own; `capture_check`: whether
       it has not given up; `capture_settle` returns when the keys of all that was committed before are in the journal, ERROR_BUSY
       when that takes longer than wait_ms; `capture_end` ends the reading, and the slot stays; `capture_slots` lists the slots that
       are there. */
    bool (*capture_begin)(const struct session_settings *settings, const struct capture *capture,
                          struct capturer **out, struct error *err);
    bool (*capture_check)(struct capturer *capturer, struct error *err);
    bool (*capture_settle)(struct capturer *capturer, int wait_ms, struct error *err);
    void (*capture_end)(struct capturer *capturer);
    bool (*capture_slots)(struct session *session, struct arena *arena, struct kept_log **out, size_t *n,
                          struct error *err);
    /* Rows that walks have left (walk.leaves_stubborn). `walk_sweep` tries those of a step again, each in a transaction of its own;
       *again: they cannot be found (their table has no key), so the walk must begin anew, for which its progress is reset.
       `stubborn` lists those of a migration that are left. */
    bool (*walk_sweep)(struct session *session, int64_t id, const struct step *step, bool *again,
                       struct error *err);
    bool (*stubborn)(struct session *session, int64_t id, const char *step, struct arena *arena,
                     struct stubborn **out, size_t *n, struct error *err);

    /* Verification while both versions are live. `compare_next` cuts the next range of about `rows` rows off a table (a plan's, with its
       expression `agree`), from where *at stands; at->finished is set with the last one, and *any false when there is none.
       `compare_rows` compares a range in one snapshot; with `mend` it makes one side of the rows that differ from the other, and looks
       again. A row at which the comparison itself fails counts as a difference. At most `limit` differences are listed. */
    bool (*compare_next)(struct session *session, const struct plan_table *table, long rows,
                         struct arena *arena, struct walk_progress *at, struct compare_range *out, bool *any,
                         struct error *err);
    bool (*compare_rows)(struct session *session, const struct plan_table *table,
                         const struct compare_range *range, enum mend mend, size_t limit, struct arena *arena,
                         struct compare_result *out, struct error *err);
    /* Passes. `pass_begin` stores one of that kind; `pass_write` how it stands (whole: every row was looked at); `verification` what
       counts now. pass_begin and pass_write run in the caller's transaction when one is open. */
    bool (*pass_begin)(struct session *session, int64_t id, const char *kind, int64_t *pass,
                       struct error *err);
    bool (*pass_write)(struct session *session, int64_t id, int64_t pass,
                       const struct compare_result *figures, bool ended, bool whole, struct error *err);
    bool (*verification)(struct session *session, int64_t id, struct arena *arena, struct verification *out,
                         struct error *err);

    /* Watching the server while rows are moved, on a session of its own. `probe_prepare` takes a sample of keys from the walked table,
       and prepares both probes and the session for them: a lookup of the row of the n-th key, and a write of one row with its commit.
       `read_signals` reads everything at once; what cannot be read says why, and only a lost connection or a signal of the user is
       an error. query: the operator's, of one number or boolean, or NULL. */
    bool (*probe_prepare)(struct session *session, const struct walk *walk, struct arena *arena,
                          struct probes *out, struct error *err);
    bool (*probe_lookup)(struct session *session, const struct probes *probes, size_t n, struct error *err);
    bool (*probe_write)(struct session *session, struct error *err);
    bool (*read_signals)(struct session *session, const char *query, struct server_signals *out,
                         struct error *err);
    /* The sums of the statements that *out lists, from an earlier call; choose: of all that speak of the table now. What cannot be
       read says why, as with read_signals. */
    bool (*read_statements)(struct session *session, const char *table, bool choose, struct arena *arena,
                            struct statement_figures *out, struct error *err);
    bool (*throttle_store)(struct session *session, int64_t id, double duty, const char *reason,
                           const char *signals, struct error *err);
    bool (*throttle_load)(struct session *session, int64_t id, struct arena *arena,
                          struct throttle_state *out, struct error *err);
    bool (*throttle_end)(struct session *session, int64_t id, struct error *err);
    /* Runs a statement that frees the room of dead rows, on a session that nothing else uses, at a share of the time. Another thread may
       cancel it. */
    bool (*vacuum)(struct session *session, const char *sql, double duty, struct error *err);
    /* Whether any session waits for a lock that the server process holds. */
    bool (*is_waited_for)(struct session *session, int pid, bool *waited, struct error *err);

    /* Version use. `use_version` sets a role's search_path (ALTER ROLE … IN DATABASE). `version_url` prints a connection string
       without a password unless the URL given had one and with_password. `sample_users` looks once at who uses the views of the version
       and remembers it in the state; `version_users` lists those seen within the last `seconds`. */
    bool (*use_version)(struct session *session, const char *schema, const char *version, const char *role,
                        const char *database, struct error *err);
    bool (*version_url)(struct session *session, const char *url, const char *schema, const char *version,
                        struct text *out, struct error *err);
    bool (*sample_users)(struct session *session, int64_t id, const char *version, struct error *err);
    bool (*version_users)(struct session *session, int64_t id, const char *version, double seconds,
                          struct arena *arena, struct version_user **out, size_t *n, struct error *err);
    /* What a gateway needs; NULL: there is none for this engine. */
    const struct gateway_engine *gateway;
    /* What its shadow writes need; NULL: there are none for this engine. */
    const struct shadow_engine *shadow;
    /* Whether a statement means the same on two versions; NULL: it cannot be told. */
    const struct compare_engine *compare;
};

#endif
