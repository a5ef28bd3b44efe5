/*
 * Named fault points, for the tests that crash segue at every step and look whether it recovers.
 * SEGUE_FAULT=point:before|after:kill|error|drop-connection, several separated by commas.
 * A point is a step id (expand/030/users/columns) or a chunk border (backfill/010/users/chunk-3).
 */
#ifndef SEGUE_BASE_FAULT_H
#define SEGUE_BASE_FAULT_H

#include <stdbool.h>

#include "base/error.h"

enum fault_moment { FAULT_BEFORE, FAULT_AFTER };
enum fault_action { FAULT_NONE, FAULT_ERROR, FAULT_DROP_CONNECTION, FAULT_KILL };

/* Checks the syntax of SEGUE_FAULT, so that a mistyped point is not a quiet success. */
bool fault_check(struct error *err) SEGUE_MUST_CHECK;
/* What SEGUE_FAULT asks for at this point. `kill` is carried out here (SIGKILL to the process itself). */
enum fault_action fault_at(const char *point, enum fault_moment moment);
/* The same question without carrying anything out: what must happen before an act's end (an error, a cut connection) is asked
 * here, and the kill after it is left to fault_at. */
enum fault_action fault_planned(const char *point, enum fault_moment moment);

#endif
