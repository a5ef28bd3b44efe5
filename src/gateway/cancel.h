/* Cancel requests, passed on to the backend that is meant. */
#ifndef SEGUE_GATEWAY_CANCEL_H
#define SEGUE_GATEWAY_CANCEL_H

#include "gateway/client.h"
#include "wire/startup.h"

/* Sends the request to the server, and lets the client go when the server has taken it. Whether there is such a key is not told to whoever asks, as
 * the server does not tell. */
void cancel_send(struct client *client, const struct wire_startup *request);
/* Cancels what the server does for a session that has been ended, and waits until the server has taken it, 2 seconds at most; what fails is not told. From a thread that is
 * no worker's. In the clear also where sessions are encrypted, as libpq before 17 does it: the key is no longer of use to anybody. */
void cancel_ended(const struct shared *shared, const struct key *key);

#endif
