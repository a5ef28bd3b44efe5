/* What two versions call their tables and columns, as their views show it. See engine/compare.h. */
#ifndef SEGUE_POSTGRES_NAMES_H
#define SEGUE_POSTGRES_NAMES_H

#include "engine/compare.h"

bool pg_read_names(const struct compared_versions *versions, struct arena *arena, struct name_map *out,
                   struct error *err) SEGUE_MUST_CHECK;

#endif
