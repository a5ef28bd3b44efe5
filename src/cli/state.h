/* What the commands that look at segue's state share. */
#ifndef SEGUE_CLI_STATE_H
#define SEGUE_CLI_STATE_H

#include <jansson.h>

#include "cli/command.h"

/* ERROR_REFUSED with the way out when segue init never ran in this database. */
bool state_required(const struct invocation *call, struct session *session,
                    struct error *err) SEGUE_MUST_CHECK;
/* Everything but the plan. */
json_t *state_json(const struct state_migration *migration);
/* "2026-11-21 08:15:02 UTC" of an ISO 8601 time in UTC; "" for NULL. In the arena. */
const char *state_time(struct arena *arena, const char *iso);

#endif
