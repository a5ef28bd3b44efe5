/* The parts of a rehearsal, and what they hand to one another. */
#ifndef SEGUE_REHEARSE_REHEARSE_INTERNAL_H
#define SEGUE_REHEARSE_REHEARSE_INTERNAL_H

#include "base/text.h"
#include "drive/drive.h"
#include "rehearse/observing.h"
#include "rehearse/rehearse.h"
#include "rehearse/replay.h"
#include "runbook/forecast.h"
#include "server/server.h"

/* Tables of fewer rows are copied whole. Walks are watched from 10,000 rows on (run/throttling.h), and of fewer than twice as many one
 * hardly sees how fast they go. */
#define REHEARSE_WHOLE 25000.0

/* A step as it went. */
struct timed_step {
    const char *id, *title;
    enum plan_phase phase;
    bool back;
    double seconds;
    double rows,
        rows_per_s; /* of a walk: how many, and how fast they went but for the first fifth; 0: not seen */
    double
        row_seconds; /* of a walk in lanes: what its rows took and nothing else (run/observer.h); 0: not told */
};

/* What a verb took on a database. */
struct timed_verb {
    bool done;
    double seconds;
    struct timed_step *steps;
    size_t n_steps;
};

/* A migration's way on a database: forth, back, forth again, and to its end. */
struct way {
    const char *database;
    const struct engine *engine; /* whose sessions are observed; NULL: nobody looks */
    bool
        unguarded; /* rows are moved at half the speed, whatever that does to others: not how long, but what happens is looked at */
    struct timed_verb start, rollback, again, complete;
};

/* A sequence before and after the quiet way. */
struct sequence_step {
    struct observed_sequence before, after;
};

enum plan_moment { MOMENT_BEFORE, MOMENT_LIVE, MOMENT_AFTER, MOMENT_COUNT };

/* A statement of the target's application, and how it would be executed: as it always was, as one of the old version while both are live,
 * and as one of the new version afterwards. */
struct planned_statement {
    struct recorded_statement recorded;
    struct plan_shape shapes[MOMENT_COUNT];
};

/* A step's time on the target. */
struct step_forecast {
    const struct step *step;
    bool back;
    double empty, sample; /* seconds, as measured */
    double rows_per_s;    /* of a walk, once it is under way; 0: not seen */
    double factor;        /* how much more work there is than in the copy */
    struct range seconds;
    const char *rests_on; /* in words: what it was made from, and what makes it unsure */
};

struct rehearsal {
    const struct rehearse_settings *settings;
    struct arena *arena;
    struct sampling *sample;
    struct catalog *catalog; /* the target's */
    struct server *server;   /* the throwaway one; or NULL */
    struct place_on *on;     /* a server that is there; or NULL */
    const char *folder;      /* for files */
    const char *twin;        /* the database in which psql runs the file */
    struct plan *plan;
    const char *copy; /* the database that has the rows, as they came */
    struct way empty, quiet, busy;
    struct text differences; /* of the schema from what psql makes of the file */
    size_t n_differences;
    struct drive_report *traffic; /* of both busy ways; or NULL */
    size_t n_traffic;
    struct seen_lock *locks; /* on the busy way */
    size_t n_locks;
    struct seen_statement *statements;
    size_t n_statements;
    double deadlocks;
    struct sequence_step *sequences;
    size_t n_sequences;
    struct recorded_statements recorded;
    struct planned_statement *planned;
    size_t n_planned;
    struct replayed *replayed; /* on the busy way */
    size_t n_replayed;
    double replay_rate; /* runs a second; 0: none were to be */
    struct step_forecast *forecasts;
    size_t n_forecasts;
    struct range start, rollback, complete;              /* seconds on the target */
    const char *why_start, *why_rollback, *why_complete; /* on what these rest, in words */
    const char **remarks;
    size_t n_remarks;
};

void rehearse_say(const struct rehearsal *rehearsal, const char *format, ...) SEGUE_PRINTF(2, 3);
/* Something that the reader of the report must know. */
void rehearse_remark(struct rehearsal *rehearsal, const char *format, ...) SEGUE_PRINTF(2, 3);

/* place.c: where the copy is, and its databases: made, named, dropped. place_on.c: a server that is there already. */
bool place_open(struct rehearsal *rehearsal, struct error *err) SEGUE_MUST_CHECK;
void place_close(struct rehearsal *rehearsal);
/* A connection string of one of its databases; it may hold a password. */
const char *place_url(const struct rehearsal *rehearsal, const char *database);
/* The same for people. */
const char *place_shown(const struct rehearsal *rehearsal, const char *database);
/* What to run for a client program: the one beside the server's programs, else its name. */
const char *place_client(const struct rehearsal *rehearsal, const char *program);
/* libpq's variables for a client program, which lead to one of the databases. */
bool place_variables(const struct rehearsal *rehearsal, const char *database, const char *const **out,
                     struct error *err) SEGUE_MUST_CHECK;
/* An empty database (template NULL), or a copy of another. */
bool place_create(struct rehearsal *rehearsal, const char *database, const char *template,
                  struct error *err) SEGUE_MUST_CHECK;
bool place_drop(const struct rehearsal *rehearsal, const char *database, struct error *err) SEGUE_MUST_CHECK;
/* Statements on one of its databases, each on its own. */
bool place_run(const struct rehearsal *rehearsal, const char *database, const char *const *statements,
               size_t n, struct error *err) SEGUE_MUST_CHECK;
/* psql runs a file. */
bool place_psql(const struct rehearsal *rehearsal, const char *database, const char *file,
                struct error *err) SEGUE_MUST_CHECK;

/* place_on.c */
bool place_on_open(struct rehearsal *rehearsal, struct error *err) SEGUE_MUST_CHECK;
void place_on_close(struct rehearsal *rehearsal);
/* What the names of its databases begin with. */
const char *place_on_prefix(const struct rehearsal *rehearsal);
/* The statement that marks a database as this rehearsal's. */
const char *place_on_mark(const struct rehearsal *rehearsal, const char *database);
/* Its own database, through which others are made. */
const char *place_on_database(const struct rehearsal *rehearsal);
/* Options of pg_dump for a place where the role may not do everything; ended by NULL. */
const char *const *place_on_dump_options(const struct rehearsal *rehearsal);
/* Whether the role there may do everything. */
bool place_on_superuser(const struct rehearsal *rehearsal);
/* For the report. */
const char *place_on_described(const struct rehearsal *rehearsal);

/* fill_dump.c: the same from a dump, which is the target then. */
bool fill_from_dump(struct rehearsal *rehearsal, struct error *err) SEGUE_MUST_CHECK;
/* Makes room for the copy in its database, or in the empty way's, and has the file run there. */
bool fill_restore(struct rehearsal *rehearsal, const char *database, const char *file,
                  struct error *err) SEGUE_MUST_CHECK;
/* pg_dump of 17 and later sets in the head of what it writes, to the default, what older servers do not know: a comment from now on. */
bool fill_make_older(const char *file, struct error *err) SEGUE_MUST_CHECK;
/* As a server looks that has had its rows for a while: counted, looked through, and on the disk. */
bool fill_settle(struct rehearsal *rehearsal, struct error *err) SEGUE_MUST_CHECK;
/* The wish for rows, with a salt of its own. */
struct sample_wish fill_wish(struct rehearsal *rehearsal);
/* fill.c: the empty way's database and the copy get the schema, and the latter rows; the migration is planned. The source is let go. */
bool fill(struct rehearsal *rehearsal, struct error *err) SEGUE_MUST_CHECK;

/* Text that nobody can guess, for hashes. */
void rehearse_salt(char *out, size_t size);

/* way.c: a migration's way, timed. First it is planned, on a database of the same schema, and segue comes home on this one. */
bool way_plan(struct rehearsal *rehearsal, const struct way *way, struct error *err) SEGUE_MUST_CHECK;
bool way_init(struct rehearsal *rehearsal, const struct way *way, struct error *err) SEGUE_MUST_CHECK;
bool way_start(struct rehearsal *rehearsal, struct way *way, struct timed_verb *out,
               struct error *err) SEGUE_MUST_CHECK;
bool way_rollback(struct rehearsal *rehearsal, struct way *way, struct error *err) SEGUE_MUST_CHECK;
bool way_complete(struct rehearsal *rehearsal, struct way *way, struct error *err) SEGUE_MUST_CHECK;
/* All of it, one after the other. */
bool way_whole(struct rehearsal *rehearsal, struct way *way, struct error *err) SEGUE_MUST_CHECK;

/* traffic.c: the same while both versions of an application are at work, observed. */
bool traffic_way(struct rehearsal *rehearsal, struct error *err) SEGUE_MUST_CHECK;

/* The same under traffic of recorded statements; traffic_recorded.c. */
bool traffic_recorded(struct rehearsal *rehearsal, struct error *err) SEGUE_MUST_CHECK;

/* plans.c: recorded statements of the target, and how they would be executed on the quiet way. */
bool plans_read(struct rehearsal *rehearsal, struct session *target, struct error *err) SEGUE_MUST_CHECK;
bool plans_look(struct rehearsal *rehearsal, enum plan_moment moment, struct error *err) SEGUE_MUST_CHECK;

/* sequences.c: where sequences stand, and what the quiet way did to them. */
bool sequences_before(struct rehearsal *rehearsal, struct error *err) SEGUE_MUST_CHECK;
bool sequences_after(struct rehearsal *rehearsal, struct error *err) SEGUE_MUST_CHECK;

/* estimate.c: what the target will take. Arithmetic only. */
void estimate(struct rehearsal *rehearsal);

/* report.c */
struct document *rehearsal_report(struct rehearsal *rehearsal, bool *clean);

#endif
