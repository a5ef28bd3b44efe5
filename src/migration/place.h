/* Where a byte of a text stands, as line and column. */
#ifndef SEGUE_MIGRATION_PLACE_H
#define SEGUE_MIGRATION_PLACE_H

#include <stddef.h>

#include "base/error.h"
#include "migration/change.h"

/* Line and column (in characters of UTF-8) of the byte at offset; an offset behind the end means the end. */
struct place place_at(const char *content, size_t offset);

/* The same, counted on from a place that is known: that of the byte at `from`. */
struct place place_after(const char *content, struct place place, size_t from, size_t offset);

/* Sets where to path:line:column. Returns false, as the other error_ functions do. */
bool place_error(struct error *err, const char *path, struct place place);

#endif
