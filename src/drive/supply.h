/*
 * Values of an expression that the server evaluates, fetched some hundred at a time and each given out once, so that an
 * expression with random() in it may feed a unique column. Shared by the workers of a version.
 */
#ifndef SEGUE_DRIVE_SUPPLY_H
#define SEGUE_DRIVE_SUPPLY_H

#include "base/arena.h"
#include "base/error.h"
#include "engine/session.h"

struct supply;

/* type: what each value is cast to. The supply lives in the arena; nothing is asked of the server yet. */
struct supply *supply_new(struct arena *arena, const char *type, const char *expression);
/* The next value, to be freed; *out is NULL for SQL NULL. Fetches more through this session when none is left. */
bool supply_take(struct supply *supply, struct session *session, char **out,
                 struct error *err) SEGUE_MUST_CHECK;
/* Frees the values that nobody took. */
void supply_free(struct supply *supply);

#endif
