/*
 * The gateway's own session: on a thread of its own it follows versions and shares, says once a second that the gateway is at work, and hears what others
 * want of it. While it is gone, sessions go on as they are, and it looks for the server.
 */
#ifndef SEGUE_GATEWAY_CONTROL_H
#define SEGUE_GATEWAY_CONTROL_H

#include "gateway/shared.h"

struct control;

/* Begins; the versions are known when it returns. `place`: where the gateway listens. */
bool control_start(struct shared *shared, const char *place, struct control **out,
                   struct error *err) SEGUE_MUST_CHECK;
/* Says that the gateway ends, and waits for the thread. NULL is allowed. */
void control_stop(struct control *control);

#endif
