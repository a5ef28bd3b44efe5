/*
 * Sessions on libpq. Passwords and connection strings never reach a message. Waiting for an answer watches the interrupt
 * flag: on a signal the statement is cancelled on the server and comes back as ERROR_INTERRUPTED.
 */
#ifndef SEGUE_POSTGRES_SESSION_H
#define SEGUE_POSTGRES_SESSION_H

#include "engine/engine.h"
#include "engine/session.h"

/* Connects. A server older than 14 is ERROR_REFUSED; one that cannot be reached, or not yet or no longer takes connections,
 * is ERROR_LOST; one that is full ERROR_RESOURCE; one that refuses this user ERROR_DATABASE. The caller closes *out. */
bool pg_open(const struct session_settings *settings, struct session **out,
             struct error *err) SEGUE_MUST_CHECK;

#endif
