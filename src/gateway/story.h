/* What the log tells of a client: that a session began, that it ended and why, or that there was none. */
#ifndef SEGUE_GATEWAY_STORY_H
#define SEGUE_GATEWAY_STORY_H

struct client;

void story_begin(struct client *client);
/* When its descriptors are still open. */
void story_end(const struct client *client);

#endif
