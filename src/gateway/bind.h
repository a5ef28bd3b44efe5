/* The values of a Bind, so that a statement can be asked once more. */
#ifndef SEGUE_GATEWAY_BIND_H
#define SEGUE_GATEWAY_BIND_H

#include "base/arena.h"
#include "engine/compare.h"
#include "gateway/statements.h"

/* What was asked: the statement with the body of a Bind from its number of formats on (NULL: a simple query). Values are in the arena, the text is the
 * statement's. False: this is no such body. */
bool bind_read(const struct statement *statement, const char *bind, size_t n, struct arena *arena,
               struct asked *out);

#endif
