/* Which engine serves a URL. */
#ifndef SEGUE_CLI_OPEN_H
#define SEGUE_CLI_OPEN_H

#include "engine/engine.h"

/* The engine for the URL (NULL: libpq's environment). When SEGUE_TRACE names a file, every session that the engine opens appends
 * its statements to it. ERROR_USAGE when the file cannot be written. */
bool engine_for_url(const char *url, const struct engine **out, struct error *err) SEGUE_MUST_CHECK;

#endif
