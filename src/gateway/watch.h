/*
 * Those who look at what sessions ask without being in its way: called by the worker whose session it is, in the order in which things happen. They keep what they need
 * and return at once. Nothing of it is called unless shared->watched is set before the workers start.
 */
#ifndef SEGUE_GATEWAY_WATCH_H
#define SEGUE_GATEWAY_WATCH_H

#include "gateway/request.h"

/* The session is about to execute a statement, or to go on with one; hold what is to last. */
void watch_asked(struct client *client, const struct request *request);
/* A batch has ended: what was asked since the one before is answered by one ReadyForQuery. */
void watch_end(struct client *client);
/* A part of CopyData, CopyDone or CopyFail of the client. */
void watch_data(struct client *client, const struct wire_piece *piece);
/*
 * A part of an answer, not yet told to the client; all but rows. CommandComplete ('C'), ErrorResponse ('E') and ReadyForQuery ('Z', with the status in its only
 * byte) are what matters. A Sync that the server ignored because it was copying in is answered by none: 'G' tells.
 */
void watch_answer(struct client *client, const struct wire_piece *piece);
/* The session ends. */
void watch_gone(struct client *client);

#endif
