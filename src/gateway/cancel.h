/* Cancel requests, passed on to the backend that is meant. */
#ifndef SEGUE_GATEWAY_CANCEL_H
#define SEGUE_GATEWAY_CANCEL_H

#include "gateway/client.h"
#include "wire/startup.h"

/* Sends the request to the server, and lets the client go when the server has taken it. Whether there is such a key is not told to whoever asks, as
 * the server does not tell. */
void cancel_send(struct client *client, const struct wire_startup *request);

#endif
