/*
 * A trial of each kind of statement before a crew begins, in a transaction that is rolled back. Where the server refuses
 * rows for a reason that the generator cannot know (a check, a trigger that raises), the kind is switched off for the table
 * with a note; any other refusal is counted as the error that it is.
 */
#ifndef SEGUE_DRIVE_TRIAL_H
#define SEGUE_DRIVE_TRIAL_H

#include "drive/drive_internal.h"

/* The target's statements are prepared on the session. Marks columns that the application's own triggers rewrite. */
bool trial_run(struct crew *crew, struct session *session, struct maker *maker, struct target *target,
               struct error *err) SEGUE_MUST_CHECK;
/* Which of the first stable rows take an UPDATE: a row that breaks a constraint added as NOT VALID takes none. */
bool trial_hot(struct session *session, struct target *target, struct error *err) SEGUE_MUST_CHECK;
/* Adds rows for good. */
bool trial_seed(struct session *session, struct maker *maker, struct target *target, size_t rows,
                struct error *err) SEGUE_MUST_CHECK;

#endif
