#ifndef SEGUE_REHEARSE_REPORT_INTERNAL_H
#define SEGUE_REHEARSE_REPORT_INTERNAL_H

#include "rehearse/rehearse_internal.h"

/* report_observed.c: what was seen on the busy way. False: something must not be. */
bool report_locks(struct rehearsal *rehearsal, struct section *body);
void report_statements(struct rehearsal *rehearsal, struct section *body);
void report_plans(struct rehearsal *rehearsal, struct section *body);
bool report_sequences(struct rehearsal *rehearsal, struct section *body);

/* report_replayed.c: recorded statements that were run. False: one failed or became slow. */
bool report_replayed(struct rehearsal *rehearsal, struct section *body);

#endif
