/* The ways of segue ramp: one share (cmd_ramp.c), climbing by itself (ramp_auto.c), and what there is (ramp_show.c). */
#ifndef SEGUE_CLI_RAMP_H
#define SEGUE_CLI_RAMP_H

#include <jansson.h>

#include "cli/command.h"

enum { RAMP_VERSION = 64 /* bytes of a version's name */ };

/* The version of that schema's name, or (NULL) the newest, as it is now; NULL in *out: it is not live beside the current one. In the arena. */
bool ramp_find(const struct invocation *call, struct session *session, struct arena *arena, const char *name,
               const struct gateway_version **out, struct error *err) SEGUE_MUST_CHECK;
/* Sets a share, waits until all gateways follow, and prints where sessions are. The version's name in *version. */
bool ramp_to(const struct invocation *call, struct session *session, double share, char *version,
             struct error *err) SEGUE_MUST_CHECK;
/* Prints where the sessions of a gateway are, a line a number. */
void ramp_print_gateway(const struct gateway_life *life);

json_t *ramp_gateways(const struct gateway_life *lives, size_t n);

/*
 * Goes through the shares, or from 1 to 100, as long as the version does well: each is kept for so long, and until enough was answered that is well within the
 * breaker's limits. ERROR_REFUSED with the reason where a breaker has taken all sessions away; ERROR_INTERRUPTED: the share stays.
 */
bool ramp_auto(const struct invocation *call, struct session *session, const double *shares, size_t n,
               double seconds, struct error *err) SEGUE_MUST_CHECK;

/* Prints the shares of all versions and how their breakers stand. */
bool ramp_show(const struct invocation *call, struct session *session, struct error *err) SEGUE_MUST_CHECK;

#endif
