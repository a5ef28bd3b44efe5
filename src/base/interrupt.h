/*
 * Ctrl-C and SIGTERM as a flag. A running statement is cancelled on the server (by the session that waits for it), loops ask
 * interrupted() between two pieces of work, and the command ends cleanly and resumable. The third signal ends the process at
 * once, which every state of segue's survives.
 */
#ifndef SEGUE_BASE_INTERRUPT_H
#define SEGUE_BASE_INTERRUPT_H

#include <stdbool.h>

#include "base/error.h"

/* Installs the handlers for SIGINT and SIGTERM. System calls are not restarted, so a sleep ends early. */
void interrupt_install(void);
/* Whether a signal came since the start or the last reset. */
bool interrupted(void);
/* Signals since the start, never reset: who remembers the count acts once on each signal. */
int interrupt_count(void);
/* Forgets the signals that came, so that work after them (the clean-up) counts as not interrupted. */
void interrupt_reset(void);

/* Sleeps; ERROR_INTERRUPTED when a signal comes. */
bool interrupt_sleep(double seconds, struct error *err) SEGUE_MUST_CHECK;

#endif
