/*
 * Listening sockets pass from a gateway to the one that is to come after it, over a unix socket: the same sockets, so that no connection in their
 * queues is lost (two sockets with SO_REUSEPORT would lose those in the old one's). Until the new one says that it serves, the old one goes on as ever.
 */
#ifndef SEGUE_GATEWAY_HANDOVER_H
#define SEGUE_GATEWAY_HANDOVER_H

#include "gateway/listen.h"

enum { HANDOVER_MAX = 64 }; /* sockets that are passed */

/* Asks whoever listens at `path` for its sockets. *peer: a descriptor on which to confirm; -1: nobody is there, and nothing was taken.
 * ERROR_RESOURCE: somebody is there, and does not pass them. */
bool handover_take(const char *path, struct listeners *out, int *peer, struct error *err) SEGUE_MUST_CHECK;
/* Says that they are served, and closes. False: the old one did not hear it, and goes on. */
bool handover_confirm(int peer) SEGUE_MUST_CHECK;

/* Listens at `path` for one that comes after, in place of whoever listened there. The descriptor does not block. */
bool handover_offer(const char *path, int *fd, struct error *err) SEGUE_MUST_CHECK;
/* Passes the sockets to one who has connected; false: it has no right to them, or is gone. */
bool handover_pass(int peer, const struct listeners *listeners) SEGUE_MUST_CHECK;
/* What has come from it: 1: it serves; 0: nothing yet; -1: it is gone. */
int handover_heard(int peer);

#endif
