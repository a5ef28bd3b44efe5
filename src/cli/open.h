/* Which engine serves a URL. */
#ifndef SEGUE_CLI_OPEN_H
#define SEGUE_CLI_OPEN_H

#include "engine/engine.h"

/* NULL: no URL, libpq's environment. Never NULL. */
const struct engine *engine_for_url(const char *url);

#endif
