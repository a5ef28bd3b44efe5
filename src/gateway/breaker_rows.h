/* Breakers and the rows of segue.ramps: what one gateway's breaker did, all others follow. On the control session's thread. */
#ifndef SEGUE_GATEWAY_BREAKER_ROWS_H
#define SEGUE_GATEWAY_BREAKER_ROWS_H

#include "gateway/shared.h"

/* Writes what breakers did since the last time. */
bool breaker_rows_write(struct shared *shared, struct session *session, struct error *err) SEGUE_MUST_CHECK;
/* Follows what was seen, and has versions tried again whose pause is over. */
bool breaker_rows_follow(struct shared *shared, struct session *session, const struct gateway_view *view,
                         struct error *err) SEGUE_MUST_CHECK;

#endif
