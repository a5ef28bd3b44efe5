/*
 * The throttle at work: a thread with a session of its own that probes the server and reads its signals while rows are moved, and
 * from that decides (move/throttle.h) how long whoever moves them rests between two chunks. What it sees is stored for segue
 * status about once a second.
 *
 * Before a table is walked, what statements take without the walk is measured for four seconds. Few rows are not worth that: below
 * 10,000, walks keep a fixed share of time (7 %, or the pace), and heed only the operator's query and window.
 *
 * Losing its session, or anything else that keeps the thread from seeing, never fails the migration: it goes slowly, and says why.
 */
#ifndef SEGUE_RUN_THROTTLING_H
#define SEGUE_RUN_THROTTLING_H

#include <stdbool.h>

#include "base/text.h"
#include "run/executor.h"

struct throttling;

/* Walks over fewer rows are not worth a baseline; they take a fixed share of the time. */
#define THROTTLED_ROWS 10000.0
#define FIXED_PACE_PERCENT 7.0

/* Looks whether the operator's query can be asked: ERROR_REFUSED. */
bool throttling_check(struct executor *executor, struct error *err) SEGUE_MUST_CHECK;
/* A walk begins, or has come to more rows than was thought: watches the server for it where that is worth while, and returns when the
 * baseline is measured. Pauses and signals of the user are heard meanwhile. */
bool throttling_watch(struct executor *executor, const struct walk *walk, double rows,
                      struct error *err) SEGUE_MUST_CHECK;
/* Ends the thread. Nothing when there is none. */
void throttling_end(struct executor *executor);

/* Work rested for long for a reason that the thread does not see, a pause: what statements take is measured anew. */
void throttling_measure_anew(struct executor *executor);

/* The share of the time that work takes where nothing watches: the pace, or 7 %. */
double throttling_fixed_duty(const struct run_settings *settings);
/* The share of the time that work may take now, 0 while it must rest. From any thread. */
double throttling_duty(const struct executor *executor);
/* Nobody else is at work on the server, as far as can be seen: nobody waits for a chunk. From any thread. */
bool throttling_quiet(const struct executor *executor);
/* Statements are guarded and others are at work: whatever can be done in small pieces is. From any thread. */
bool throttling_guards(const struct executor *executor);
/* What a chunk may take, in seconds; locks: it keeps the rows that it touches from others until its end. From any thread. */
double throttling_chunk_seconds(const struct executor *executor, bool locks);
/* How many sessions may do at once what cannot be paced, such as building indexes: one where throttling_guards(). */
int throttling_jobs(const struct executor *executor);
/* Seconds still to rest after work of `worked` seconds and a rest of `rested`; infinite while work must rest altogether, so ask
 * again now and then. From any thread. */
double throttling_left(const struct executor *executor, double worked, double rested);
/* Around each piece of work, so that it is known which probes met some. From any thread. */
void throttling_work_begins(const struct executor *executor);
void throttling_work_ends(const struct executor *executor);
/* The work that is under way is one long piece; it is not asked to rest for a moment. */
void throttling_steady(const struct executor *executor, bool steady);
/* Why the duty is low, in words; false: it is not, or nothing watches. From any thread. */
bool throttling_reason(const struct executor *executor, struct text *out);
/* Tells the observer what has to be said: from the run's own thread. */
void throttling_tell(struct executor *executor);
/* Returns when the step may begin that cannot be paced: within the window, and while the operator's query lets it. Pauses and
 * signals of the user are heard meanwhile. */
bool throttling_hold(struct executor *executor, const struct step *step, struct error *err) SEGUE_MUST_CHECK;

#endif
