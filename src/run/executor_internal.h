/* What the files of the executor share: one file a kind of step, and what each needs from the others. */
#ifndef SEGUE_RUN_EXECUTOR_INTERNAL_H
#define SEGUE_RUN_EXECUTOR_INTERNAL_H

#include "base/fault.h"
#include "run/executor.h"

/* One direction of a step: what to run and what to journal. */
struct step_run {
    const struct step *step;
    bool back;
    const char **acts;
    size_t n_acts;
};

/* executor_session.c */
bool executor_connect(struct executor *executor, int lock_wait_ms, struct error *err) SEGUE_MUST_CHECK;
/* After any failure: true when it was a lost connection and a new session stands with the journal read again. */
bool executor_survive(struct executor *executor, struct error *err) SEGUE_MUST_CHECK;
bool executor_load_journal(struct executor *executor, struct error *err) SEGUE_MUST_CHECK;
enum journal_status executor_journal(const struct executor *executor, const struct step *step);
/* Between two pieces of work: notices a signal, waits while paused, and once a second looks who uses the versions. */
bool executor_checkpoint(struct executor *executor, struct error *err) SEGUE_MUST_CHECK;
/* Sleeps; a signal ends it early and is noticed at the next checkpoint. */
void executor_sleep(double seconds);
/* Seconds between low and high, evenly spread. */
double executor_jitter(struct executor *executor, double low, double high);

/* step_hold.c: asks the gateways, if there are any, to hold back what begins, for at most the time of a lock request and a little more; and to let go, in a transaction at its
 * commit. */
bool step_hold(struct executor *executor, int timeout_ms, bool *held, struct error *err) SEGUE_MUST_CHECK;
bool step_release(struct executor *executor, struct error *err) SEGUE_MUST_CHECK;

/* step_transaction.c: acts and journal row in one short transaction, under the lock discipline. */
bool step_transaction(struct executor *executor, const struct step_run *run,
                      struct error *err) SEGUE_MUST_CHECK;
/* step_alone.c: acts outside a transaction block, then the journal row. */
bool step_alone(struct executor *executor, const struct step_run *run, struct error *err) SEGUE_MUST_CHECK;
bool step_clean(struct executor *executor, const struct step *step, struct error *err) SEGUE_MUST_CHECK;
bool step_probe(struct executor *executor, const struct step *step, bool *done,
                struct error *err) SEGUE_MUST_CHECK;
/* step_walk.c */
bool step_walk(struct executor *executor, const struct step *step, struct error *err) SEGUE_MUST_CHECK;
/* The step's undo_walk over the rows that its walk has reached. */
bool step_walk_back(struct executor *executor, const struct step *step, struct error *err) SEGUE_MUST_CHECK;
/* step_lanes.c: a walk into a new table, in lanes side by side. */
bool step_lanes(struct executor *executor, const struct step *step, struct error *err) SEGUE_MUST_CHECK;
/* step_side_by_side.c */
bool step_side_by_side(struct executor *executor, const struct step *step,
                       struct error *err) SEGUE_MUST_CHECK;
/* step_end.c: writes to the journal how the step came out, with the faults of that point. id: of the step that the journal knows. Where no
 * migration is under way (executor->id is 0) nothing is written. */
bool step_end(struct executor *executor, const char *point, const char *id, enum journal_status status,
              int64_t began_us, struct error *err) SEGUE_MUST_CHECK;
/* step_stubborn.c: ERROR_REFUSED when rows of the table are left at which its `up` fails. step: NULL, any of the migration. */
bool step_refuse_stubborn(struct executor *executor, const char *table, const char *step,
                          struct error *err) SEGUE_MUST_CHECK;
/* step_catch_up.c. One try: what changed is copied again. ERROR_REFUSED when rows are left at which the `up` of the step's table fails. */
bool step_catch_up_try(struct executor *executor, const struct step *step, const struct catch_up *what,
                       double *changes, double *count, struct error *err) SEGUE_MUST_CHECK;
bool step_catch_up(struct executor *executor, const struct step *step, struct error *err) SEGUE_MUST_CHECK;
/* One pass, whatever is left after it. */
bool step_catch_up_once(struct executor *executor, const struct step *step,
                        struct error *err) SEGUE_MUST_CHECK;
/* step_parts.c: as much of a step's catching up as is done in parts, because others are at work. */
enum parts_outcome {
    PARTS_LEFT,  /* not all of it; the rest is done in one piece */
    PARTS_DONE,  /* up to now, and all is compared where the step compares */
    PARTS_DIFFER /* the copy is not what the table is */
};
bool step_parts(struct executor *executor, const struct step *step, const struct catch_up *what,
                enum parts_outcome *outcome, struct error *err) SEGUE_MUST_CHECK;
/* step_settle.c: catches up until nobody has a snapshot any more that was taken before the step began. */
bool step_settle(struct executor *executor, const struct step *step, struct error *err) SEGUE_MUST_CHECK;
/* step_vacuum.c */
bool step_vacuum(struct executor *executor, const struct step *step, struct error *err) SEGUE_MUST_CHECK;
/* capturing.c: what changes is read from the log while the step wants it, and is not while it does not; NULL: none does. */
bool capturing_for(struct executor *executor, const struct step *step, struct error *err) SEGUE_MUST_CHECK;
/* Whether the reading, if there is one, has not been given up. */
bool capturing_check(const struct executor *executor, struct error *err) SEGUE_MUST_CHECK;
void capturing_end(struct executor *executor);
/* step_check.c */
bool step_check(struct executor *executor, const struct step *step, struct error *err) SEGUE_MUST_CHECK;

/* executor_fault.c. Before an act: kills, cuts the connection (the act then fails by itself), or reports the error. */
bool fault_before(struct executor *executor, const char *point, struct error *err) SEGUE_MUST_CHECK;
/* What an act's end must do in place of its last statement. Kill is not among them: see fault_after. */
enum fault_action fault_ending(struct executor *executor, const char *point);
bool fault_error(const char *point, enum fault_moment moment, struct error *err);
/* After the act is durable: kills. */
void fault_after(const char *point);

/* report.c: the observer, with its gaps filled. */
void report_message(const struct executor *executor, const char *format, ...) SEGUE_PRINTF(2, 3);
void report_phase(const struct executor *executor, enum plan_phase phase, bool back, bool begin,
                  double seconds);
void report_step(const struct executor *executor, const struct step *step, bool back, bool begin,
                 double seconds);
void report_walk(const struct executor *executor, const struct run_walk *walk);
void report_blocked(const struct executor *executor, const struct step *step, const struct blocker *blockers,
                    size_t n, double waited_seconds);
/* Blocking sessions in words, a line each, for an error's detail. */
void report_blockers(struct text *out, const struct blocker *blockers, size_t n);
/* The error of a step that waited for its locks as long as it may, with who was in the way. */
bool report_no_lock(const struct executor *executor, const struct step *step, const struct blocker *blockers,
                    size_t n, struct error *err);

#endif
