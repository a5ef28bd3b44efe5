/*
 * The console: whoever may open its socket asks the gateway, and tells it, in PostgreSQL's protocol: psql -h DIR -p PORT. It has a thread of its own; workers answer it
 * between two events of theirs. Who is taken: processes of the gateway's user, and root's.
 */
#ifndef SEGUE_GATEWAY_CONSOLE_H
#define SEGUE_GATEWAY_CONSOLE_H

#include "gateway/listen.h"
#include "gateway/shared.h"

struct console;

/* Listens at DIR:PORT. `listeners`: the gateway's own, which it tells of. `instead`: a gateway that hands over to this one may listen there still, and no longer
 * does afterwards. ERROR_USAGE: it is no such place; ERROR_RESOURCE: it cannot be had. */
bool console_start(struct shared *shared, const char *spec, const struct listeners *listeners, bool instead,
                   struct console **out, struct error *err) SEGUE_MUST_CHECK;
/* Takes nobody any more; those that are connected stay. */
void console_leave(struct console *console);
/* NULL is allowed. */
void console_stop(struct console *console);

#endif
