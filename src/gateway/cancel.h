/* Cancel requests, passed on to the backend that is meant. */
#ifndef SEGUE_GATEWAY_CANCEL_H
#define SEGUE_GATEWAY_CANCEL_H

#include "gateway/worker.h"
#include "wire/startup.h"

/* Sends the request on a connection of its own, and waits for nothing. Whether there is such a key is not told to whoever asks, as the server
 * does not tell. */
void cancel_send(struct worker *worker, const struct wire_startup *request);

#endif
