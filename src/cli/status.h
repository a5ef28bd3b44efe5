/* How a migration stands, for a person and for a program. */
#ifndef SEGUE_CLI_STATUS_H
#define SEGUE_CLI_STATUS_H

#include <jansson.h>

#include "run/run.h"

void status_text(const struct run_status *status, struct arena *arena, bool color, int width,
                 struct text *out);
json_t *status_json(const struct run_status *status);
/* What can be done next, in one line; static or in the arena of the status. */
const char *status_next(const struct run_status *status);

/* Only the rows that the backfill has left: with the server's messages, which may hold values. */
void status_stubborn_text(const struct run_status *status, struct text *out);
json_t *status_stubborn_json(const struct run_status *status);

#endif
