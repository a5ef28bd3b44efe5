/*
 * Sessions that begin something wait, for segue while it asks for a lock, and for an operator's PAUSE. Each has a deadline of its own, and ends its own alone; sessions
 * wait until the later one, which no one else's failure moves.
 */
#ifndef SEGUE_GATEWAY_HOLD_H
#define SEGUE_GATEWAY_HOLD_H

#include "gateway/shared.h"

/* From now until then, by clock_us; 0: it is over. Every worker learns of it. From any thread. */
void hold_until(struct shared *shared, enum hold_of who, int64_t until_us);

#endif
