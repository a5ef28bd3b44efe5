/* What the log tells of a client: that a session began, that it ended and why, or that there was none. */
#ifndef SEGUE_GATEWAY_STORY_H
#define SEGUE_GATEWAY_STORY_H

#include <stdbool.h>

enum { STORY_ADDRESS = 96 }; /* bytes of an address in words */

struct client;

void story_begin(struct client *client);
/* When its descriptors are still open. */
void story_end(const struct client *client);

/* Where it comes from: host:port, or "local". False: it cannot be told. */
bool story_address(const struct client *client, char *out);

#endif
