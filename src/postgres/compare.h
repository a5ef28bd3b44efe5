/* What is asked of PostgreSQL to compare versions. See engine/compare.h. */
#ifndef SEGUE_POSTGRES_COMPARE_H
#define SEGUE_POSTGRES_COMPARE_H

#include "engine/compare.h"

extern const struct compare_engine pg_compare;

/* normal.c */
void pg_normalise(const char *text, struct arena *arena, struct normal *out);

#endif
