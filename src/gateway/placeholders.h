/*
 * Settings with a dot in their names that no module has defined. No server lists them, but it tells the value to whoever knows the name; so names are read from the
 * statements that set them. What is not plainly a name is not guessed at.
 */
#ifndef SEGUE_GATEWAY_PLACEHOLDERS_H
#define SEGUE_GATEWAY_PLACEHOLDERS_H

#include <stdbool.h>

#include "base/must.h"
#include "base/text.h"

enum { PLACEHOLDERS_MAX = 4096 }; /* bytes of names that are kept of a session */

/* Of `SET a.b = …` or `SET a.b TO …`, from the name on to the end of what was read: adds the name to those that are there, with a comma between them. False: it is not
 * plainly that, or there is no room. */
bool placeholders_of_set(struct text *names, const char *at, const char *end) SEGUE_MUST_CHECK;
/* Of `set_config(…)`, from behind that word on: likewise, where the name has a dot. True without adding one: it cannot last beyond its transaction. */
bool placeholders_of_call(struct text *names, const char *at, const char *end) SEGUE_MUST_CHECK;

#endif
